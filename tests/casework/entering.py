"""代办 to test with: an officer at the counter enters an application for somebody."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from tests.answers import NUMBER, SECTIONS
from tests.cases import PLACE, PROGRAMME, fill
from yincai.casework import actions
from yincai.casework.queries import CounterView
from yincai.ledger.vocabulary import Actor
from yincai.people.models import ContactCode

PHONE = "13912349001"
WHO = {"name": SECTIONS["person"]["name_zh"][0], "kind": "111", "number": NUMBER, "phone": PHONE}


def applicant_of(officer: Actor, **more: str) -> UUID:
    """The account of whoever stands at the counter."""
    return actions.find_or_open_account(actor=officer, place=PLACE, **WHO | more)


def begin(officer: Actor, **more: Any) -> CounterView:
    """The officer enters an application for them."""
    applicant = more.pop("applicant", None) or applicant_of(officer)
    return actions.open_counter_help(
        actor=officer,
        place=PLACE,
        programme=PROGRAMME,
        variant="A",
        applicant=applicant,
        key=more.pop("key", None) or uuid4(),
    )


def filled(officer: Actor) -> CounterView:
    """Nothing is missing in it."""
    helping = begin(officer)
    fill(helping.case, helping.actor)
    return helping


def code_of(asked: UUID) -> str:
    """The code that is on its way."""
    return ContactCode.objects.get(about=asked).code


def hand_in(helping: CounterView, officer: Actor) -> Any:
    """The applicant confirms, and it is handed in."""
    asked = actions.ask_confirmation(helping.id, actor=officer)
    return actions.submit_confirmed(helping.id, actor=officer, asked=asked, code=code_of(asked), key=uuid4())
