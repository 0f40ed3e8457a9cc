"""The one shape that every service of the sandbox has, and what all of them share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from yincai_sandbox.authority.issuing import Authority
from yincai_sandbox.keys import SigningKeys
from yincai_sandbox.pages import Pages
from yincai_sandbox.residents import Resident
from yincai_sandbox.store import Store

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """What a service may use: the store, the authority, the pages, the residents, the keys."""

    store: Store
    authority: Authority
    pages: Pages
    residents: Mapping[str, Resident]
    keys: SigningKeys


@dataclass(frozen=True, kw_only=True)
class Service:
    """One outside authority: its name in `/faults`, its tables, its routes.

    `breakable` is false for pages that are not an authority's answer (the phone, the switches).
    """

    name: str
    title: str
    routes: Callable[[Sandbox], Sequence[Route]]
    tables: str = ""
    breakable: bool = True


async def body_of(request: Request, *, limit: int) -> bytes:
    """Reads the body; more than `limit` bytes is answered with 413 without reading on."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > limit:
            raise HTTPException(413, f"the body is longer than {limit} bytes")
    return bytes(content)


def problem(status: int, sentence: str, **more: Any) -> JSONResponse:
    """Answers with an error that a program reads and a person understands."""
    return JSONResponse({"error": sentence, **more}, status_code=status)
