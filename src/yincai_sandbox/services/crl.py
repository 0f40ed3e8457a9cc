"""Certificate revocation lists (RFC 5280) at the addresses that the certificates name."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yincai_sandbox.service import Sandbox, Service


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `/ca/crl/root.crl` and `/ca/crl/issuing.crl`."""

    async def revocation_list(request: Request) -> Response:
        try:
            der = await run_in_threadpool(sandbox.authority.revocation_list, request.path_params["name"])
        except KeyError as error:
            raise HTTPException(404) from error
        return Response(der, media_type="application/pkix-crl")

    return [Route("/ca/crl/{name}.crl", revocation_list)]


SERVICE = Service(name="crl", title="证书吊销列表", routes=routes)
