"""The real-name registry: whether a name and a document belong together."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from yincai_sandbox.residents import Resident, same_name
from yincai_sandbox.service import Sandbox, Service, body_of, problem
from yincai_sandbox.store import Store, now

TABLES = """
CREATE TABLE IF NOT EXISTS registry_question (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, result TEXT NOT NULL, at TEXT NOT NULL
);
"""
ASKED = ("key", "purpose", "consent", "kind", "number", "name")


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `POST /registry/check {key, purpose, consent, kind, number, name}` → 200 `{id, result}`."""

    async def check(request: Request) -> Response:
        asked = read_request(await body_of(request, limit=8_192))
        if isinstance(asked, str):
            return problem(422, asked)
        result = judge(sandbox.residents, asked)
        identifier = await run_in_threadpool(keep, sandbox.store, key=asked["key"], result=result)
        return JSONResponse({"id": identifier, "result": result})

    return [Route("/registry/check", check, methods=["POST"])]


def read_request(body: bytes) -> dict[str, str] | str:
    """Returns what is asked, or the sentence that says what is wrong; nobody is looked up without consent."""
    try:
        facts = json.loads(body)
    except ValueError:
        return "the body must be JSON"
    if not isinstance(facts, dict):
        return "the body must be an object"
    asked = {name: str(facts.get(name) or "").strip() for name in ASKED}
    empty = [name for name, text in asked.items() if not 1 <= len(text) <= 200]
    return f"{', '.join(empty)} must have 1 to 200 characters" if empty else asked


def judge(residents: Mapping[str, Resident], asked: Mapping[str, str]) -> str:
    """`match`, `no_match`, or `unknown` where the registry does not know the document at all."""
    document = (asked["kind"], asked["number"].upper())
    for resident in residents.values():
        if (resident.kind, resident.number) == document:
            return "match" if same_name(resident.name, asked["name"]) else "no_match"
    return "unknown"


def keep(store: Store, *, key: str, result: str) -> str:
    """Notes the question (not the person) and returns its id; the same key keeps its id."""
    with store.change() as connection:
        connection.execute(
            "INSERT INTO registry_question VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET result = ?",
            (key, str(uuid.uuid4()), result, now().isoformat(), result),
        )
        row = connection.execute("SELECT id FROM registry_question WHERE key = ?", (key,)).fetchone()
    return str(row["id"])


SERVICE = Service(name="registry", title="实名核验", routes=routes, tables=TABLES)
