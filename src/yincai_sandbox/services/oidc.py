"""An OpenID Connect provider, as a provincial portal is one: authorization code with PKCE (RFC 7636).

Discovery, JWKS, dynamic registration (RFC 7591), token and userinfo.  A code lives a minute, opens one token
answer, and only for the client, address and verifier that it was made for.  `oidc_pages` is its sign-in page.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from yincai_sandbox.keys import ES256, RS256
from yincai_sandbox.residents import Resident
from yincai_sandbox.service import Sandbox, Service, body_of, problem
from yincai_sandbox.store import Store, moment, now

TABLES = """
CREATE TABLE IF NOT EXISTS oidc_client (
    id TEXT PRIMARY KEY, secret TEXT NOT NULL, name TEXT NOT NULL, redirects TEXT NOT NULL,
    algorithm TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS oidc_grant (
    code TEXT PRIMARY KEY, client TEXT NOT NULL, redirect TEXT NOT NULL, challenge TEXT NOT NULL,
    nonce TEXT NOT NULL, phone TEXT NOT NULL, at TEXT NOT NULL, token TEXT
);
"""
CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(minutes=5)
SCOPES = ("openid", "profile", "identity", "phone")
NO_STORE = {"Cache-Control": "no-store"}


class BadRequest(Exception):
    """What the client asked cannot be given; `error` is the code of RFC 6749."""

    def __init__(self, error: str, sentence: str) -> None:
        """Keeps code and sentence."""
        super().__init__(sentence)
        self.error = error


def issuer(sandbox: Sandbox) -> str:
    """The name under which this provider signs."""
    return f"{sandbox.authority.base_url}/oidc"


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives discovery, `/oidc/jwks`, `/oidc/register`, `/oidc/token` and `/oidc/userinfo`."""

    async def discovery(request: Request) -> Response:
        return JSONResponse(_discovery(issuer(sandbox)))

    async def jwks(request: Request) -> Response:
        return JSONResponse(sandbox.keys.public())

    async def register(request: Request) -> Response:
        try:
            facts = json.loads(await body_of(request, limit=8_192))
            made = await run_in_threadpool(register_client, sandbox.store, facts)
        except (ValueError, AttributeError, TypeError, KeyError) as error:
            return problem(400, "invalid_client_metadata", error_description=f"{error}")
        return JSONResponse(made, status_code=201, headers=NO_STORE)

    async def token(request: Request) -> Response:
        posted = dict(parse_qsl((await body_of(request, limit=16_384)).decode()))
        try:
            answer = await run_in_threadpool(redeem, sandbox, posted, basic=_basic(request))
        except BadRequest as error:
            status = 401 if error.error == "invalid_client" else 400
            return problem(status, error.error, error_description=f"{error}")
        return JSONResponse(answer, headers=NO_STORE)

    async def userinfo(request: Request) -> Response:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        holder = await run_in_threadpool(_holder_of, sandbox, bearer) if scheme == "Bearer" else None
        if holder is None:
            return problem(401, "invalid_token")
        return JSONResponse(about(holder), headers=NO_STORE)

    return [
        Route("/oidc/.well-known/openid-configuration", discovery),
        Route("/oidc/jwks", jwks),
        Route("/oidc/register", register, methods=["POST"]),
        Route("/oidc/token", token, methods=["POST"]),
        Route("/oidc/userinfo", userinfo),
    ]


def _discovery(name: str) -> dict[str, Any]:
    return {
        "issuer": name,
        "authorization_endpoint": f"{name}/authorize",
        "token_endpoint": f"{name}/token",
        "userinfo_endpoint": f"{name}/userinfo",
        "jwks_uri": f"{name}/jwks",
        "registration_endpoint": f"{name}/register",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ES256, RS256],
        "scopes_supported": list(SCOPES),
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }


def register_client(store: Store, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Gives a system an id and a secret; `ValueError` for addresses or an algorithm that cannot be."""
    redirects = [str(one) for one in facts["redirect_uris"]]
    algorithm = str(facts.get("id_token_signed_response_alg", ES256))
    if not redirects or any(not one.startswith(("http://", "https://")) for one in redirects):
        raise ValueError("redirect_uris must be http or https addresses")
    if algorithm not in (ES256, RS256):
        raise ValueError("id_token_signed_response_alg must be ES256 or RS256")
    row = (
        secrets.token_urlsafe(12),
        secrets.token_urlsafe(32),
        str(facts.get("client_name", ""))[:100] or "未命名的系统",
        json.dumps(redirects),
        algorithm,
    )
    with store.change() as connection:
        connection.execute("INSERT INTO oidc_client VALUES (?, ?, ?, ?, ?)", row)
    return {"client_id": row[0], "client_secret": row[1], "redirect_uris": redirects}


def client_of(store: Store, identifier: str) -> sqlite3.Row | None:
    """The registered system of this id."""
    with store.read() as connection:
        found: sqlite3.Row | None = connection.execute(
            "SELECT * FROM oidc_client WHERE id = ?", (identifier,)
        ).fetchone()
    return found


def grant(store: Store, asked: Mapping[str, str], *, holder: Resident) -> str:
    """Makes the code with which the system fetches who signed in."""
    code = secrets.token_urlsafe(32)
    row = (code, asked["client_id"], asked["redirect_uri"], asked["code_challenge"], asked.get("nonce", ""))
    with store.change() as connection:
        connection.execute(
            "INSERT INTO oidc_grant VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            (*row, holder.phone, now().isoformat()),
        )
    return code


def redeem(sandbox: Sandbox, posted: Mapping[str, str], *, basic: tuple[str, str] | None) -> dict[str, Any]:
    """Gives tokens for a code, once; raises `BadRequest`."""
    client = _authenticated(sandbox.store, posted, basic=basic)
    if posted.get("grant_type") != "authorization_code":
        raise BadRequest("unsupported_grant_type", "only authorization_code")
    row = _spend(sandbox.store, posted.get("code", ""))
    if row["client"] != client["id"] or row["redirect"] != posted.get("redirect_uri"):
        raise BadRequest("invalid_grant", "the code was made for another client or address")
    digest = hashlib.sha256(posted.get("code_verifier", "").encode()).digest()
    verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not hmac.compare_digest(verifier, row["challenge"]):
        raise BadRequest("invalid_grant", "the code_verifier does not fit")
    holder = sandbox.residents[row["phone"]]
    at = now()
    claims = {
        **about(holder),
        "iss": issuer(sandbox),
        "aud": client["id"],
        "iat": int(at.timestamp()),
        "auth_time": int(moment(row["at"]).timestamp()),
        "exp": int((at + TOKEN_LIFE).timestamp()),
        "jti": secrets.token_urlsafe(16),
    }
    if row["nonce"]:
        claims["nonce"] = row["nonce"]
    return {
        "access_token": row["token"],
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "id_token": sandbox.keys.sign(claims, algorithm=client["algorithm"]),
    }


def about(holder: Resident) -> dict[str, Any]:
    """The claims about a person; the document as GA/T 517 codes it."""
    return {
        "sub": holder.subject,
        "name": holder.name,
        "document_kind": holder.kind,
        "document_number": holder.number,
        "phone_number": holder.phone,
    }


def _authenticated(store: Store, posted: Mapping[str, str], *, basic: tuple[str, str] | None) -> sqlite3.Row:
    identifier, secret = basic or (posted.get("client_id", ""), posted.get("client_secret", ""))
    client = client_of(store, identifier)
    if client is None or not hmac.compare_digest(client["secret"].encode(), secret.encode()):
        raise BadRequest("invalid_client", "client id and secret do not fit")
    return client


def _spend(store: Store, code: str) -> sqlite3.Row:
    token = secrets.token_urlsafe(32)
    with store.change() as connection:
        row: sqlite3.Row | None = connection.execute(
            "UPDATE oidc_grant SET token = ? WHERE code = ? AND token IS NULL AND at > ? RETURNING *",
            (token, code, (now() - CODE_LIFE).isoformat()),
        ).fetchone()
    if row is None:
        raise BadRequest("invalid_grant", "the code is unknown, spent or too old")
    return row


def _holder_of(sandbox: Sandbox, token: str) -> Resident | None:
    with sandbox.store.read() as connection:
        row = connection.execute("SELECT phone, at FROM oidc_grant WHERE token = ?", (token,)).fetchone()
    fresh = row is not None and moment(row["at"]) > now() - CODE_LIFE - TOKEN_LIFE
    return sandbox.residents[row["phone"]] if fresh else None


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme != "Basic":
        return None
    try:
        identifier, _, secret = base64.b64decode(encoded).decode().partition(":")
    except ValueError:
        return None
    return unquote_plus(identifier), unquote_plus(secret)


SERVICE = Service(name="oidc", title="省统一身份认证", routes=routes, tables=TABLES)
