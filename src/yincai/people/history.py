"""The history of an account's sign-ins: when, how, on which kind of device, with what outcome."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from allauth.account.authentication import get_authentication_records
from django.db.models import Q
from django.http import HttpRequest

from yincai.foundation import clock
from yincai.foundation.days import moment_or_none
from yincai.foundation.statements import lines
from yincai.people import devices
from yincai.people.models import Account, SignIn
from yincai.people.vocabulary import Method, Outcome

PAGE = 30
SYSTEMS = (
    ("手机", "iPhone", "iPhone"),
    ("平板", "iPad", "iPad"),
    ("手机", "鸿蒙", r"OpenHarmony|HarmonyOS"),
    ("手机", "安卓", r"Android.*Mobile"),
    ("平板", "安卓", "Android"),
    ("电脑", "Windows", "Windows"),
    ("电脑", "macOS", "Macintosh"),
    ("电脑", "Linux", "Linux|X11"),
)
BROWSERS = (
    ("微信", "MicroMessenger"),
    ("Edge", "Edg[A-Z]?/"),
    ("Firefox", "Firefox/|FxiOS/"),
    ("Chrome", "Chrome/|CriOS/"),
    ("Safari", "Safari/"),
)
NOTE_REFUSED = """
    INSERT INTO people_signin (id, account_id, at, method, outcome, device, known)
    SELECT %(id)s, id, %(at)s, %(method)s, %(outcome)s, %(device)s, id = ANY(%(known)s::uuid[])
    FROM people_account WHERE UPPER(username) = UPPER(%(username)s)
    RETURNING id
"""
METHODS = {
    "password": Method.PASSWORD,
    "face": Method.FACE,
    "certificate": Method.CERTIFICATE,
    "outside": Method.OUTSIDE,
    "mfa": Method.PASSKEY,
}


@dataclass(frozen=True, slots=True)
class SignInView:
    """One line of the history."""

    at: datetime
    method: Method
    outcome: Outcome
    device: str
    known: bool


def note_sign_in(request: HttpRequest, account_id: UUID, *, method: Method, outcome: Outcome) -> None:
    """Add one line to the history of an account that exists."""
    SignIn.objects.create(
        account_id=account_id,
        method=method,
        outcome=outcome,
        device=kind_of_device(request.headers.get("User-Agent", "")),
        known=devices.device_of(request, account_id) is not None,
    )


def note_refused(request: HttpRequest, username: str, *, outcome: Outcome) -> None:
    """Note a password that was not taken, for a user name as typed; nothing where nobody has it.

    One statement either way, so that its time does not tell who is registered.
    """
    lines(
        NOTE_REFUSED,
        id=uuid4(),
        username=username,
        at=clock.now(),
        method=Method.PASSWORD,
        outcome=outcome,
        device=kind_of_device(request.headers.get("User-Agent", "")),
        known=list(devices.accounts_known(request)),
    )


def first_step(request: HttpRequest, account: Account) -> Method:
    """With what the sign-in of this session began."""
    records = get_authentication_records(request, account)
    return METHODS.get(str(records[0].get("method")), Method.PASSWORD) if records else Method.PASSWORD


def sign_ins(account_id: UUID, *, before: str = "") -> tuple[list[SignInView], str]:
    """The history of an account, newest first; and the `before` of the next page, empty at the end."""
    rows = SignIn.objects.filter(account_id=account_id).order_by("-at", "-id")
    at_text, _, id_text = before.partition("_")
    at = moment_or_none(at_text)
    if at is not None:
        with suppress(ValueError):
            rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=UUID(id_text)))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    following = f"{shown[-1].at.isoformat()}_{shown[-1].pk}" if len(found) > PAGE else ""
    return [
        SignInView(row.at, Method(row.method), Outcome(row.outcome), row.device, row.known) for row in shown
    ], following


def kind_of_device(user_agent: str) -> str:
    """What kind of device and browser calls itself so: `手机 · 安卓 · 微信`."""
    found = next((one for one in SYSTEMS if re.search(one[2], user_agent)), ("其他设备", "", ""))
    browser = next((name for name, pattern in BROWSERS if re.search(pattern, user_agent)), "其他浏览器")
    return " · ".join(part for part in (found[0], found[1], browser) if part)


def forget_sign_ins(*, before: datetime) -> int:
    """Delete the lines that were written before a moment; returns how many."""
    return SignIn.objects.filter(at__lt=before).delete()[0]
