"""Another organisation's system: what it takes, what it refuses, what its page shows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

import pytest

from tests.sandbox.running import RunningSandbox
from yincai_sandbox.services.receiver import verdict_on

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes....").decode()
BODY = b'{"type":"webhook.ping"}'


def signed(
    body: bytes = BODY, *, secret: str = SECRET, at: int | None = None, name: str = "evt_1"
) -> dict[str, str]:
    """The headers of a delivery."""
    moment = str(int(time.time()) if at is None else at)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(made).decode()}"
    return {"webhook-id": name, "webhook-timestamp": moment, "webhook-signature": signature}


def test_right_signature_is_taken_and_shown(own_sandbox: RunningSandbox) -> None:
    client = own_sandbox.client
    client.post("/receiver/secrets", data={"secrets": SECRET})

    answer = client.post("/receiver/events", content=BODY, headers=signed())

    assert answer.status_code == 204
    page = client.get("/receiver/").text
    assert "签名正确" in page
    assert "evt_1" in page


def test_wrong_signature_and_unknown_secret_are_refused(own_sandbox: RunningSandbox) -> None:
    client = own_sandbox.client
    unknown = client.post("/receiver/events", content=BODY, headers=signed()).status_code
    client.post("/receiver/secrets", data={"secrets": SECRET})
    forged = client.post("/receiver/events", content=BODY + b" ", headers=signed()).status_code

    told = [one["verdict"] for one in client.get("/receiver/received.json").json()["received"]]
    assert (unknown, forged) == (401, 401)
    assert told == ["forged", "unknown"]


def test_two_secrets_may_be_known_and_nothing_else_is_one(own_sandbox: RunningSandbox) -> None:
    keep = own_sandbox.client.post

    assert keep("/receiver/secrets", data={"secrets": f"{SECRET} {SECRET}"}).status_code == 303
    for wrong in ("password", "whsec_", "whsec_%%", f"{SECRET} {SECRET} {SECRET}"):
        assert keep("/receiver/secrets", data={"secrets": wrong}).status_code == 422


def test_receiver_fails_on_purpose_and_its_page_does_not(own_sandbox: RunningSandbox) -> None:
    own_sandbox.fault("receiver", "off")

    assert own_sandbox.client.post("/receiver/events", content=BODY, headers=signed()).status_code == 503
    assert own_sandbox.client.get("/receiver/").status_code == 200


@pytest.mark.parametrize(
    ("name", "at", "changed", "verdict"),
    [
        ("evt_1", None, {"webhook-id": ""}, "unsigned"),
        ("evt_1", None, {"webhook-timestamp": "now"}, "unsigned"),
        ("evt_1", 1, {}, "stale"),
        ("evt_1", None, {"webhook-signature": "v1,AAAA v2,BBBB"}, "forged"),
        ("evt_2", None, {"webhook-id": "evt_1"}, "forged"),
        ("evt_1", None, {}, "genuine"),
    ],
)
def test_verdict_on_headers(name: str, at: int | None, changed: dict[str, str], verdict: str) -> None:
    """Signed when the test runs, not when it is collected: a delivery goes stale."""
    headers = signed(name=name, at=at) | changed

    assert verdict_on(headers, BODY, secrets=[SECRET]) == verdict
    assert verdict_on({}, BODY, secrets=[SECRET]) == "unsigned"
