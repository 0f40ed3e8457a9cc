"""The time-stamping authority (RFC 3161 over HTTP, section 3.4)."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yincai_sandbox.authority import profiles
from yincai_sandbox.authority.timestamping import TimestampAuthority
from yincai_sandbox.service import Sandbox, Service, body_of, problem

QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `POST /ca/timestamp`."""
    pairs = sandbox.authority.pairs
    stamper = TimestampAuthority(
        pairs[profiles.TIMESTAMP.name], chain=[pairs[profiles.ISSUING.name].certificate]
    )

    async def stamp(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != QUERY:
            return problem(415, f"the content type must be {QUERY}")
        query = await body_of(request, limit=65_536)
        return Response(await run_in_threadpool(stamper.reply, query), media_type=REPLY)

    return [Route("/ca/timestamp", stamp, methods=["POST"])]


SERVICE = Service(name="timestamp", title="时间戳", routes=routes)
