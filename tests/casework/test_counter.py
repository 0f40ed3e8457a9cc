"""代办: entered by an officer, confirmed by its applicant, worked on by others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.answers import OTHER_NUMBER, SECTIONS
from tests.cases import DECLARED, PLACE, PROGRAMME, fill, submit, take
from tests.casework.entering import PHONE, WHO, applicant_of, begin, code_of, filled, hand_in
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case, CounterConfirmation, CounterHelp
from yincai.casework.vocabulary import (
    CaseConcernsActor,
    EnteredAtCounter,
    NotComplete,
    NotConfirmed,
    OwnCase,
)
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.messages import tasks as telling
from yincai.messages.models import Message
from yincai.people import actions as people
from yincai.people import queries as accounts
from yincai.people.vocabulary import TooManyAttempts, WrongPhoneCode

ActorOf = Callable[[str], Actor]


def test_account_is_opened_at_the_counter_and_its_owner_gets_in_by_document(actor: ActorOf) -> None:
    officer = actor("window_officer")

    made = applicant_of(officer)

    identity = accounts.identity_of(made)
    assert identity is not None
    assert (identity.name, accounts.phone_of(made)) == (WHO["name"], f"+86{PHONE}")
    assert ledger.history(made)[0].actor.id == officer.id
    assert applicant_of(officer) == made  # the same document is the same account
    reset = people.ask_reset_code(document=("111", WHO["number"]))
    people.make_reset_code(reset)
    assert accounts.code_to_send(reset) is not None


@pytest.mark.parametrize("name", ["李四", "张晓雨雨"])
def test_document_of_another_name_opens_nothing(actor: ActorOf, name: str) -> None:
    applicant_of(actor("window_officer"))

    with pytest.raises(Invalid) as refused:
        applicant_of(actor("window_officer"), name=name)
    assert [one.path for one in refused.value.problems] == ["name"]


def test_documents_are_not_tried_without_end(actor: ActorOf) -> None:
    officer = actor("window_officer")
    applicant_of(officer)
    for _ in range(79):
        with pytest.raises(Invalid):
            applicant_of(officer, name="李四")

    with pytest.raises(TooManyAttempts):
        applicant_of(officer, name="李四")


@pytest.mark.parametrize("who", ["approver", "auditor", "administrator", "applicant"])
def test_only_window_officers_enter_for_others(actor: ActorOf, who: str) -> None:
    found = applicant_of(actor("window_officer"))

    with pytest.raises(NotAllowed):
        applicant_of(actor(who))
    with pytest.raises(NotAllowed):
        begin(actor(who), applicant=found)
    assert not CounterHelp.objects.exists()


def test_every_step_says_who_entered_for_whom(actor: ActorOf) -> None:
    officer = actor("window_officer")
    helping = filled(officer)

    hand_in(helping, officer)

    history = ledger.history(helping.case)
    by_officer = [one for one in history if one.actor.id == officer.id]
    assert {one.payload["on_behalf_of"] for one in by_officer} == {str(helping.applicant)}
    (confirmed,) = [one for one in history if one.event == "counter_help.confirmed"]
    assert (confirmed.actor.id, confirmed.payload) == (helping.applicant, {"how": "sms"})
    (handed_in,) = [one for one in history if "confirmed" in one.payload]
    assert (handed_in.actor.id, handed_in.actor.role) == (officer.id, "window_officer")
    assert {one.actor.id for one in history} <= {officer.id, helping.applicant, None}


def test_nothing_is_handed_in_without_the_applicant(actor: ActorOf) -> None:
    officer = actor("window_officer")
    helping = filled(officer)

    with pytest.raises(NotConfirmed):
        submit(helping.case, helping.actor)
    asked = actions.ask_confirmation(helping.id, actor=officer)
    with pytest.raises(NotConfirmed):
        submit(helping.case, helping.actor)
    wrong = f"{(int(code_of(asked)) + 1) % 1_000_000:06}"
    with pytest.raises(WrongPhoneCode):
        actions.submit_confirmed(helping.id, actor=officer, asked=asked, code=wrong, key=uuid4())

    assert cases.case_for(helping.actor, helping.case).is_draft


def test_code_goes_to_the_phone_of_the_account(actor: ActorOf) -> None:
    officer = actor("window_officer")
    helping = filled(officer)

    asked = actions.ask_confirmation(helping.id, actor=officer)
    telling.send_contact_code(ledger.history(asked)[0])

    sms = Message.objects.get()
    assert sms.content["to"] == f"+86{PHONE}"
    assert code_of(asked) in sms.content["body"]
    assert "代办" in sms.content["body"]


def test_draft_with_gaps_is_not_put_before_its_applicant(actor: ActorOf) -> None:
    officer = actor("window_officer")

    with pytest.raises(NotComplete):
        actions.ask_confirmation(begin(officer).id, actor=officer)
    assert not CounterConfirmation.objects.exists()


def test_change_after_the_code_was_asked_for_makes_it_void(actor: ActorOf) -> None:
    officer = actor("window_officer")
    helping = filled(officer)
    asked = actions.ask_confirmation(helping.id, actor=officer)
    changed = SECTIONS["person"] | {"name_zh": ["王小二"]}
    actions.save_section(helping.case, actor=helping.actor, section="person", posted=changed, seen_revision=1)

    with pytest.raises(NotConfirmed):
        actions.submit_confirmed(helping.id, actor=officer, asked=asked, code=code_of(asked), key=uuid4())
    assert cases.case_for(helping.actor, helping.case).is_draft
    hand_in(helping, officer)  # what stands there now is confirmed anew


def test_code_counts_once_and_for_ten_minutes(actor: ActorOf) -> None:
    officer = actor("window_officer")
    helping = filled(officer)
    asked = actions.ask_confirmation(helping.id, actor=officer)
    with clock.frozen(clock.now() + timedelta(minutes=10)), pytest.raises(NotConfirmed):
        actions.submit_confirmed(helping.id, actor=officer, asked=asked, code=code_of(asked), key=uuid4())
    hand_in(helping, officer)

    with pytest.raises(NotFound):
        actions.submit_confirmed(helping.id, actor=officer, asked=asked, code="000000", key=uuid4())
    assert CounterConfirmation.objects.filter(spent_at__isnull=False).count() == 1


def test_confirmation_of_one_case_hands_in_no_other(actor: ActorOf) -> None:
    officer = actor("window_officer")
    first = filled(officer)
    asked = actions.ask_confirmation(first.id, actor=officer)
    other = applicant_of(officer, name="李四", number=OTHER_NUMBER, phone="13912349002")
    second = begin(officer, applicant=other)
    fill(second.case, second.actor)

    with pytest.raises(NotConfirmed):
        actions.submit_confirmed(second.id, actor=officer, asked=asked, code=code_of(asked), key=uuid4())


def test_who_entered_neither_claims_nor_decides(actor: ActorOf) -> None:
    officer, colleague = actor("window_officer"), actor("colleague")
    helping = filled(officer)
    case = hand_in(helping, officer)

    for act in (
        lambda: actions.claim_case(case.id, actor=officer),
        lambda: take(case.id, officer, "accept"),
        lambda: actions.claim_case(case.id, actor=helping.actor),
    ):
        with pytest.raises((EnteredAtCounter, NotAllowed, NotFound)):
            act()

    assert take(case.id, colleague, "accept").state != case.state


def test_officer_with_another_role_too_does_not_approve_what_they_entered(
    actor: ActorOf, person: Callable[[str], Any]
) -> None:
    officer = actor("window_officer")
    people.appoint_staff(
        person("window_officer"), actor=SYSTEM, place=PLACE, office="organisation", role="approver"
    )
    helping = filled(officer)
    case = hand_in(helping, officer)
    take(case.id, actor("colleague"), "accept")
    take(case.id, actor("colleague"), "check_originals", confirmation="on")

    with pytest.raises(EnteredAtCounter):
        take(case.id, officer, "approve", opinion="好")
    assert take(case.id, actor("approver"), "approve", opinion="符合。").state != case.state


def test_officer_reads_no_other_case_of_the_resident(actor: ActorOf) -> None:
    officer = actor("window_officer")
    helping = begin(officer)
    owner = Actor("applicant", helping.applicant, "applicant")
    other = actions.open_draft(actor=owner, place=PLACE, programme=PROGRAMME, variant="B", key=uuid4())

    with pytest.raises(NotFound):
        cases.case_for(helping.actor, other.id)
    with pytest.raises(NotFound):
        cases.open_case(helping.actor, other.id)
    with pytest.raises(NotFound):
        actions.save_section(other.id, actor=helping.actor, section="person", posted={}, seen_revision=0)
    forged = Actor("staff", actor("colleague").id, "window_officer", behalf=helping.applicant)
    with pytest.raises(NotFound):
        cases.case_for(forged, helping.case)
    with pytest.raises(NotAllowed):
        actions.open_draft(actor=helping.actor, place=PLACE, programme=PROGRAMME, variant="C", key=uuid4())


def test_library_of_the_resident_stays_theirs(actor: ActorOf) -> None:
    helping = begin(actor("window_officer"))

    with pytest.raises(NotAllowed):
        actions.reuse_document(helping.case, actor=helping.actor, slot="identity_copy", document=uuid4())


def test_ended_help_opens_nothing_and_the_draft_stays_with_its_applicant(actor: ActorOf) -> None:
    officer = actor("window_officer")
    helping = filled(officer)
    owner = Actor("applicant", helping.applicant, "applicant")

    actions.end_counter_help(helping.id, actor=officer)

    with pytest.raises(NotFound):
        cases.case_for(helping.actor, helping.case)
    with pytest.raises(NotFound):
        actions.ask_confirmation(helping.id, actor=officer)
    assert submit(helping.case, owner).reference
    with pytest.raises(EnteredAtCounter):
        actions.claim_case(helping.case, actor=officer)


def test_applicant_may_go_on_and_hand_in_without_the_officer(actor: ActorOf) -> None:
    helping = filled(actor("window_officer"))
    owner = Actor("applicant", helping.applicant, "applicant")

    assert submit(helping.case, owner).reference


def test_appointment_that_ended_ends_the_help(actor: ActorOf) -> None:
    officer = actor("window_officer")
    helping = filled(officer)
    asked = actions.ask_confirmation(helping.id, actor=officer)
    assert officer.id is not None
    (held,) = accounts.appointments(officer.id)

    people.end_appointment(held.id, actor=SYSTEM)

    with pytest.raises(NotAllowed):
        actions.submit_confirmed(helping.id, actor=officer, asked=asked, code=code_of(asked), key=uuid4())
    with pytest.raises(NotFound):
        cases.case_for(helping.actor, helping.case)


def test_colleague_does_not_go_on_with_it(actor: ActorOf) -> None:
    helping, colleague = filled(actor("window_officer")), actor("colleague")

    for act in (
        lambda: actions.ask_confirmation(helping.id, actor=colleague),
        lambda: actions.end_counter_help(helping.id, actor=colleague),
    ):
        with pytest.raises(NotFound):
            act()


def test_nobody_enters_for_themselves_or_their_household(actor: ActorOf, person: Any) -> None:
    officer = actor("window_officer")
    assert officer.id is not None
    with pytest.raises(OwnCase):
        begin(officer, applicant=officer.id)
    people.note_staff_document(
        officer.id,
        actor=Actor("staff", person("administrator").pk, "administrator"),
        place=PLACE,
        relation="spouse",
        kind="111",
        number=WHO["number"],
    )

    with pytest.raises(CaseConcernsActor):
        begin(officer)
    assert not Case.objects.exists()


def test_form_sent_twice_opens_one(actor: ActorOf) -> None:
    officer, key = actor("window_officer"), uuid4()

    assert begin(officer, key=key).id == begin(officer, key=key).id
    assert Case.objects.count() == 1


def test_declared_words_do_not_stand_for_the_confirmation(actor: ActorOf) -> None:
    helping = filled(actor("window_officer"))
    case = cases.case_for(helping.actor, helping.case)

    with pytest.raises(NotConfirmed):
        actions.take_transition(
            helping.case, actor=helping.actor, name=case.way_out.name, key=uuid4(), words=DECLARED
        )
