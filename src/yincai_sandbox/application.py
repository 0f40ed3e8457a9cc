"""The sandbox as one ASGI application."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yincai_sandbox.authority.issuing import Authority
from yincai_sandbox.faults import Faults, breakable
from yincai_sandbox.keys import SigningKeys
from yincai_sandbox.pages import Pages
from yincai_sandbox.residents import load_residents
from yincai_sandbox.service import Endpoint, Sandbox, Service
from yincai_sandbox.services import (
    authenticator,
    certificates,
    crl,
    face,
    face_phone,
    ocsp,
    oidc,
    oidc_pages,
    people_certificates,
    phone,
    receiver,
    registry,
    sms,
    switches,
    timestamp,
)
from yincai_sandbox.store import Store

SERVICES: tuple[Service, ...] = (
    sms.SERVICE,
    authenticator.SERVICE,
    timestamp.SERVICE,
    ocsp.SERVICE,
    crl.SERVICE,
    certificates.SERVICE,
    phone.SERVICE,
    registry.SERVICE,
    face.SERVICE,
    face_phone.SERVICE,
    people_certificates.SERVICE,
    oidc.SERVICE,
    oidc_pages.SERVICE,
    receiver.SERVICE,
    receiver.PAGES,
)
STATIC = Path(__file__).parent / "static"
HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


def make_application(folder: Path, *, base_url: str | None) -> Starlette:
    """Builds the sandbox on its folder; makes the store and the demo authority on first use."""
    store = Store(folder)
    for service in SERVICES:
        store.create(service.tables)
    sandbox = Sandbox(
        store=store,
        authority=Authority(store, base_url=base_url),
        pages=Pages(),
        residents=load_residents(),
        keys=SigningKeys(store),
    )
    faults = Faults(store)
    routes: list[Route | Mount] = [
        Route("/", _front_page(sandbox)),
        Route("/healthz", _alive),
        Mount("/static", StaticFiles(directory=STATIC)),
        *switches.routes_for(SERVICES, faults, sandbox),
    ]
    for service in SERVICES:
        routes.extend(_routes(service, sandbox, faults))
    return Starlette(
        routes=routes,
        middleware=[Middleware(SafeHeaders), Middleware(OwnFormsOnly)],
        exception_handlers={HTTPException: _told},
    )


def _routes(service: Service, sandbox: Sandbox, faults: Faults) -> list[Route]:
    found = list(service.routes(sandbox))
    if not service.breakable:
        return found
    return [
        Route(route.path, breakable(route.endpoint, service, faults), methods=list(route.methods or ["GET"]))
        for route in found
    ]


def _front_page(sandbox: Sandbox) -> Endpoint:
    async def answer(request: Request) -> Response:
        return sandbox.pages.show("front.html", base_url=sandbox.authority.base_url)

    return answer


async def _alive(request: Request) -> Response:
    return JSONResponse({"alive": True})


async def _told(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else ""
    return JSONResponse({"error": detail}, status_code=status)


class SafeHeaders:
    """Adds the protective headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on, adding headers where an answer starts."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        await self.app(scope, receive, with_headers)


class OwnFormsOnly:
    """Refuses a POST that a browser sends from another site's page; programs send no Origin."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 403 when Origin and Host differ."""
        if scope["type"] == "http" and scope["method"] == "POST":
            headers = dict(scope["headers"])
            origin, host = headers.get(b"origin"), headers.get(b"host", b"")
            if origin is not None and urlsplit(origin.decode("latin-1")).netloc != host.decode("latin-1"):
                response = JSONResponse({"error": "forms are taken from this site only"}, status_code=403)
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)
