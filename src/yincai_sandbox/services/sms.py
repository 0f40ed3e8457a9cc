"""The SMS gateway: takes a message once for each key and lays it into the phone."""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from yincai_sandbox.service import Sandbox, Service, body_of, problem
from yincai_sandbox.store import Store, moment, now

TABLES = """
CREATE TABLE IF NOT EXISTS sms (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,
    phone TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sms_of_phone ON sms (phone, sequence);
"""
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
LONGEST_TEXT = 500
PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Sms:
    """One message that arrived."""

    sequence: int
    id: str
    phone: str
    text: str
    at: datetime


class KeyUsedForAnother(Exception):
    """The key came before with another text."""


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `POST /sms/send {to, text, key}` → 202 `{id}`."""

    async def send(request: Request) -> Response:
        wanted = read_request(await body_of(request, limit=16_384))
        if isinstance(wanted, str):
            return problem(422, wanted)
        to, text, key = wanted
        try:
            arrived = await run_in_threadpool(lay_into_phone, sandbox.store, to=to, text=text, key=key)
        except KeyUsedForAnother:
            return problem(409, "this key was used for another text")
        return JSONResponse({"id": arrived}, status_code=202)

    return [Route("/sms/send", send, methods=["POST"])]


def read_request(body: bytes) -> tuple[str, str, str] | str:
    """Returns (to, text, key), or the sentence that says what is wrong with the request."""
    try:
        facts = json.loads(body)
    except ValueError:
        return "the body must be JSON"
    values = [facts.get(name) for name in ("to", "text", "key")] if isinstance(facts, dict) else []
    match values:
        case [str(to), str(text), str(key)]:
            pass
        case _:
            return "to, text and key must be there and be text"
    if not E164.fullmatch(to):
        return "to must be a phone number in E.164 form, such as +8619900000001"
    if not 1 <= len(text) <= LONGEST_TEXT:
        return f"text must have 1 to {LONGEST_TEXT} characters"
    if not 1 <= len(key) <= 200:
        return "key must have 1 to 200 characters"
    return to, text, key


def lay_into_phone(store: Store, *, to: str, text: str, key: str) -> str:
    """Returns the message's id; a key that came before gives the first id and sends nothing again."""
    with store.change() as connection:
        known = connection.execute("SELECT id, text FROM sms WHERE key = ?", (key,)).fetchone()
        if known and known["text"] != text:
            raise KeyUsedForAnother
        if known:
            return str(known["id"])
        message_id = str(uuid.uuid4())
        connection.execute(
            "INSERT INTO sms (id, key, phone, text, at) VALUES (?, ?, ?, ?, ?)",
            (message_id, key, to, text, now().isoformat()),
        )
    return message_id


def messages_of(store: Store, phone: str, *, before: int | None = None, limit: int = PAGE) -> list[Sms]:
    """Lists a phone's messages, newest first; `before` goes on below that sequence."""
    with store.read() as connection:
        rows = connection.execute(
            "SELECT * FROM sms WHERE phone = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
            (phone, before if before is not None else 2**62, limit),
        ).fetchall()
    return [_sms(row) for row in rows]


def newest_by_phone(store: Store) -> dict[str, Sms]:
    """Returns the newest message of every phone that ever got one."""
    with store.read() as connection:
        rows = connection.execute(
            "SELECT * FROM sms WHERE sequence IN (SELECT max(sequence) FROM sms GROUP BY phone)"
        ).fetchall()
    return {row["phone"]: _sms(row) for row in rows}


def _sms(row: sqlite3.Row) -> Sms:
    return Sms(
        sequence=row["sequence"], id=row["id"], phone=row["phone"], text=row["text"], at=moment(row["at"])
    )


SERVICE = Service(name="sms", title="短信网关", routes=routes, tables=TABLES)
