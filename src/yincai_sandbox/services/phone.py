"""The phone's side: what a resident or an officer of the demo sees on the screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from yincai_sandbox.residents import Resident
from yincai_sandbox.service import Sandbox, Service
from yincai_sandbox.services import authenticator, sms

REFRESH_SECONDS = 5
NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, kw_only=True)
class Phone:
    """One line of the list of phones."""

    number: str
    name: str
    about: str
    newest: sms.Sms | None
    codes: int


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `/phone/`, `/phone/<number>` for people and `/phone/<number>.json` for programs."""

    async def phones(request: Request) -> Response:
        return sandbox.pages.show("phones.html", phones=await run_in_threadpool(list_phones, sandbox))

    async def screen(request: Request) -> Response:
        return await run_in_threadpool(_screen, sandbox, request)

    async def facts(request: Request) -> Response:
        return await run_in_threadpool(_facts, sandbox, _number(request))

    return [
        Route("/phone/", phones),
        Route("/phone/{number}.json", facts),
        Route("/phone/{number}", screen),
    ]


def list_phones(sandbox: Sandbox) -> list[Phone]:
    """Lists every resident's phone and every other number that has something on it; latest news first."""
    newest = sms.newest_by_phone(sandbox.store)
    labels = authenticator.labels_by_phone(sandbox.store)
    residents = sandbox.residents
    phones = [
        Phone(
            number=number,
            name=_name(residents.get(number), labels.get(number, [])),
            about=residents[number].about if number in residents else "",
            newest=newest.get(number),
            codes=len(labels.get(number, [])),
        )
        for number in dict.fromkeys([*residents, *sorted(newest), *sorted(labels)])
    ]
    return sorted(phones, key=lambda phone: (-(phone.newest.sequence if phone.newest else 0), -phone.codes))


def _name(resident: Resident | None, labels: Sequence[str]) -> str:
    """Whose phone it is: a resident's, else whoever the authenticators on it are labelled for."""
    return resident.name if resident else "、".join(labels) or "未登记的号码"


def _screen(sandbox: Sandbox, request: Request) -> Response:
    number = _number(request)
    before = request.query_params.get("before", "")
    messages = sms.messages_of(
        sandbox.store, number, before=int(before) if re.fullmatch(r"[0-9]{1,15}", before) else None
    )
    codes = authenticator.codes_of(sandbox.store, number)
    response = sandbox.pages.show(
        "phone.html",
        number=number,
        name=_name(sandbox.residents.get(number), [code.label for code in codes]),
        codes=codes,
        messages=messages,
        older=messages[-1].sequence if len(messages) == sms.PAGE else None,
        refresh=REFRESH_SECONDS if request.query_params.get("refresh") == "on" else None,
    )
    response.headers.update(NO_STORE)
    return response


def _facts(sandbox: Sandbox, number: str) -> Response:
    facts = {
        "number": number,
        "messages": [
            {"id": message.id, "text": message.text, "at": message.at.isoformat()}
            for message in sms.messages_of(sandbox.store, number, limit=1000)
        ],
        "codes": [
            {"label": code.label, "code": code.code, "seconds_left": code.seconds_left}
            for code in authenticator.codes_of(sandbox.store, number)
        ],
    }
    return JSONResponse(facts, headers=NO_STORE)


def _number(request: Request) -> str:
    """Returns the number of the address in E.164; a bare mainland mobile number gets its +86."""
    text = str(request.path_params["number"]).replace(" ", "").replace("-", "")
    number = f"+86{text}" if re.fullmatch(r"1[3-9][0-9]{9}", text) else text
    if not sms.E164.fullmatch(number):
        raise HTTPException(404)
    return number


SERVICE = Service(name="phone", title="手机", routes=routes, breakable=False)
