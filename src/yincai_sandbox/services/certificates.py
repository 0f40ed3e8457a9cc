"""The authority's own certificates for download, and its book for people."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.serialization import Encoding
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yincai_sandbox.authority import profiles
from yincai_sandbox.service import Endpoint, Sandbox, Service


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `/ca/root.pem`, `/ca/issuing.pem`, the same as `.cer` (DER), and the page `/ca/`."""

    async def book(request: Request) -> Response:
        return sandbox.pages.show("book.html", certificates=await run_in_threadpool(sandbox.authority.book))

    found = [Route("/ca/", book)]
    for name in (profiles.ROOT.name, profiles.ISSUING.name):
        found.append(Route(f"/ca/{name}.pem", _file(sandbox, name, Encoding.PEM, "application/x-pem-file")))
        found.append(Route(f"/ca/{name}.cer", _file(sandbox, name, Encoding.DER, "application/pkix-cert")))
    return found


def _file(sandbox: Sandbox, name: str, encoding: Encoding, media_type: str) -> Endpoint:
    content = sandbox.authority.pairs[name].certificate.public_bytes(encoding)

    async def answer(request: Request) -> Response:
        return Response(content, media_type=media_type)

    return answer


SERVICE = Service(name="certificates", title="证书下载", routes=routes)
