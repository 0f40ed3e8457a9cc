"""Requests to test with: what a resident writes, their file made safe, the reviewer who decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from tests.answers import picture
from tests.directory.conftest import PLACE
from yincai.directory import actions
from yincai.directory.vocabulary import Deed, RequestView, Sort
from yincai.documents import actions as documents
from yincai.documents.inspection import inspect_document
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions as people
from yincai.people import queries

USCC = "91990100MA0000005W"
WRITTEN = {
    "name": "东湾海鸥渔具有限公司",
    "uscc": USCC,
    "kind": "enterprise",
    "affiliation": "other",
    "department": "",
    "address": "港城东湾区海鸥街 5 号",
    "district": "east",
    "representative": "林海",
    "person": "周小舟",
    "phone": "13800000009",
}
SCHOOL = {"name": "北岬航海学院", "country": "CHN", "kind": "university"}
MAJOR = {"name": "灯塔工程", "school": "港城大学", "level": "bachelor"}


def resident(name: str = "asker") -> Any:
    """The account of somebody who asks."""
    found = queries.account_named(name)
    return found or people.register_account(username=name, password=None, phone=phone_of(name))


def phone_of(name: str) -> str:
    return f"138{sum(map(ord, name)) % 10**8:08}"


def reviewer(name: str = "shenhe", *, place: str = PLACE, role: str = "data_reviewer") -> Actor:
    """Somebody who decides requests of the place."""
    account = resident(name)
    people.appoint_staff(account, actor=SYSTEM, place=place, office="main_library", role=role, name="沈核")
    return Actor("staff", account.pk)


def licence(actor: Actor, *, is_read: bool = True) -> UUID:
    """The file of a request, found safe by the reader unless it has not looked yet."""
    assert actor.id is not None
    stored = documents.store_upload(picture(), actor=actor, owner=actor.id)
    made = documents.enter_upload(stored, actor=actor, purpose="material", slot="directory")
    if is_read:
        inspect_document(made.id)
    return made.id


def ask(
    who: str = "asker", *, sort: Sort = Sort.ORGANISATION, deed: Deed = Deed.ADD, **more: Any
) -> RequestView:
    """A request handed in; `written` replaces what is written."""
    actor = queries.applicant_of(resident(who))
    written = more.pop("written", {Sort.ORGANISATION: WRITTEN, Sort.SCHOOL: SCHOOL, Sort.MAJOR: MAJOR}[sort])
    return actions.submit_request(
        actor=actor,
        place=PLACE,
        sort=sort,
        deed=deed,
        posted=written,
        upload=more.pop("upload", None) or licence(actor),
        key=more.pop("key", None) or uuid4(),
        **more,
    )
