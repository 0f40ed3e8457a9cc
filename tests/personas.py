"""The fixed cast of every access test: who they are, what they hold, and how they sign in.

The people are made up.  `make_persona("reviewer")` opens the account and its appointment in the database;
`signed_in("reviewer")` is a browser in which they are signed in, staff with their second factor shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

PLACE = "harbour_city"
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Persona:
    """One of the cast; `role` and `office` are empty for residents."""

    name: str
    phone: str
    email: str
    office: str = ""
    role: str = ""
    staff_name: str = ""


CAST = {
    persona.name: persona
    for persona in (
        Persona("applicant", "13800000001", "applicant@example.org"),
        Persona("spouse", "13800000002", "spouse@example.org"),
        Persona("stranger", "13800000003", "stranger@example.org"),
        Persona("window_officer", "13800000011", "window@example.org", "hall", "window_officer", "宫子衿"),
        Persona("reviewer", "13800000012", "reviewer@example.org", "organisation", "reviewer", "沈知远"),
        Persona("approver", "13800000013", "approver@example.org", "organisation", "approver", "陆明章"),
        Persona("issuer", "13800000014", "issuer@example.org", "hall", "issuer", "温如玉"),
        Persona("lead_officer", "13800000017", "lead@example.org", "hall", "lead_officer", "许文昭"),
        Persona("colleague", "13800000018", "colleague@example.org", "hall", "window_officer", "白景行"),
        Persona(
            "elsewhere", "13800000019", "elsewhere@example.org", "organisation", "window_officer", "岑思齐"
        ),
        Persona("auditor", "13800000015", "auditor@example.org", "organisation", "auditor", "简正清"),
        Persona(
            "administrator",
            "13800000016",
            "administrator@example.org",
            "organisation",
            "administrator",
            "顾长宁",
        ),
    )
}
RESIDENTS = ("applicant", "spouse", "stranger")
STAFF = tuple(name for name in CAST if name not in RESIDENTS)


def make_persona(name: str, *, place: str = PLACE, password: str | None = None) -> Any:
    """Open this person's account, with their appointment in `place`.

    Without `password` nobody can sign in with one (hashing takes its time); `PASSWORD` is an accepted one.
    """
    from yincai.engine.samples import somebody
    from yincai.ledger.vocabulary import SYSTEM
    from yincai.people import actions

    persona = CAST[name]
    account = actions.register_account(
        username=persona.name[:20], password=password, phone=persona.phone, email=persona.email
    )
    if persona.role:
        actions.appoint_staff(
            account,
            actor=SYSTEM,
            place=place,
            office=persona.office,
            role=persona.role,
            name=persona.staff_name,
        )
        own = somebody(20_000 + int(persona.phone[-2:])).number
        actions.note_staff_document(account, actor=SYSTEM, place=place, kind="111", number=own)
    return account


def sign_in(account: Any, *, second_factor: bool) -> Client:
    """A browser in which this account is signed in, with or without its second factor shown."""
    client = Client()
    client.force_login(account)
    if second_factor:
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0.0}]
        session["account_authentication_methods_user"] = str(account.pk)
        session.save()
    return client
