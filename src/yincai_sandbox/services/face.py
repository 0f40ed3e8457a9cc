"""The face check (微警认证): a session that a system opens, and the signed result that it may fetch.

The result is a compact JWS for one system (`aud`), one session (`jti`) and one `nonce`, good for two minutes:
it cannot be shown again, elsewhere, or for another session.  The phone's side is `face_phone`.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from yincai_sandbox.residents import Resident
from yincai_sandbox.service import Sandbox, Service, body_of, problem
from yincai_sandbox.store import Store, moment, now

TABLES = """
CREATE TABLE IF NOT EXISTS face_session (
    id TEXT PRIMARY KEY, client TEXT NOT NULL, nonce TEXT NOT NULL, purpose TEXT NOT NULL,
    subject TEXT NOT NULL, state TEXT NOT NULL, phone TEXT NOT NULL, opened_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
"""
LIFE = timedelta(seconds=180)
RESULT_LIFE = timedelta(seconds=120)
NO_STORE = {"Cache-Control": "no-store"}
OPEN = ("waiting", "scanned")
DIGEST = re.compile(r"[0-9a-f]{64}|")


@dataclass(frozen=True, kw_only=True)
class FaceSession:
    """One face check; `subject` is empty, or the digest of the only document that may approve it."""

    id: str
    client: str
    nonce: str
    purpose: str
    subject: str
    state: str
    phone: str
    expires_at: datetime


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `POST /face/sessions`, `GET /face/sessions/<id>` and `GET /face/keys`."""

    async def begin(request: Request) -> Response:
        wanted = read_request(await body_of(request, limit=8_192))
        if isinstance(wanted, str):
            return problem(422, wanted)
        session = await run_in_threadpool(open_session, sandbox.store, wanted)
        return JSONResponse(
            {
                "id": session.id,
                "scan": f"{sandbox.authority.base_url}/face/scan/{session.id}",
                "expires_at": session.expires_at.isoformat(),
            },
            status_code=201,
            headers=NO_STORE,
        )

    async def state(request: Request) -> Response:
        session = await run_in_threadpool(find, sandbox.store, request.path_params["id"])
        answer: dict[str, Any] = {"state": session.state}
        if session.state not in OPEN:
            answer["result"] = sandbox.keys.sign(claims_of(session, sandbox))
        return JSONResponse(answer, headers=NO_STORE)

    async def keys(request: Request) -> Response:
        return JSONResponse(sandbox.keys.public())

    return [
        Route("/face/sessions", begin, methods=["POST"]),
        Route("/face/sessions/{id}", state),
        Route("/face/keys", keys),
    ]


def read_request(body: bytes) -> dict[str, str] | str:
    """Returns client, nonce, purpose and subject, or the sentence that says what is wrong."""
    try:
        facts = json.loads(body)
    except ValueError:
        return "the body must be JSON"
    if not isinstance(facts, dict):
        return "the body must be an object"
    wanted = {name: str(facts.get(name) or "") for name in ("client", "nonce", "purpose", "subject")}
    if not all(1 <= len(wanted[name]) <= 100 for name in ("client", "purpose")):
        return "client and purpose must have 1 to 100 characters"
    if not 16 <= len(wanted["nonce"]) <= 100:
        return "nonce must have 16 to 100 characters"
    if not DIGEST.fullmatch(wanted["subject"]):
        return "subject must be empty or the SHA-256 of nonce:kind:number in hexadecimal"
    return wanted


def open_session(store: Store, wanted: dict[str, str]) -> FaceSession:
    """Opens a session that waits 180 seconds for somebody to scan it."""
    opened = now()
    row = wanted | {
        "id": str(uuid.uuid4()),
        "opened_at": opened.isoformat(),
        "expires_at": (opened + LIFE).isoformat(),
    }
    with store.change() as connection:
        connection.execute(
            "INSERT INTO face_session VALUES"
            " (:id, :client, :nonce, :purpose, :subject, 'waiting', '', :opened_at, :expires_at)",
            row,
        )
    return find(store, row["id"])


def find(store: Store, identifier: str) -> FaceSession:
    """Returns a session as it stands now; 404 for one that is not there."""
    with store.read() as connection:
        row = connection.execute("SELECT * FROM face_session WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        raise HTTPException(404)
    return _session(row)


def scan(store: Store, identifier: str, *, phone: str) -> bool:
    """Notes which phone scanned the picture; False when the session is over or another phone was first."""
    return _move(store, identifier, source="waiting", target="scanned", phone=phone)


def answer(store: Store, identifier: str, *, holder: Resident, approved: bool) -> bool:
    """The holder of the phone that scanned it approves or refuses; False when that is too late."""
    session = find(store, identifier)
    if session.phone != holder.phone:
        return False
    target = "refused"
    if approved:
        target = "approved" if session.subject in ("", digest_of(session.nonce, holder)) else "foreign"
    return _move(store, identifier, source="scanned", target=target, phone=holder.phone)


def digest_of(nonce: str, holder: Resident) -> str:
    """How a system names the one document that may approve, without telling which it is."""
    return hashlib.sha256(f"{nonce}:{holder.kind}:{holder.number}".encode()).hexdigest()


def claims_of(session: FaceSession, sandbox: Sandbox) -> dict[str, Any]:
    """What the signed result says; the holder's document only where the session named nobody."""
    at = now()
    claims: dict[str, Any] = {
        "iss": f"{sandbox.authority.base_url}/face",
        "aud": session.client,
        "jti": session.id,
        "nonce": session.nonce,
        "iat": int(at.timestamp()),
        "exp": int((at + RESULT_LIFE).timestamp()),
        "state": session.state,
        "subject": session.subject,
    }
    if session.state == "approved" and not session.subject:
        holder = sandbox.residents[session.phone]
        claims["holder"] = {"name": holder.name, "kind": holder.kind, "number": holder.number}
    return claims


def _move(store: Store, identifier: str, *, source: str, target: str, phone: str) -> bool:
    with store.change() as connection:
        moved = connection.execute(
            "UPDATE face_session SET state = ?, phone = ? WHERE id = ? AND state = ? AND expires_at > ?",
            (target, phone, identifier, source, now().isoformat()),
        ).rowcount
    return moved == 1


def _session(row: sqlite3.Row) -> FaceSession:
    over = row["state"] in OPEN and moment(row["expires_at"]) <= now()
    return FaceSession(
        id=row["id"],
        client=row["client"],
        nonce=row["nonce"],
        purpose=row["purpose"],
        subject=row["subject"],
        state="expired" if over else row["state"],
        phone=row["phone"],
        expires_at=moment(row["expires_at"]),
    )


SERVICE = Service(name="face", title="刷脸认证", routes=routes, tables=TABLES)
