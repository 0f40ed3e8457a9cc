"""Fills a fresh installation with the demo people of every place, by calling the real actions."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from secrets import token_bytes
from uuid import UUID

import httpx
from django.conf import settings

from yincai.engine.place import DemoPerson, Place
from yincai.engine.samples import somebody
from yincai.ledger.vocabulary import SYSTEM
from yincai.people import actions as people
from yincai.people import queries as accounts
from yincai.people.permissions import has_second_factor
from yincai.programmes import queries as programmes

PASSWORD = "rencai-demo-2026"  # noqa: S105 - printed on purpose: it opens the demo only
FIRST_PHONE = 13_800_100_000
FIRST_OF_STAFF = 30_000
"""The serial of the first made-up identity card of staff; those of demo applicants are far below."""


@dataclass(frozen=True)
class DemoAccount:
    """One account that a visitor of the demo may use; `duty` is empty for residents."""

    username: str
    password: str
    place: str
    name: str
    duty: str
    phone: str


def build_demo() -> list[DemoAccount]:
    """Make what is missing of the demo people of every place: account, second factor, appointments.

    Staff get a second factor; its codes are shown on the sandbox's page of their phone.  Raises
    `httpx.HTTPError` when the sandbox is away.
    """
    found = [(place, person) for place in programmes.places() for person in place.people]
    return [make_person(place, person, FIRST_PHONE + number) for number, (place, person) in enumerate(found)]


def make_person(place: Place, person: DemoPerson, number: int) -> DemoAccount:
    """Make what is missing of one demo person; each part on its own, so that a start may be interrupted."""
    phone = f"+86{number}"
    account = accounts.account_named(person.username)
    if account is None:
        account = people.register_account(
            username=person.username,
            password=PASSWORD,
            phone=phone,
            email=f"{person.username}@example.org",
            actor=SYSTEM,
            check_password=False,
        )
    if person.roles and not has_second_factor(account.pk):
        people.enrol_totp(account, secret=_enrol_on_phone(person, phone))
    for role in set(person.roles) - accounts.staff_roles(account, place=place.name):
        people.appoint_staff(
            account, actor=SYSTEM, place=place.name, office=person.office, role=role, name=person.name
        )
    if person.roles and accounts.without_own_document([account.pk]):
        _note_document(account.pk, place, number)
    duty = "、".join(place.role(role).title for role in person.roles)
    return DemoAccount(person.username, PASSWORD, place.name, person.name, duty, phone)


def _note_document(account_id: UUID, place: Place, number: int) -> None:
    """Note a made-up identity card, as an administrator would: without one nobody claims a case."""
    own = somebody(FIRST_OF_STAFF + number % 10_000).number
    people.note_staff_document(account_id, actor=SYSTEM, place=place.name, kind="111", number=own)


def _enrol_on_phone(person: DemoPerson, phone: str) -> str:
    """As if the person had scanned the code with their phone: the authenticator there knows the secret."""
    secret = b32encode(token_bytes(20)).decode()
    answer = httpx.post(
        f"{settings.SANDBOX_URL}/authenticator/enrol",
        json={"label": person.username, "phone": phone, "secret": secret},
        timeout=10,
    )
    answer.raise_for_status()
    return secret
