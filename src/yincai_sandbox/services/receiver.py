"""Another organisation's system: takes events that are pushed to it and checks their signature."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from yincai_sandbox.service import Sandbox, Service, body_of, problem
from yincai_sandbox.store import Store, moment, now

TABLES = """
CREATE TABLE IF NOT EXISTS received (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, verdict TEXT NOT NULL, body TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS receiver_secret (position INTEGER PRIMARY KEY, secret TEXT NOT NULL);
"""
GENUINE = "genuine"
WORDS = {
    GENUINE: "签名正确",
    "unsigned": "没有签名，已拒收",
    "forged": "签名不对，已拒收",
    "stale": "时间相差超过 5 分钟，已拒收",
    "unknown": "还没有设置密钥，已拒收",
}
MOST_BYTES = 65_536
TOLERANCE = 300
"""Seconds by which the sender's clock may differ."""
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Received:
    """One event that arrived, and what its signature was worth."""

    id: str
    verdict: str
    body: str
    at: datetime


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `POST /receiver/events` → 204, or 401 for a signature that is not right."""

    async def take(request: Request) -> Response:
        body = await body_of(request, limit=MOST_BYTES)
        verdict = await run_in_threadpool(judge_and_keep, sandbox.store, request.headers, body)
        return Response(status_code=204) if verdict == GENUINE else problem(401, WORDS[verdict])

    return [Route("/receiver/events", take, methods=["POST"])]


def page_routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives the page `/receiver/`, its JSON, and `POST /receiver/secrets`."""

    async def page(request: Request) -> Response:
        found = await run_in_threadpool(received, sandbox.store)
        secrets = await run_in_threadpool(secrets_of, sandbox.store)
        address = f"{sandbox.authority.base_url}/receiver/events"
        return sandbox.pages.show(
            "receiver.html", received=found, secrets=secrets, words=WORDS, genuine=GENUINE, address=address
        )

    async def listed(request: Request) -> Response:
        found = await run_in_threadpool(received, sandbox.store)
        told = [{"id": one.id, "verdict": one.verdict, "body": one.body} for one in found]
        return JSONResponse({"received": told})

    async def keep(request: Request) -> Response:
        facts = parse_qs((await body_of(request, limit=4_096)).decode())
        secrets = facts.get("secrets", [""])[0].split()
        if len(secrets) > 2 or not all(is_secret(one) for one in secrets):
            return problem(422, "write one secret, or two during a rotation: whsec_ and Base64")
        await run_in_threadpool(keep_secrets, sandbox.store, secrets)
        return RedirectResponse("/receiver/", status_code=303)

    return [
        Route("/receiver/", page),
        Route("/receiver/received.json", listed),
        Route("/receiver/secrets", keep, methods=["POST"]),
    ]


def judge_and_keep(store: Store, headers: Mapping[str, str], body: bytes) -> str:
    """Returns the verdict on a delivery (a key of `WORDS`) and keeps what arrived."""
    verdict = verdict_on(headers, body, secrets=secrets_of(store))
    with store.change() as connection:
        connection.execute(
            "INSERT INTO received (id, verdict, body, at) VALUES (?, ?, ?, ?)",
            (headers.get("webhook-id", "")[:200], verdict, body.decode("utf8", "replace"), now().isoformat()),
        )
    return verdict


def verdict_on(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str]) -> str:
    """Checks a signature as Standard Webhooks has it; any of the secrets may have signed."""
    name, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not name or not at.isdigit() or not given:
        return "unsigned"
    if not secrets:
        return "unknown"
    if abs(time.time() - int(at)) > TOLERANCE:
        return "stale"
    signed = f"{name}.{at}.".encode() + body
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        made = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(made, one) for one in given):
            return GENUINE
    return "forged"


def is_secret(text: str) -> bool:
    """Returns whether a text is a secret of Standard Webhooks."""
    try:
        return text.startswith("whsec_") and bool(base64.b64decode(text[6:], validate=True))
    except binascii.Error:
        return False


def secrets_of(store: Store) -> list[str]:
    """Lists the secrets that the receiver was given."""
    with store.read() as connection:
        rows = connection.execute("SELECT secret FROM receiver_secret ORDER BY position").fetchall()
    return [str(row["secret"]) for row in rows]


def keep_secrets(store: Store, secrets: Sequence[str]) -> None:
    """Keeps these secrets in place of those before."""
    with store.change() as connection:
        connection.execute("DELETE FROM receiver_secret")
        connection.executemany("INSERT INTO receiver_secret (secret) VALUES (?)", [(one,) for one in secrets])


def received(store: Store) -> list[Received]:
    """Lists what arrived, newest first."""
    with store.read() as connection:
        rows = connection.execute("SELECT * FROM received ORDER BY sequence DESC LIMIT ?", (PAGE,)).fetchall()
    return [
        Received(id=row["id"], verdict=row["verdict"], body=_readable(row["body"]), at=moment(row["at"]))
        for row in rows
    ]


def _readable(body: str) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=1)
    except ValueError:
        return body


SERVICE = Service(name="receiver", title="其他单位的系统（接收事件）", routes=routes, tables=TABLES)
PAGES = Service(name="receiver_pages", title="其他单位的系统", routes=page_routes, breakable=False)
