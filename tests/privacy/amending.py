"""Amendments to test with: what a resident asks, the officers who decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from tests.answers import picture
from yincai.documents import actions as documents
from yincai.documents.inspection import inspect_document
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions as people
from yincai.people import queries
from yincai.privacy import actions
from yincai.privacy.vocabulary import OFFICER, SLOT, AmendmentView, Item

PLACE = "harbour_city"
PASSPORT = {"kind": "414", "number": "G28374651"}
POSTED = {
    Item.NAME: {"wrong": "少了一个字", "name": "李明远"},
    Item.DOCUMENT: {"wrong": "换了护照", **PASSPORT},
    Item.OTHER: {"wrong": "单位写错了", "text": "港城图书馆"},
    Item.CASE: {"wrong": "毕业年份写错了", "text": "2019 年"},
}


def officer(name: str, *, role: str = OFFICER, place: str = PLACE) -> Actor:
    """Somebody who decides amendments of the place."""
    account = queries.account_named(name) or people.register_account(username=name, password=None)
    people.appoint_staff(account, actor=SYSTEM, place=place, office="main_library", role=role, name="温如玉")
    return Actor("staff", account.pk)


def proof(actor: Actor, *, is_read: bool = True) -> UUID:
    """The proof of an amendment, found safe by the reader unless it has not looked yet."""
    assert actor.id is not None
    stored = documents.store_upload(picture(), actor=actor, owner=actor.id)
    made = documents.enter_upload(stored, actor=actor, purpose="material", slot=SLOT)
    if is_read:
        inspect_document(made.id)
    return made.id


def ask(actor: Actor, item: Item = Item.NAME, **more: Any) -> AmendmentView:
    """An amendment handed in; `posted` replaces what is written."""
    upload = more.pop("upload", None) or proof(actor)
    wanted: dict[str, Any] = {"posted": POSTED.get(item, {}), "place": PLACE, "key": uuid4()}
    return actions.ask_amendment(actor=actor, item=item, upload=upload, **(wanted | more))


def approve(asked: AmendmentView, by: Actor, *, opinion: str = "") -> AmendmentView:
    return actions.settle_amendment(asked.id, actor=by, approve=True, opinion=opinion)
