"""The face check (微警认证): begin, look, use.

A result counts only if the authority signed it for us (`aud`), for this session (`jti`) and for the nonce
that only we and it know, within its two minutes; an approved check is used once, in the browser that began
it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from yincai.foundation import clock
from yincai.foundation.errors import YincaiError
from yincai.people.queries import check_identity, identity_of
from yincai.registries.asking import ask
from yincai.registries.browsers import browser_digest, is_browser
from yincai.registries.models import FaceCheck
from yincai.registries.vocabulary import (
    FACE_SECONDS,
    FORGOTTEN_AFTER,
    AuthorityAway,
    FaceCheckView,
    FaceState,
    NotThisBrowser,
    Person,
)

TITLE = "刷脸认证"
ALGORITHMS = ["ES256", "RS256"]
CLOCKS_DIFFER = 30
USED_WITHIN = timedelta(minutes=2)
"""How long after its 180 seconds a check that was approved in time may still be used."""


def begin_face_check(*, browser: str, purpose: str, account_id: UUID | None = None) -> FaceCheckView:
    """Open a check for whoever scans it, or for the owner of `account_id` alone.

    `browser` is a secret of the session that begins it; `purpose` is what the phone shows.  Raises
    `AuthorityAway`, and `NotThisBrowser` for an account whose owner never said who they are.
    """
    nonce = secrets.token_hex(24)
    asked = {"client": settings.FACE_CLIENT, "nonce": nonce, "purpose": purpose}
    if account_id is not None:
        asked["subject"] = _subject(account_id, nonce)
    answer = ask("POST", f"{settings.FACE_URL}/sessions", title=TITLE, json=asked)
    session, scan = str(answer.get("id", "")), str(answer.get("scan", ""))
    if not (0 < len(session) <= 100 and 0 < len(scan) <= 300 and scan.startswith(("http://", "https://"))):
        raise AuthorityAway(TITLE, "strange answer")
    check = FaceCheck.objects.create(
        browser=browser_digest(browser),
        account_id=account_id,
        nonce=nonce,
        session=session,
        scan=scan,
        state=FaceState.WAITING,
        expires_at=clock.now() + timedelta(seconds=FACE_SECONDS),
    )
    return _view(check)


def look_at_face_check(check_id: UUID, *, browser: str, account_id: UUID | None = None) -> FaceCheckView:
    """Where the check stands, asked of the authority while it is open.

    Raises `NotThisBrowser` for a check of another browser or account, and `AuthorityAway`.
    """
    check = _mine(check_id, browser, account_id)
    if not FaceState(check.state).is_open:
        return _view(check)
    if clock.now() >= check.expires_at:
        return _view(_moved(check, FaceState.EXPIRED))
    answer = ask("GET", f"{settings.FACE_URL}/sessions/{check.session}", title=TITLE)
    said = answer.get("state")
    if said in (FaceState.WAITING, FaceState.SCANNED):
        return _view(_moved(check, FaceState(said)))
    return _view(_ended(check, answer.get("result")))


def use_face_check(check_id: UUID, *, browser: str, account_id: UUID | None = None) -> Person | None:
    """Use an approved check, once: who approved it, or None where it was only for the owner of `account_id`.

    Raises `NotThisBrowser` for one that is not approved, is used, or was begun elsewhere.
    """
    check = _mine(check_id, browser, account_id)
    used = FaceCheck.objects.filter(
        pk=check.pk, state=FaceState.APPROVED, used_at=None, expires_at__gt=clock.now() - USED_WITHIN
    ).update(used_at=clock.now(), holder="")
    if not used:
        raise NotThisBrowser
    return Person(**json.loads(check.holder)) if check.holder else None


def forget_old_checks() -> int:
    """Delete checks of yesterday and before; returns how many."""
    return FaceCheck.objects.filter(opened_at__lt=clock.now() - FORGOTTEN_AFTER).delete()[0]


def _mine(check_id: UUID, browser: str, account_id: UUID | None) -> FaceCheck:
    check = FaceCheck.objects.filter(pk=check_id).first()
    if check is None or not is_browser(check.browser, browser) or check.account_id != account_id:
        raise NotThisBrowser
    return check


def _subject(account_id: UUID, nonce: str) -> str:
    identity = identity_of(account_id)
    if identity is None:
        raise NotThisBrowser
    return hashlib.sha256(f"{nonce}:{identity.kind}:{identity.number}".encode()).hexdigest()


def _ended(check: FaceCheck, result: object) -> FaceCheck:
    claims = _verified(check, result)
    if claims is None:
        return _moved(check, FaceState.UNTRUSTED)
    state = FaceState(claims["state"])
    holder = ""
    if state is FaceState.APPROVED and check.account_id is None:
        holder = _holder(claims.get("holder"))
        if not holder:
            return _moved(check, FaceState.UNTRUSTED)
    return _moved(check, state, holder=holder)


def _verified(check: FaceCheck, result: object) -> dict[str, Any] | None:
    """What the authority signed for exactly this check, or None for anything else."""
    keys = ask("GET", f"{settings.FACE_URL}/keys", title=TITLE)
    try:
        claims = dict(
            jwt.decode(
                str(result), KeySet.import_key_set({"keys": keys["keys"]}), algorithms=ALGORITHMS
            ).claims
        )
        jwt.JWTClaimsRegistry(
            now=lambda: int(clock.now().timestamp()),
            leeway=CLOCKS_DIFFER,
            iss={"essential": True, "value": settings.FACE_ISSUER},
            aud={"essential": True, "value": settings.FACE_CLIENT},
            jti={"essential": True, "value": check.session},
            nonce={"essential": True, "value": check.nonce},
            exp={"essential": True},
            iat={"essential": True},
            state={"essential": True, "values": [s.value for s in FaceState if not s.is_open]},
        ).validate(claims)
        wanted = _subject(check.account_id, check.nonce) if check.account_id else ""
        if claims.get("subject", "") != wanted:
            return None
    except (JoseError, ValueError, KeyError, TypeError, NotThisBrowser):
        return None
    return claims


def _holder(said: object) -> str:
    """The person who approved, in the normal form of our own records; empty for what is nobody."""
    if not isinstance(said, dict):
        return ""
    kind = str(said.get("kind", ""))
    try:
        name, number = check_identity(str(said.get("name", "")), kind, str(said.get("number", "")))
    except YincaiError:
        return ""
    return json.dumps({"name": name, "kind": kind, "number": number}, ensure_ascii=False)


def _moved(check: FaceCheck, state: FaceState, *, holder: str = "") -> FaceCheck:
    """The check in its new state; an end that another request noted meanwhile stays."""
    FaceCheck.objects.filter(pk=check.pk, state__in=(FaceState.WAITING, FaceState.SCANNED)).update(
        state=state, holder=holder
    )
    check.refresh_from_db()
    return check


def _view(check: FaceCheck) -> FaceCheckView:
    return FaceCheckView(check.pk, FaceState(check.state), check.scan, check.expires_at)
