from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.sandbox.running import RunningSandbox

BACK = "http://127.0.0.1:8000/back"
VERIFIER = "a-verifier-of-more-than-forty-three-characters"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def register(sandbox: RunningSandbox, **more: str) -> dict[str, Any]:
    facts = {"redirect_uris": [BACK], "client_name": "引才", **more}
    made: dict[str, Any] = sandbox.client.post("/oidc/register", json=facts).raise_for_status().json()
    return made


def authorize(sandbox: RunningSandbox, client: str, **changed: str) -> tuple[int, dict[str, str]]:
    """Signs in as the first resident; the status, and what comes back with the address."""
    asked = {
        "client_id": client,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid identity",
        "state": "s",
        "nonce": "n",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "act": "approve",
        "as": "+8619900000001",
        **changed,
    }
    answer = sandbox.client.get("/oidc/authorize", params=asked)
    return answer.status_code, dict(parse_qsl(urlsplit(answer.headers.get("location", "")).query))


def redeem(sandbox: RunningSandbox, client: dict[str, Any], code: str, **changed: str) -> dict[str, Any]:
    posted = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        **changed,
    }
    found: dict[str, Any] = sandbox.client.post("/oidc/token", data=posted).json()
    return found


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_provider_gives_a_signed_identity_for_a_code(sandbox: RunningSandbox, algorithm: str) -> None:
    known = sandbox.client.get("/oidc/.well-known/openid-configuration").json()
    client = register(sandbox, id_token_signed_response_alg=algorithm)
    _, back = authorize(sandbox, client["client_id"])

    tokens = redeem(sandbox, client, back["code"])

    keys = KeySet.import_key_set(sandbox.client.get(known["jwks_uri"]).json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=[algorithm]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (known["issuer"], client["client_id"], "n")
    assert (claims["document_kind"], claims["document_number"]) == ("111", "110101200203150011")
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert sandbox.client.get("/oidc/userinfo", headers=bearer).json()["sub"] == claims["sub"]
    assert back["state"] == "s"


def test_provider_takes_a_code_once(sandbox: RunningSandbox) -> None:
    client = register(sandbox)
    _, back = authorize(sandbox, client["client_id"])
    redeem(sandbox, client, back["code"])

    assert redeem(sandbox, client, back["code"])["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": "another"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:8000/other"}, "invalid_grant"),
        ({"client_secret": "guess"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "guess"}, "invalid_grant"),
    ],
)
def test_provider_refuses_a_code_that_does_not_fit(
    sandbox: RunningSandbox, changed: dict[str, str], error: str
) -> None:
    client = register(sandbox)
    _, back = authorize(sandbox, client["client_id"])

    assert redeem(sandbox, client, **{"code": back["code"], **changed})["error"] == error


def test_provider_sends_nobody_to_an_address_that_is_not_registered(sandbox: RunningSandbox) -> None:
    client = register(sandbox)["client_id"]

    assert authorize(sandbox, client, redirect_uri="https://evil.example/") == (400, {})
    assert authorize(sandbox, "unknown") == (400, {})


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"act": "refuse"}, "access_denied"),
    ],
)
def test_provider_tells_the_system_why_not(
    sandbox: RunningSandbox, changed: dict[str, str], error: str
) -> None:
    client = register(sandbox)["client_id"]

    assert authorize(sandbox, client, **changed)[1]["error"] == error


def test_provider_shows_who_may_sign_in(sandbox: RunningSandbox) -> None:
    client = register(sandbox)["client_id"]

    status, _ = authorize(sandbox, client, act="")

    assert status == 200


def test_provider_registers_only_what_can_be_answered(sandbox: RunningSandbox) -> None:
    for facts in ({"redirect_uris": ["javascript:x"]}, {"redirect_uris": []}, {}):
        assert sandbox.client.post("/oidc/register", json=facts).status_code == 400
    bearer = {"Authorization": "Bearer guess"}
    assert sandbox.client.get("/oidc/userinfo", headers=bearer).status_code == 401
