"""The authenticator app on the demo phones: keeps secrets, shows second-factor codes."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from yincai_sandbox import totp
from yincai_sandbox.service import Sandbox, Service, body_of, problem
from yincai_sandbox.services.sms import E164
from yincai_sandbox.store import Store, now

TABLES = """
CREATE TABLE IF NOT EXISTS authenticator (
    id TEXT PRIMARY KEY, phone TEXT NOT NULL, label TEXT NOT NULL, secret BLOB NOT NULL, at TEXT NOT NULL,
    UNIQUE (phone, label)
);
"""
REFUSED = {
    "heading": "没有绑定成功",
    "sentence": "名称、号码或密钥的格式不对。请返回上一页，名称填 1 到 100 个字，"
    "密钥填平台显示的那一串字母和数字（base32），或整个 otpauth:// 地址。",
    "back": "/phone/",
}


@dataclass(frozen=True, kw_only=True)
class Code:
    """What the app shows now: the code and the whole seconds that it still lives."""

    id: str
    label: str
    code: str
    seconds_left: int


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """A request to keep one secret; `secret` is base32 text or a whole `otpauth://` address."""

    label: str
    phone: str
    secret: str


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `POST /authenticator/enrol {label, phone, secret}` → 201 `{id}`, and removal from the page."""

    async def enrol(request: Request) -> Response:
        from_page = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        wanted = read_request(await body_of(request, limit=8_192), from_page=from_page)
        try:
            secret = totp.secret_bytes(wanted.secret) if isinstance(wanted, Enrolment) else b""
        except totp.BadSecret as error:
            wanted = f"{error}"
        if isinstance(wanted, str):
            return (
                sandbox.pages.show("refused.html", status=422, **REFUSED)
                if from_page
                else problem(422, wanted)
            )
        identifier = await run_in_threadpool(keep, sandbox.store, wanted, secret=secret)
        if from_page:
            return RedirectResponse(f"/phone/{quote(wanted.phone)}", status_code=303)
        return JSONResponse({"id": identifier}, status_code=201)

    async def remove(request: Request) -> Response:
        phone = await run_in_threadpool(forget, sandbox.store, request.path_params["id"])
        return RedirectResponse(f"/phone/{quote(phone)}", status_code=303)

    return [
        Route("/authenticator/enrol", enrol, methods=["POST"]),
        Route("/authenticator/{id}/remove", remove, methods=["POST"]),
    ]


def read_request(body: bytes, *, from_page: bool) -> Enrolment | str:
    """Returns the enrolment, or the sentence that says what is wrong with the request."""
    try:
        facts = _form(body) if from_page else json.loads(body)
    except ValueError:
        return "the body must be JSON or a form"
    values = [facts.get(name) for name in ("label", "phone", "secret")] if isinstance(facts, dict) else []
    match values:
        case [str(label), str(phone), str(secret)]:
            pass
        case _:
            return "label, phone and secret must be there and be text"
    if secret.strip().startswith("otpauth://"):
        parts = urlsplit(secret.strip())
        secret = dict(parse_qsl(parts.query)).get("secret", "")
        label = label.strip() or unquote(parts.path.lstrip("/"))
    if not E164.fullmatch(phone):
        return "phone must be in E.164 form, such as +8619900000001"
    if not 1 <= len(label.strip()) <= 100:
        return "label must have 1 to 100 characters"
    return Enrolment(label=label.strip(), phone=phone, secret=secret)


def keep(store: Store, wanted: Enrolment, *, secret: bytes) -> str:
    """Keeps a secret on a phone; the same label on the same phone replaces the older secret."""
    identifier = str(uuid.uuid4())
    with store.change() as connection:
        connection.execute(
            "INSERT INTO authenticator (id, phone, label, secret, at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (phone, label) DO UPDATE SET secret = excluded.secret, at = excluded.at",
            (identifier, wanted.phone, wanted.label, secret, now().isoformat()),
        )
        row = connection.execute(
            "SELECT id FROM authenticator WHERE phone = ? AND label = ?", (wanted.phone, wanted.label)
        ).fetchone()
    return str(row["id"])


def forget(store: Store, identifier: str) -> str:
    """Removes a secret and returns the phone it was on (empty when there was none)."""
    with store.change() as connection:
        row = connection.execute(
            "DELETE FROM authenticator WHERE id = ? RETURNING phone", (identifier,)
        ).fetchone()
    return str(row["phone"]) if row else ""


def codes_of(store: Store, phone: str, *, at: float | None = None) -> list[Code]:
    """Returns the codes that a phone shows at a Unix time (now by default), by label."""
    moment = time.time() if at is None else at
    with store.read() as connection:
        rows = connection.execute(
            "SELECT id, label, secret FROM authenticator WHERE phone = ? ORDER BY label", (phone,)
        ).fetchall()
    return [
        Code(
            id=row["id"],
            label=row["label"],
            code=totp.code_at(row["secret"], moment),
            seconds_left=totp.seconds_left(moment),
        )
        for row in rows
    ]


def labels_by_phone(store: Store) -> dict[str, list[str]]:
    """Returns the labels of the authenticators on every phone that holds any, in order."""
    with store.read() as connection:
        rows = connection.execute("SELECT phone, label FROM authenticator ORDER BY phone, label").fetchall()
    return {phone: [row["label"] for row in held] for phone, held in groupby(rows, key=itemgetter("phone"))}


def _form(body: bytes) -> Mapping[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}


SERVICE = Service(name="authenticator", title="动态验证码", routes=routes, tables=TABLES)
