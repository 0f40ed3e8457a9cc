"""What partners hear of: whose cases, in which order, with nothing personal in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from tests.answers import SECTIONS
from tests.cases import PLACE, take
from tests.partners.keys import registered
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.ledger import actions as ledger
from yincai.ledger import queries as history
from yincai.ledger.deliveries import deliver
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.ops.wiring import WIRING
from yincai.partners import queries
from yincai.partners.events import note_event
from yincai.partners.models import Event
from yincai.partners.vocabulary import Kind, PartnerView


def heard_of(case: CaseView) -> None:
    """Deliver every entry of the case to this room, as the jobs do."""
    for entry in history.changes(case.id):
        if entry.event.startswith("case."):
            deliver(entry.id, "partners.note_case", attempt=0)


def noted(place: str = PLACE, office: str = "") -> None:
    """Some event."""
    with transaction.atomic():
        note_event(Kind.CASE_MOVED, place=place, office=office, at=clock.now(), data={"reference": "1"})


def test_every_state_of_a_case_is_an_event(
    submitted: CaseView, partner: PartnerView, actor: Callable[[str], Actor]
) -> None:
    take(submitted.id, actor("window_officer"), "accept")

    heard_of(submitted)

    found, more = queries.events_after(partner, 0)
    assert not more
    assert [one.kind for one in found] == [Kind.CASE_MOVED] * 2
    assert {one.data["reference"] for one in found} == {submitted.reference}
    assert found[0].data["state"] == submitted.state
    assert found[0].data["state_title"] == submitted.current_state.title
    assert found[0].cursor < found[1].cursor


def test_event_holds_nothing_that_was_answered(submitted: CaseView, partner: PartnerView) -> None:
    heard_of(submitted)

    told = json.dumps([dict(one.data) for one in queries.events_after(partner, 0)[0]], ensure_ascii=False)

    for answer in ("person", "contact"):
        for values in SECTIONS.get(answer, {}).values():
            assert all(len(value) < 4 or value not in told for value in values)
    assert str(submitted.account_id) not in told
    assert str(submitted.id) not in told


def test_entry_makes_one_event(submitted: CaseView, partner: PartnerView) -> None:
    heard_of(submitted)
    heard_of(submitted)

    assert len(queries.events_after(partner, 0)[0]) == 1


def test_draft_is_nobodys_business(draft: CaseView, partner: PartnerView) -> None:
    with transaction.atomic():
        entry = ledger.record(chain=draft.id, event="case.moved", actor=SYSTEM, payload={"to": draft.state})

    deliver(entry.id, "partners.note_case", attempt=0)

    assert queries.events_after(partner, 0) == ([], False)


def test_partner_of_an_office_sees_its_cases_alone(chief: Actor, published: Any) -> None:
    everything = registered(chief, name="全市系统")
    hall = registered(chief, name="大厅系统", office="hall")
    for office in ("hall", "organisation", ""):
        noted(office=office)
    noted("elsewhere")

    assert len(queries.events_after(everything, 0)[0]) == 3
    assert len(queries.events_after(hall, 0)[0]) == 2


def test_pages_of_events_leave_nothing_out(partner: PartnerView) -> None:
    for _ in range(5):
        noted()

    seen, cursor, more = [], 0, True
    while more:
        found, more = queries.events_after(partner, cursor, size=2)
        seen += [one.id for one in found]
        cursor = found[-1].cursor

    assert seen == list(Event.objects.order_by("cursor").values_list("id", flat=True))


def test_events_are_written_one_after_the_other(partner: PartnerView) -> None:
    """Until the transaction of one has ended, no other gets a cursor: none appears behind a reader."""
    with transaction.atomic():
        note_event(Kind.CASE_MOVED, place=PLACE, office="", at=clock.now(), data={})
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            (held,) = cursor.fetchone()

    assert held >= 1


@pytest.mark.parametrize(
    ("event", "handler"),
    [
        ("case.*", "partners.note_case"),
        ("card.issued", "partners.note_card"),
        ("card.cancelled", "partners.note_card"),
        ("card.replaced", "partners.note_card"),
        ("card.expired", "partners.note_card"),
        ("record.added", "partners.note_organisation"),
    ],
)
def test_wiring_names_what_partners_hear_of(event: str, handler: str) -> None:
    assert handler in WIRING[event]


def test_what_the_files_of_a_place_bring_is_no_news(partner: PartnerView, published: Any) -> None:
    with transaction.atomic():
        entry = ledger.record(chain=uuid4(), event="record.added", actor=SYSTEM, payload={"seed": "x"})

    deliver(entry.id, "partners.note_organisation", attempt=0)

    assert queries.events_after(partner, 0) == ([], False)
