"""回避登记: nobody sees or decides a case of their own or of their household."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.answers import NUMBER, OTHER_NUMBER, SECTIONS
from tests.cases import PLACE, take
from yincai.casework import actions as casework
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseConcernsActor, CaseView, NotOnRecord
from yincai.foundation.errors import Invalid, NotFound
from yincai.ledger.queries import history
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions, queries
from yincai.people.models import StaffDocument
from yincai.people.vocabulary import Level, OwnAccount

Person = Callable[[str], Any]
ActorOf = Callable[[str], Actor]
BrowserOf = Callable[[str], Client]
CHILD = SECTIONS["household"]["family.a1.member_identity.number"][0]
OF = {"place": PLACE, "kind": "111"}


def address(account: Any) -> str:
    return reverse("desk:admin-kept-away", args=[account.pk])


@pytest.mark.parametrize("name", [name for name in personas.CAST if name != "administrator"])
def test_page_does_not_exist_for_others(name: str, browser: BrowserOf, person: Person) -> None:
    officer = person("window_officer")

    asker = browser(name)
    before = StaffDocument.objects.count()

    answer = asker.post(address(officer), OF | {"relation": "self", "number": NUMBER})

    assert answer.status_code == 404
    assert StaffDocument.objects.count() == before


def unknown(officer: Any) -> Any:
    """The same officer, of whom nothing is noted any more."""
    for one in queries.staff_documents(officer.pk):
        actions.remove_staff_document(one.id, actor=SYSTEM, place=PLACE)
    return officer


def test_administrator_notes_a_spouse_whose_number_nobody_keeps(browser: BrowserOf, person: Person) -> None:
    officer = unknown(person("window_officer"))

    page = browser("administrator").post(
        address(officer), OF | {"relation": "spouse", "number": OTHER_NUMBER}, follow=True
    )

    shown = page.content.decode()
    entry = history(officer.pk)[-1]
    assert "配偶" in shown
    assert OTHER_NUMBER not in shown
    assert (entry.event, entry.actor.role) == ("staff.document_noted", "administrator")
    assert OTHER_NUMBER not in str(entry.payload)
    assert queries.without_own_document([officer.pk]) == {officer.pk}


def test_wrong_number_is_told_beside_its_field_and_keeps_what_was_typed(
    browser: BrowserOf, person: Person
) -> None:
    officer = unknown(person("window_officer"))
    wrong = OF | {"number": "110105194912310021"}
    answer = browser("administrator").post(address(officer), wrong | {"relation": ""})
    again = browser("administrator").post(address(officer), wrong | {"relation": "self"})

    assert (answer.status_code, again.status_code) == (422, 422)
    assert "请选择是谁的证件" in answer.content.decode()
    assert 'value="110105194912310021"' in again.content.decode()
    assert 'href="#f-number"' in again.content.decode()
    assert queries.staff_documents(officer.pk) == []


def test_administrator_notes_nothing_of_themselves(browser: BrowserOf, person: Person) -> None:
    me = person("administrator")
    browser_of_me = browser("administrator")

    refused = browser_of_me.post(address(me), OF | {"relation": "self", "number": NUMBER})

    assert refused.status_code == 403
    assert OwnAccount().sentence in refused.content.decode()
    assert "须由另一位管理员办理" in browser_of_me.get(address(me)).content.decode()


def test_noting_twice_is_once_and_a_stranger_without_appointment_is_not_found(person: Person) -> None:
    officer = person("window_officer")

    first, second = (
        actions.note_staff_document(officer, actor=SYSTEM, number=NUMBER, **OF) for _ in range(2)
    )
    with pytest.raises(NotFound):
        actions.note_staff_document(person("stranger"), actor=SYSTEM, number=NUMBER, **OF)

    assert first == second
    assert len(queries.staff_documents(officer.pk)) == 2  # with the one that was noted at the appointment
    assert [one.event for one in history(officer.pk)].count("staff.document_noted") == 2


@pytest.mark.parametrize(
    ("whose", "number"), [("self", NUMBER), ("spouse", NUMBER), ("child", CHILD), ("other", CHILD)]
)
def test_nobody_decides_a_case_of_their_own_or_their_household(
    submitted: CaseView, actor: ActorOf, person: Person, browser: BrowserOf, whose: str, number: str
) -> None:
    take(submitted.id, actor("colleague"), "accept")
    officer, before = actor("window_officer"), len(history(submitted.id))
    actions.note_staff_document(person("window_officer"), actor=SYSTEM, number=number, relation=whose, **OF)

    words = {"confirmation": "1"}
    with pytest.raises(CaseConcernsActor):
        casework.take_transition(
            submitted.id, actor=officer, name="check_originals", key=uuid4(), words=words
        )
    refused = browser("window_officer").get(f"{reverse('desk:case', args=[submitted.id])}?place={PLACE}")

    assert refused.status_code == 403
    assert "这件申请涉及您本人或您的家庭成员，须由其他同事办理，您不能查看。" in refused.content.decode()
    assert cases.case_for(actor("colleague"), submitted.id).state == "at_window"
    assert len(history(submitted.id)) == before


def test_removed_document_keeps_nobody_away_any_more(
    submitted: CaseView, actor: ActorOf, person: Person, browser: BrowserOf
) -> None:
    officer = person("window_officer")
    noted = actions.note_staff_document(officer, actor=SYSTEM, number=NUMBER, **OF)
    elsewhere = reverse("desk:admin-remove-document", args=[person("approver").pk, noted])
    mine = reverse("desk:admin-remove-document", args=[officer.pk, noted])
    administrator = browser("administrator")

    wrong = administrator.post(elsewhere)
    answer = administrator.post(mine)

    assert (wrong.status_code, answer.status_code) == (404, 302)
    assert noted not in {one.id for one in queries.staff_documents(officer.pk)}
    assert history(officer.pk)[-1].event == "staff.document_forgotten"
    assert casework.claim_case(submitted.id, actor=actor("window_officer")).claimed_by_id == officer.pk


def test_nobody_claims_of_whom_no_document_is_known(
    submitted: CaseView, actor: ActorOf, person: Person, browser: BrowserOf
) -> None:
    """Nobody can say which cases are theirs: not claimed, not handed to them, not in bulk."""
    officer = unknown(person("window_officer"))
    claim = reverse("desk:claim", args=[submitted.id])

    refused = browser("window_officer").post(claim, {"place": PLACE})
    with pytest.raises(Invalid, match="还没有登记"):
        casework.assign_case(submitted.id, actor=actor("lead_officer"), to=officer.pk, reason="请办。")
    (left_out,) = cases.preview(actor("window_officer"), [submitted.id], name="accept")
    actions.note_staff_document(officer, actor=SYSTEM, number=OTHER_NUMBER, **OF)
    claimed = casework.claim_case(submitted.id, actor=actor("window_officer"))

    assert refused.status_code == 403
    assert NotOnRecord().sentence in refused.content.decode()
    assert left_out.refusal == NotOnRecord().sentence
    assert claimed.claimed_by_id == officer.pk


def test_document_given_at_registration_keeps_its_owner_away(
    submitted: CaseView, actor: ActorOf, person: Person
) -> None:
    officer = unknown(person("window_officer"))

    actions.give_identity(officer.pk, name="宫子衿", kind="111", number=NUMBER, actor=SYSTEM)
    only_written = queries.without_own_document([officer.pk])
    actions.note_assurance(officer.pk, actor=SYSTEM, level=Level.REAL_NAME, source="registry")

    assert only_written == {officer.pk}  # what somebody writes of themselves opens nothing
    assert queries.without_own_document([officer.pk]) == set()
    with pytest.raises(CaseConcernsActor):
        cases.case_for(actor("window_officer"), submitted.id)


def test_document_noted_as_somebody_elses_is_not_noted_anew_in_silence(person: Person) -> None:
    officer = unknown(person("window_officer"))
    actions.note_staff_document(officer, actor=SYSTEM, number=NUMBER, relation="spouse", **OF)

    with pytest.raises(Invalid, match="已经登记为「配偶」"):
        actions.note_staff_document(officer, actor=SYSTEM, number=NUMBER, relation="self", **OF)
