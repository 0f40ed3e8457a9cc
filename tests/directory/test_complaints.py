"""Complaints: whom they concern never sees them, the anonymous stay so, each is answered in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.directory.asking import resident
from tests.directory.conftest import PLACE
from tests.directory.helping import COMPLAINT, applicant, complain, officer, screenshot
from yincai.directory import actions, queries
from yincai.directory.models import Complaint
from yincai.directory.vocabulary import (
    ComplaintStanding,
    NoProgress,
    NoSupport,
    NotInHand,
    NotTheirs,
    Outcome,
)
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import ANONYMOUS, SYSTEM, Actor
from yincai.messages import queries as messages
from yincai.messages import tasks as telling
from yincai.people import actions as people
from yincai.people import queries as accounts
from yincai.people.vocabulary import TooManyAttempts

pytestmark = pytest.mark.django_db
FRIDAY = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


def sees(actor: Actor, complaint_id: object) -> bool:
    """Whether it is in this officer's list and opens; the two agree."""
    listed = complaint_id in [one.id for one in queries.waiting_complaints(actor, PLACE)[0]]
    try:
        queries.open_complaint(actor, complaint_id)  # type: ignore[arg-type]
    except NotFound:
        opens = False
    else:
        opens = True
    assert listed == opens
    return opens


def answered(complaint_id: object, by: Actor) -> None:
    actions.claim_complaint(complaint_id, actor=by)  # type: ignore[arg-type]
    actions.answer_complaint(
        complaint_id,  # type: ignore[arg-type]
        actor=by,
        outcome="true",
        text="已核实并退回全部费用，相关人员另行处理。",
    )


def test_complaint_has_its_number_and_fifteen_working_days() -> None:
    with clock.frozen(FRIDAY):
        made = complain()

    assert made.number == "TS202611200001"
    assert made.due_at == datetime.fromisoformat("2026-12-12T00:00:00+08:00")


def test_nothing_that_was_written_lies_in_clear_or_in_the_ledger() -> None:
    made = complain(officer="周知远", name="林小舟", phone="13912340001", case="RC123", is_anonymous=True)
    handler = officer()
    answered(made.id, handler)

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM directory_complaint t")
        row = str(cursor.fetchall())
    said = str([(one.payload, one.words) for one in ledger.history(made.id)])
    for secret in ("加急", "周知远", "林小舟", "13912340001", "RC123", "退回全部费用"):
        assert secret not in row
        assert secret not in said


def test_anonymous_complaint_is_not_tied_to_its_maker_in_its_chain() -> None:
    hidden, shown = complain(is_anonymous=True), complain()

    assert ledger.history(hidden.id)[0].actor == ANONYMOUS
    assert ledger.history(shown.id)[0].actor.id == resident().pk


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"text": " "}, "text"),
        ({"against": ""}, "against"),
        ({"office": "nowhere"}, "office"),
        ({"against": "office", "office": ""}, "office"),
        ({"against": "officer", "office": ""}, "officer"),
        ({"text": "长" * 2001}, "text"),
    ],
)
def test_mistakes_are_said_beside_their_inputs(more: dict[str, str], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        complain(**more)

    assert [one.path for one in refused.value.problems] == [path]
    assert not Complaint.objects.exists()


def test_same_form_sent_twice_complains_once() -> None:
    key = uuid4()

    assert complain(key=key).id == complain(key=key).id
    with pytest.raises(IntegrityError), transaction.atomic():
        complain("other", key=key)


def test_place_without_a_supervisor_takes_none() -> None:
    with pytest.raises(NoSupport):
        actions.submit_complaint(
            actions.Grievance(**COMPLAINT), actor=applicant(), place="nowhere", key=uuid4()
        )


def test_account_complains_ten_times_a_day_at_most() -> None:
    for _ in range(10):
        complain()

    with pytest.raises(TooManyAttempts):
        complain()


def test_whom_it_names_neither_sees_nor_handles_it() -> None:
    named, other = officer(), officer("second")
    by_name = complain(against="officer", officer=" 温 言 ")
    in_text = complain(text="一个叫温言的人说交钱可以加急。")

    for made in (by_name, in_text):
        assert not sees(named, made.id)
        assert sees(other, made.id)
        with pytest.raises(NotFound):
            actions.claim_complaint(made.id, actor=named)
        with pytest.raises(NotFound):
            queries.open_identity(named, made.id, stated="x")
    assert not any(one.is_read and one.actor.id == named.id for one in ledger.history(by_name.id))


def test_who_is_named_later_is_kept_away_too() -> None:
    made = complain(text="方晓说交钱可以加急。")
    late = officer("second")

    with pytest.raises(NotFound):
        queries.open_complaint(late, made.id)
    with pytest.raises(NotFound):
        actions.claim_complaint(made.id, actor=late)


def test_who_worked_on_the_case_is_kept_away() -> None:
    worked, other = officer(), officer("second")
    assert worked.id is not None

    made = complain(against="decision", worked_on_it=[worked.id])

    assert not sees(worked, made.id)
    assert sees(other, made.id)


def test_office_concerned_does_not_handle_it_but_a_supervisor_does() -> None:
    concerned = officer(office="harbour_branch")
    watcher = officer("watcher", role="supervisor", office="harbour_branch")
    made = complain()

    assert not sees(concerned, made.id)
    assert sees(watcher, made.id)


def test_officer_does_not_handle_their_own() -> None:
    officer()
    made = complain("helper")

    assert not sees(officer(), made.id)


def test_auditor_sees_and_does_not_handle() -> None:
    made, auditor = complain(), officer("watcher", role="auditor")

    assert sees(auditor, made.id)
    with pytest.raises(NotAllowed):
        actions.claim_complaint(made.id, actor=auditor)


@pytest.mark.parametrize("who", [{"role": "librarian"}, {"place": "guangzhou", "office": "city"}])
def test_others_see_nothing(who: dict[str, str]) -> None:
    made, other = complain(), officer("second", **who)

    with pytest.raises(NotFound):
        queries.waiting_complaints(other, PLACE)
    with pytest.raises(NotFound):
        queries.open_complaint(other, made.id)


def test_anonymous_maker_is_shown_to_supervisors_and_auditors_for_a_reason_on_record() -> None:
    made = complain(is_anonymous=True, name="林小舟", phone="13912340001")
    with pytest.raises(NotTheirs):
        queries.open_identity(officer(), made.id, stated="想知道")
    assert not any(one.payload.get("what") == "complainant" for one in ledger.history(made.id))

    for role in ("supervisor", "auditor"):
        seen = queries.open_identity(officer(f"w_{role}", role=role), made.id, stated="核实受理")
        assert (seen.name, seen.phone, seen.username) == ("林小舟", "13912340001", "asker")

    looks = [one for one in ledger.history(made.id) if one.payload.get("what") == "complainant"]
    assert [one.said("purpose") for one in looks] == ["核实受理"] * 2


def test_maker_who_is_not_anonymous_is_shown_to_the_handler_for_a_reason() -> None:
    made = complain(name="林小舟")

    assert queries.open_identity(officer(), made.id, stated="联系了解").name == "林小舟"


def test_complaint_is_answered_in_words_and_its_maker_told() -> None:
    made, handler = complain(), officer()

    answered(made.id, handler)

    seen = queries.own_complaint(applicant(), made.id)
    assert (seen.standing, seen.outcome) == (ComplaintStanding.ANSWERED, Outcome.TRUE)
    assert "退回全部费用" in seen.answer
    telling.tell_complainant(ledger.history(made.id)[-1])
    (told,) = messages.inbox(resident().pk)
    assert made.number in told.body
    assert "费用" not in told.body
    assert [one.id for one in queries.answered_complaints(handler, PLACE)[0]] == [made.id]
    with pytest.raises(SomeoneWasFirst):
        actions.claim_complaint(made.id, actor=handler)


def test_answer_needs_the_claim_an_outcome_and_words() -> None:
    made, handler, other = complain(), officer(), officer("second")
    with pytest.raises(NotInHand):
        actions.answer_complaint(made.id, actor=handler, outcome="true", text="好")
    actions.claim_complaint(made.id, actor=handler)
    with pytest.raises(SomeoneWasFirst):
        actions.claim_complaint(made.id, actor=other)
    with pytest.raises(NotInHand):
        actions.release_complaint(made.id, actor=other)

    with pytest.raises(Invalid) as refused:
        actions.answer_complaint(made.id, actor=handler, outcome="x", text=" ")

    assert [one.path for one in refused.value.problems] == ["outcome", "text"]
    assert queries.own_complaint(applicant(), made.id).is_waiting


def test_who_withdraws_loses_it_for_good() -> None:
    made, handler = complain(), officer()
    assert handler.id is not None
    actions.claim_complaint(made.id, actor=handler)

    actions.keep_away(made.id, actor=handler, account=handler.id)

    assert not sees(handler, made.id)
    assert queries.own_complaint(applicant(), made.id).claimed_by is None
    assert ledger.history(made.id)[-1].payload["account"] == str(handler.id)


def test_supervisor_keeps_others_away_and_nobody_else_does() -> None:
    made, handler, other = complain(), officer(), officer("second")
    watcher = officer("watcher", role="supervisor")
    assert handler.id is not None
    with pytest.raises(NotAllowed):
        actions.keep_away(made.id, actor=other, account=handler.id)
    with pytest.raises(NotFound):
        actions.keep_away(made.id, actor=watcher, account=resident("other").pk)

    actions.keep_away(made.id, actor=watcher, account=handler.id)

    assert not sees(handler, made.id)


def test_database_refuses_an_answer_by_whom_it_concerns() -> None:
    made, handler = complain(), officer()
    answered(made.id, handler)

    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=made.id).update(kept_away=[handler.id])


def test_without_an_account_it_is_followed_by_number_and_code() -> None:
    made, signed_in = complain(None), complain()
    code = queries.progress_code(made.id)

    assert queries.complaint_by_code(made.number, code, place=PLACE) == made.id
    assert queries.own_complaint(ANONYMOUS, made.id, code=code).number == made.number
    for number, shown in ((made.number, "AAAA-AAAA-AAAA"), ("TS1", code), (signed_in.number, code)):
        with pytest.raises(NoProgress):
            queries.complaint_by_code(number, shown, place=PLACE)
    with pytest.raises(NotFound):
        queries.own_complaint(applicant(), made.id)
    with pytest.raises(NotFound):
        queries.own_complaint(ANONYMOUS, signed_in.id, code=queries.progress_code(signed_in.id))


def test_files_are_the_makers_own(reader_here: None) -> None:
    made = complain(uploads=(screenshot(),))
    assert len(made.documents) == 1

    with pytest.raises(NotFound):
        complain(uploads=(screenshot("other"),))
    with pytest.raises(NotFound):
        complain(None, uploads=(screenshot(),))


def test_lists_go_page_by_page_soonest_due_first() -> None:
    with clock.frozen(FRIDAY) as hands:
        for number in range(25):
            hands.move_by(timedelta(hours=1))
            complain(f"asker_{number % 5}")
    handler = officer()

    first, after = queries.waiting_complaints(handler, PLACE)
    second, end = queries.waiting_complaints(handler, PLACE, after=after)

    dues = [one.due_at for one in first + second]
    assert (len(first), len(second), end) == (20, 5, None)
    assert dues == sorted(dues)
    own, more = queries.own_complaints(resident("asker_0").pk, PLACE)
    assert ([one.number for one in own], more) == (sorted((one.number for one in own), reverse=True), None)


def test_ended_appointment_sees_nothing_at_once() -> None:
    made, handler = complain(), officer()
    assert handler.id is not None
    (held,) = accounts.appointments(handler.id)

    people.end_appointment(held.id, actor=SYSTEM)

    with pytest.raises(NotFound):
        queries.open_complaint(handler, made.id)
