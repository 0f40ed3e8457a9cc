"""The page and the JSON where services are broken on purpose."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from yincai_sandbox.faults import TITLES, Fault, Faults, Mode
from yincai_sandbox.service import Sandbox, Service, body_of, problem

REFUSED = {
    "heading": "没有设置成功",
    "sentence": "等待须为 0 到 120000 毫秒，状态码须为 400 到 599，次数须为 1 到 10000 或空着。请返回修改。",
    "back": "/faults",
}


def routes_for(services: Sequence[Service], faults: Faults, sandbox: Sandbox) -> Sequence[Route]:
    """Gives `/faults` (page and form) and `/faults.json` (GET all, POST one)."""
    titles = {service.name: service.title for service in services if service.breakable}

    async def page(request: Request) -> Response:
        present = await run_in_threadpool(_present, faults, titles)
        return sandbox.pages.show("faults.html", faults=present, titles=titles, modes=TITLES)

    async def facts(request: Request) -> Response:
        present = await run_in_threadpool(_present, faults, titles)
        return JSONResponse({name: asdict(fault) for name, fault in present.items()})

    async def switch(request: Request) -> Response:
        from_page = request.url.path == "/faults"
        try:
            name, fault = read_switch(await body_of(request, limit=4_096), from_page=from_page, known=titles)
        except ValueError as error:
            if from_page:
                return sandbox.pages.show("refused.html", status=422, **REFUSED)
            return problem(422, str(error))
        await run_in_threadpool(faults.set, name, fault)
        return RedirectResponse("/faults", status_code=303) if from_page else JSONResponse(asdict(fault))

    return [
        Route("/faults", page),
        Route("/faults", switch, methods=["POST"]),
        Route("/faults.json", facts),
        Route("/faults.json", switch, methods=["POST"]),
    ]


def read_switch(body: bytes, *, from_page: bool, known: Mapping[str, str]) -> tuple[str, Fault]:
    """Returns the service and its new switch; raises `ValueError` with a sentence."""
    facts: Any = dict(parse_qsl(body.decode())) if from_page else json.loads(body)
    if not isinstance(facts, dict) or str(facts.get("service")) not in known:
        raise ValueError(f"service must be one of {', '.join(known)}")
    if str(facts.get("mode")) not in set(Mode):
        raise ValueError(f"mode must be one of {', '.join(Mode)}")
    numbers = {
        name: _whole(facts[name], name)
        for name in ("milliseconds", "status", "times")
        if facts.get(name) not in (None, "")
    }
    return str(facts["service"]), Fault(mode=Mode(facts["mode"]), **numbers)


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{name} must be a whole number")  # noqa: TRY004 - one error type for a bad request
    return int(value)


def _present(faults: Faults, titles: Mapping[str, str]) -> dict[str, Fault]:
    return {name: Fault() for name in titles} | {
        name: fault for name, fault in faults.all().items() if name in titles
    }
