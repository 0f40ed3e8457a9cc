"""Certificates for people: a page that gives a resident a P12 file, and JSON for programs.

`POST /ca/people/issue {name, number, kind?, attribute?, profile?, since?, until?}` → 201 with serial,
certificate, key and chain (PEM, as `openssl` reads them); `kind` is a code of GA/T 517, `attribute` the OID
under which the document stands in the subject.  `POST /ca/people/revoke {serial}`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from yincai_sandbox.authority import profiles
from yincai_sandbox.authority.issuing import Authority, UnknownCertificate
from yincai_sandbox.authority.profiles import Pair
from yincai_sandbox.service import Sandbox, Service, body_of, problem

PROFILES = {one.name: one for one in (profiles.PERSON, profiles.PERSON_ENCRYPTION)}
SERIAL_NUMBER = x509.NameOID.SERIAL_NUMBER.dotted_string
PEM = serialization.Encoding.PEM
NO_STORE = {"Cache-Control": "no-store"}
REFUSED = {
    "heading": "没有签发",
    "sentence": "请选择一位居民，并为证书文件设置 4 到 60 个字符的口令。",
    "back": "/ca/people/",
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A certificate that a program asks for."""

    name: str
    number: str
    kind: str
    attribute: x509.ObjectIdentifier
    profile: profiles.Profile
    since: datetime | None
    until: datetime | None


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives the page `/ca/people/`, and issuing and revoking by form and by JSON."""

    async def page(request: Request) -> Response:
        book = await run_in_threadpool(sandbox.authority.book)
        held = [row for row in book if row.profile in PROFILES]
        return sandbox.pages.show("people.html", people=sandbox.residents.values(), certificates=held)

    async def issue_file(request: Request) -> Response:
        posted = dict(parse_qsl((await body_of(request, limit=4_096)).decode()))
        holder = sandbox.residents.get(posted.get("phone", ""))
        passphrase = posted.get("passphrase", "")
        if holder is None or not 4 <= len(passphrase) <= 60:
            return sandbox.pages.show("refused.html", status=422, **REFUSED)
        pair = await run_in_threadpool(
            sandbox.authority.issue_person, name=holder.name, number=holder.number, kind=holder.kind
        )
        content = p12_of(sandbox.authority, pair, passphrase=passphrase)
        headers = {"Content-Disposition": 'attachment; filename="person.p12"', **NO_STORE}
        return Response(content, media_type="application/x-pkcs12", headers=headers)

    async def issue(request: Request) -> Response:
        try:
            wanted = read_request(await body_of(request, limit=8_192))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return problem(422, f"name, number, kind, attribute, profile, since and until: {error}")
        pair = await run_in_threadpool(sandbox.authority.issue_person, **vars(wanted))
        return JSONResponse(_pem(sandbox.authority, pair), status_code=201, headers=NO_STORE)

    async def revoke(request: Request) -> Response:
        body = await body_of(request, limit=4_096)
        from_page = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        try:
            serial = str((dict(parse_qsl(body.decode())) if from_page else json.loads(body))["serial"])
            await run_in_threadpool(sandbox.authority.revoke, serial)
        except (ValueError, KeyError, TypeError, UnknownCertificate) as error:
            return problem(422, f"{error}")
        return RedirectResponse("/ca/people/", status_code=303) if from_page else JSONResponse({})

    return [
        Route("/ca/people/", page),
        Route("/ca/people/file", issue_file, methods=["POST"]),
        Route("/ca/people/issue", issue, methods=["POST"]),
        Route("/ca/people/revoke", revoke, methods=["POST"]),
    ]


def read_request(body: bytes) -> Wanted:
    """Returns what is asked for; raises what `json` and `datetime` raise for what is none."""
    facts = json.loads(body)
    since, until = facts.get("since"), facts.get("until")
    return Wanted(
        name=str(facts["name"]),
        number=str(facts["number"]),
        kind=str(facts.get("kind", "111")),
        attribute=x509.ObjectIdentifier(str(facts.get("attribute", SERIAL_NUMBER))),
        profile=PROFILES[facts.get("profile", profiles.PERSON.name)],
        since=datetime.fromisoformat(since) if since else None,
        until=datetime.fromisoformat(until) if until else None,
    )


def p12_of(authority: Authority, pair: Pair, *, passphrase: str) -> bytes:
    """The key, its certificate and the chain in one PKCS#12 file."""
    return pkcs12.serialize_key_and_certificates(
        name=b"sample",
        key=pair.key,
        cert=pair.certificate,
        cas=[authority.pairs[profiles.ISSUING.name].certificate],
        encryption_algorithm=serialization.BestAvailableEncryption(passphrase.encode()),
    )


def _pem(authority: Authority, pair: Pair) -> dict[str, str]:
    key = pair.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "serial": f"{pair.certificate.serial_number:x}",
        "certificate": pair.certificate.public_bytes(PEM).decode(),
        "key": key.decode(),
        "chain": authority.pairs[profiles.ISSUING.name].certificate.public_bytes(PEM).decode(),
    }


SERVICE = Service(name="people_certificates", title="个人证书", routes=routes)
