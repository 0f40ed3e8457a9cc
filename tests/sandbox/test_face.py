from __future__ import annotations

import hashlib
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.exceptions import HTTPException

from tests.sandbox.running import RunningSandbox
from yincai_sandbox.residents import load_residents
from yincai_sandbox.services import face
from yincai_sandbox.store import Store, now

HOLDER, OTHER = "+8619900000001", "+8619900000002"
NONCE = "nonce-of-the-platform"
WANTED = {"client": "yincai", "nonce": NONCE, "purpose": "登录 引才"}


def begin(sandbox: RunningSandbox, **changed: str) -> dict[str, str]:
    answer = sandbox.client.post("/face/sessions", json={**WANTED, **changed})
    assert answer.status_code == 201
    begun: dict[str, str] = answer.json()
    return begun


def act(sandbox: RunningSandbox, session: str, phone: str, *acts: str) -> int:
    status = 0
    for one in acts:
        status = sandbox.client.post(f"/face/scan/{session}/{phone}", data={"act": one}).status_code
    return status


def state(sandbox: RunningSandbox, session: str) -> str:
    return str(sandbox.client.get(f"/face/sessions/{session}").json()["state"])


def result(sandbox: RunningSandbox, session: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(sandbox.client.get("/face/keys").json())
    signed = sandbox.client.get(f"/face/sessions/{session}").json()["result"]
    return jwt.decode(signed, keys, algorithms=["ES256"]).claims


def test_face_check_is_scanned_and_approved(sandbox: RunningSandbox) -> None:
    begun = begin(sandbox)
    assert begun["scan"] == f"{sandbox.url}/face/scan/{begun['id']}"
    assert "林知远" in sandbox.client.get(f"/face/scan/{begun['id']}").text
    assert state(sandbox, begun["id"]) == "waiting"

    assert act(sandbox, begun["id"], HOLDER, "scan") == 303
    assert state(sandbox, begun["id"]) == "scanned"
    assert "登录 引才" in sandbox.client.get(f"/face/scan/{begun['id']}/{HOLDER}").text

    act(sandbox, begun["id"], HOLDER, "approve")
    claims = result(sandbox, begun["id"])
    assert claims["state"] == "approved"
    assert claims["holder"] == {"name": "林知远", "kind": "111", "number": "110101200203150011"}
    assert (claims["aud"], claims["jti"], claims["nonce"]) == ("yincai", begun["id"], NONCE)


def test_face_check_refused_tells_nothing_of_the_holder(sandbox: RunningSandbox) -> None:
    session = begin(sandbox)["id"]

    act(sandbox, session, HOLDER, "scan", "refuse")

    claims = result(sandbox, session)
    assert claims["state"] == "refused"
    assert "holder" not in claims


def test_face_check_for_one_person_is_foreign_to_another(sandbox: RunningSandbox) -> None:
    subject = hashlib.sha256(f"{NONCE}:111:110101200203150011".encode()).hexdigest()
    mine, foreign = begin(sandbox, subject=subject)["id"], begin(sandbox, subject=subject)["id"]

    act(sandbox, mine, HOLDER, "scan", "approve")
    act(sandbox, foreign, OTHER, "scan", "approve")

    assert result(sandbox, mine)["state"] == "approved"
    assert "holder" not in result(sandbox, mine)
    assert result(sandbox, foreign)["state"] == "foreign"


def test_face_check_belongs_to_the_phone_that_scanned_first(sandbox: RunningSandbox) -> None:
    session = begin(sandbox)["id"]
    act(sandbox, session, HOLDER, "scan")

    assert act(sandbox, session, OTHER, "scan") == 410
    assert act(sandbox, session, OTHER, "approve") == 410
    assert state(sandbox, session) == "scanned"


def test_face_check_expires_after_180_seconds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.create(face.TABLES)
    session = face.open_session(store, {**WANTED, "subject": ""})
    later = now() + face.LIFE
    monkeypatch.setattr(face, "now", lambda: later)

    assert face.find(store, session.id).state == "expired"
    assert not face.scan(store, session.id, phone=HOLDER)


def test_face_check_cannot_be_approved_before_it_is_scanned(store: Store) -> None:
    store.create(face.TABLES)
    session = face.open_session(store, {**WANTED, "subject": ""})

    assert not face.answer(store, session.id, holder=load_residents()[HOLDER], approved=True)


def test_face_check_that_nobody_opened_is_not_found(store: Store) -> None:
    store.create(face.TABLES)

    with pytest.raises(HTTPException):
        face.find(store, "unknown")


@pytest.mark.parametrize(
    "changed", [{"client": ""}, {"nonce": "short"}, {"subject": "110101200203150011"}, {"purpose": ""}]
)
def test_face_check_asked_wrongly_is_refused(sandbox: RunningSandbox, changed: dict[str, str]) -> None:
    assert sandbox.client.post("/face/sessions", json={**WANTED, **changed}).status_code == 422
