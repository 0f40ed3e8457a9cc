"""The demo's cases: brought to every state by the real actions, and never begun twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.cases import PLACE, PROGRAMME
from tests.portal.test_progress import WithoutSeal
from yincai.cards import queries as cards
from yincai.cards.case_orders import order_for_case
from yincai.cards.sealing_job import seal_card
from yincai.cards.vocabulary import CardState
from yincai.casework import queries
from yincai.casework.models import Case
from yincai.casework.tasks import end_with_card, go_back_without_card
from yincai.casework.vocabulary import CaseView
from yincai.documents.inspection import inspect_document
from yincai.engine.samples import somebody
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.ops import demo, demo_cases
from yincai.people import actions as people
from yincai.programmes import queries as programmes


@pytest.fixture
def officers(published: object) -> None:
    """The demo's staff of the place, as `yincai demo` appoints them."""
    for number, person in enumerate(one for one in programmes.place(PLACE).people if one.roles):
        account = people.register_account(
            username=person.username,
            password=demo.PASSWORD,
            phone=f"+8613800{number:06}",
            email=f"{person.username}@example.org",
            actor=SYSTEM,
            check_password=False,
        )
        for role in person.roles:
            people.appoint_staff(
                account, actor=SYSTEM, place=PLACE, office=person.office, role=role, name=person.name
            )
        if person.roles:
            own = somebody(30_000 + number).number
            people.note_staff_document(account, actor=SYSTEM, place=PLACE, kind="111", number=own)


def read_now(case: CaseView, materials: list[UUID], applicant: Actor) -> None:
    """The reader's work, done at once."""
    for one in queries.materials(case.id):
        inspect_document(one.document_id)


@pytest.fixture
def stored(settings: Any, tmp_path: Path) -> None:
    """Cards lie in a folder of the test."""
    folder = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    settings.STORAGES = settings.STORAGES | {"default": folder}


def the_house_works(case_id: UUID) -> None:
    """What worker and signer do for the card of a case, once."""
    asked = [one for one in ledger.history(case_id) if one.event == "card.requested"]
    for entry in asked[len(cards.cards_of_case(case_id)) :]:
        order_for_case(entry)
    for card in cards.cards_of_case(case_id):
        if card.state == CardState.ORDERED:
            assert seal_card(card.id, signer=WithoutSeal())
    for entry in ledger.history(case_id):
        if entry.event == "card.issued":
            end_with_card(entry)
        if entry.event == "card.cancelled":
            go_back_without_card(entry)


def test_cases_stand_in_every_state_of_the_programme(officers: None, stored: None) -> None:
    workflow = programmes.current(PLACE, PROGRAMME).programme.workflow

    built = []
    for number in range(len(workflow.states)):
        for _ in range(4):
            try:
                built.append(demo_cases.build_case(PLACE, PROGRAMME, number, settle=read_now))
                break
            except demo_cases.NotReady:
                the_house_works(newest_case())
        else:
            pytest.fail(f"case {number} never came to its end")

    assert {case.state for case in built} == {state.name for state in workflow.states}
    assert all(case.reference for case in built if case.state != workflow.initial)
    assert len({case.id for case in built}) == len(built)


def newest_case() -> UUID:
    """The case on which the demo works."""
    return UUID(str(Case.objects.latest("opened_at").pk))


def test_case_asked_for_again_is_the_same_and_nothing_happens_twice(officers: None) -> None:
    once = demo_cases.build_case(PLACE, PROGRAMME, 3, settle=read_now)
    told = len(ledger.history(once.id))

    again = demo_cases.build_case(PLACE, PROGRAMME, 3, settle=read_now)

    assert (again.id, again.state, again.changes) == (once.id, once.state, once.changes)
    assert len(ledger.history(once.id)) == told


def test_case_whose_documents_nobody_has_read_waits_and_is_gone_on_with(officers: None) -> None:
    with pytest.raises(demo_cases.NotReady):
        demo_cases.build_case(PLACE, PROGRAMME, 1)

    case = demo_cases.build_case(PLACE, PROGRAMME, 1, settle=read_now)

    assert not case.is_draft
    assert len(queries.materials(case.id)) == len({one.slot for one in queries.materials(case.id)})


def test_cases_are_shared_out_among_the_programmes_on_offer(published: object) -> None:
    assert list(demo_cases.demo_cases(2)) == [(PLACE, PROGRAMME, 0), (PLACE, PROGRAMME, 1)]
    assert list(demo_cases.demo_cases(0)) == []
