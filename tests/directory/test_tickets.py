"""Questions for help: asked with their context, answered in time, answered back, ended and taken up again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.directory.asking import resident
from tests.directory.conftest import PLACE
from tests.directory.helping import (
    CONTEXT,
    PHONE,
    answer,
    applicant,
    ask,
    begin,
    code_of,
    officer,
    question,
    screenshot,
    stranger_asks,
)
from yincai.directory import actions, queries
from yincai.directory.models import Ticket
from yincai.directory.tasks import end_tickets
from yincai.directory.vocabulary import (
    NoProgress,
    NoSupport,
    NotInHand,
    OwnTicket,
    TicketStanding,
    TooLateToReopen,
)
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import ANONYMOUS
from yincai.messages import queries as messages
from yincai.messages import tasks as telling
from yincai.messages.models import Message
from yincai.people.models import ContactCode
from yincai.people.vocabulary import NoContactCode, TooManyAttempts, WrongPhoneCode

pytestmark = pytest.mark.django_db
FRIDAY = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


def events(ticket: Any) -> list[str]:
    return [one.event for one in ledger.history(ticket.id) if not one.is_read]


def test_question_has_its_number_and_three_working_days() -> None:
    with clock.frozen(FRIDAY):
        made = ask()

    assert made.number == "ZX202611200001"
    assert made.due_at == datetime.fromisoformat("2026-11-26T00:00:00+08:00")  # Monday, Tuesday, Wednesday
    assert made.standing is TicketStanding.WAITING
    assert dict(made.context) == CONTEXT


def test_nothing_that_was_written_lies_in_clear_or_in_the_ledger(reader_here: None) -> None:
    made = ask(uploads=(screenshot(),), name="林小舟")

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text, m::text FROM directory_ticket t, directory_ticketmessage m")
        rows = str(cursor.fetchall())
    said = str([one.payload for one in ledger.history(made.id)])
    for secret in ("没有反应", "林小舟", PHONE, "/my/approved/"):
        assert secret not in rows
        assert secret not in said


def test_same_form_sent_twice_asks_once() -> None:
    key = uuid4()

    assert ask(key=key).id == ask(key=key).id
    assert Ticket.objects.count() == 1


def test_mistakes_are_said_beside_their_inputs_and_nothing_is_kept() -> None:
    with pytest.raises(Invalid) as refused:
        ask(text=" ", topic="", phone="12", office="nowhere")

    assert {one.path for one in refused.value.problems} == {"text", "topic", "phone", "office"}
    assert Ticket.objects.count() == 0


def test_landline_is_refused_because_the_answer_goes_by_sms() -> None:
    with pytest.raises(Invalid) as refused:
        ask(phone="020-83126088")

    assert [one.path for one in refused.value.problems] == ["phone"]


def test_place_where_nobody_answers_takes_no_questions() -> None:
    with pytest.raises(NoSupport):
        actions.ask_ticket(question(), actor=applicant(), place="nowhere", key=uuid4())


def test_file_of_somebody_else_is_not_taken(reader_here: None) -> None:
    other = screenshot("other")

    with pytest.raises(NotFound):
        ask(uploads=(other,))
    assert Ticket.objects.count() == 0


def test_account_asks_twenty_times_a_day_at_most() -> None:
    for _ in range(20):
        ask()

    with pytest.raises(TooManyAttempts):
        ask()
    assert Ticket.objects.count() == 20


def test_officer_claims_answers_and_the_asker_is_told(django_capture_on_commit_callbacks: Any) -> None:
    made = ask()

    done = answer(made)

    assert done.standing is TicketStanding.ANSWERED
    assert events(made) == ["ticket.asked", "ticket.claimed", "ticket.answered"]
    for entry in ledger.history(made.id):
        telling.tell_asker(entry)
    (told,) = messages.inbox(resident().pk)
    assert made.number in told.body
    assert "已修复" not in told.body
    (sms,) = Message.objects.filter(channel="sms")
    assert made.number in sms.content["body"]


def test_answer_needs_the_claim_of_whoever_answers() -> None:
    made, helper, second = ask(), officer(), officer("second")
    with pytest.raises(NotInHand):
        actions.answer_ticket(made.id, actor=helper, text="好的", key=uuid4())
    actions.claim_ticket(made.id, actor=helper)

    with pytest.raises(SomeoneWasFirst):
        actions.claim_ticket(made.id, actor=second)
    with pytest.raises(NotInHand):
        actions.answer_ticket(made.id, actor=second, text="好的", key=uuid4())
    with pytest.raises(NotInHand):
        actions.release_ticket(made.id, actor=second)
    assert queries.own_ticket(applicant(), made.id).standing is TicketStanding.WAITING


def test_claim_ends_by_itself_and_a_colleague_takes_over() -> None:
    made, helper, second = ask(), officer(), officer("second")
    actions.claim_ticket(made.id, actor=helper)

    with clock.frozen(clock.now() + timedelta(hours=2, seconds=1)):
        actions.claim_ticket(made.id, actor=second)
        with pytest.raises(NotInHand):
            actions.answer_ticket(made.id, actor=helper, text="好的", key=uuid4())


def test_answer_is_sent_once_however_often_it_is_pressed() -> None:
    made, helper, key = ask(), officer(), uuid4()
    actions.claim_ticket(made.id, actor=helper)

    for _ in range(2):
        actions.answer_ticket(made.id, actor=helper, text="好的", key=key)

    assert len(queries.own_ticket(applicant(), made.id).messages) == 2
    assert events(made).count("ticket.answered") == 1


def test_nobody_answers_themselves() -> None:
    helper = officer()
    assert helper.id is not None
    made = ask("helper")

    with pytest.raises(OwnTicket):
        actions.claim_ticket(made.id, actor=helper)


@pytest.mark.parametrize("who", [{"role": "librarian"}, {"place": "guangzhou", "office": "city"}])
def test_who_answers_nobody_here_sees_nothing(who: dict[str, str]) -> None:
    made, other = ask(), officer("second", **who)

    for act in (
        lambda: queries.waiting_tickets(other, PLACE),
        lambda: queries.answered_tickets(other, PLACE),
        lambda: queries.open_ticket(other, made.id),
        lambda: actions.claim_ticket(made.id, actor=other),
        lambda: queries.own_ticket(other, made.id),
    ):
        with pytest.raises(NotFound):
            act()
    assert [one for one in ledger.history(made.id) if one.is_read] == []


def test_look_of_an_officer_is_on_record() -> None:
    made = ask()

    seen = queries.open_ticket(officer(), made.id)

    assert seen.messages[0].text.startswith("点「下载」")
    looks = [one for one in ledger.history(made.id) if one.is_read]
    assert [(one.payload["what"], one.actor.role) for one in looks] == [("ticket", "support")]


def test_asker_answers_back_and_the_clock_begins_anew() -> None:
    with clock.frozen(FRIDAY) as hands:
        made = answer(ask())
        hands.move_to(FRIDAY + timedelta(days=5))
        again = actions.reply_to_ticket(made.id, actor=applicant(), text="还是不行。", key=uuid4())

    assert again.standing is TicketStanding.WAITING
    assert again.due_at == datetime.fromisoformat("2026-12-01T00:00:00+08:00")
    assert [one.is_answer for one in queries.own_ticket(applicant(), made.id).messages] == [
        False,
        True,
        False,
    ]


def test_addition_while_it_waits_moves_no_clock() -> None:
    with clock.frozen(FRIDAY) as hands:
        made = ask()
        hands.move_to(FRIDAY + timedelta(days=3))
        more = actions.reply_to_ticket(made.id, actor=applicant(), text="补充一点。", key=uuid4())

    assert more.due_at == made.due_at


def test_ended_question_is_taken_up_again_for_fifteen_days() -> None:
    made = answer(ask())
    closed = actions.close_ticket(made.id, actor=applicant())
    assert closed.closed_at is not None
    with pytest.raises(SomeoneWasFirst):
        actions.close_ticket(made.id, actor=applicant())

    with clock.frozen(closed.closed_at + timedelta(days=15)), pytest.raises(TooLateToReopen):
        actions.reply_to_ticket(made.id, actor=applicant(), text="又坏了。", key=uuid4())
    with clock.frozen(closed.closed_at + timedelta(days=14)):
        again = actions.reply_to_ticket(made.id, actor=applicant(), text="又坏了。", key=uuid4())
    assert again.standing is TicketStanding.WAITING
    assert events(made)[-2:] == ["ticket.closed", "ticket.reopened"]


def test_answered_question_ends_after_a_week_and_one_that_waits_does_not() -> None:
    done, waits = answer(ask()), ask()

    with clock.frozen(clock.now() + timedelta(days=7, hours=1)):
        end_tickets(0)

    assert queries.own_ticket(applicant(), done.id).standing is TicketStanding.CLOSED
    assert queries.own_ticket(applicant(), waits.id).standing is TicketStanding.WAITING
    assert ledger.history(done.id)[-1].payload["by"] == "time"


def test_others_neither_see_nor_touch_a_question() -> None:
    made, other = ask(), applicant("other")

    for act in (
        lambda: queries.own_ticket(other, made.id),
        lambda: queries.own_ticket(ANONYMOUS, made.id, code=queries.progress_code(made.id)),
        lambda: actions.reply_to_ticket(made.id, actor=other, text="x", key=uuid4()),
        lambda: actions.close_ticket(made.id, actor=other),
        lambda: actions.close_ticket(made.id, actor=ANONYMOUS),
    ):
        with pytest.raises(NotFound):
            act()
    assert events(made) == ["ticket.asked"]


def test_stranger_asks_once_their_phone_is_shown() -> None:
    ticket = begin()
    assert queries.waiting_tickets(officer(), PLACE)[0] == []
    with pytest.raises(NotFound):
        queries.open_ticket(officer(), ticket)

    made = actions.confirm_ticket(ticket, code=code_of(ticket))

    assert [one.id for one in queries.waiting_tickets(officer(), PLACE)[0]] == [ticket]
    assert made.account is None
    code = queries.progress_code(ticket)
    assert queries.ticket_by_code(made.number.lower(), code.lower().replace("-", " "), place=PLACE) == ticket
    assert queries.own_ticket(ANONYMOUS, ticket, code=code).number == made.number


@pytest.mark.parametrize("number", ["ZX202611200001", "ZX209901010001", ""])
def test_number_without_its_code_opens_nothing(number: str) -> None:
    with clock.frozen(FRIDAY):
        stranger_asks()

    with pytest.raises(NoProgress):
        queries.ticket_by_code(number, "AAAA-AAAA-AAAA", place=PLACE)


def test_code_of_one_question_opens_no_other() -> None:
    first, second = stranger_asks(), ask()

    with pytest.raises(NoProgress):
        queries.ticket_by_code(second.number, queries.progress_code(second.id), place=PLACE)
    with pytest.raises(NotFound):
        queries.own_ticket(ANONYMOUS, first.id, code=queries.progress_code(second.id))


def test_wrong_old_and_used_codes_send_nothing() -> None:
    ticket = begin()
    right = code_of(ticket)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(5):
        with pytest.raises(WrongPhoneCode):
            actions.confirm_ticket(ticket, code=wrong)
    with pytest.raises(WrongPhoneCode):  # five tries are over, the right one comes too late
        actions.confirm_ticket(ticket, code=right)

    actions.send_code_again(ticket)
    with clock.frozen(clock.now() + timedelta(minutes=10)), pytest.raises(WrongPhoneCode):
        actions.confirm_ticket(ticket, code=code_of(ticket))
    actions.confirm_ticket(ticket, code=code_of(ticket))
    with pytest.raises(WrongPhoneCode):
        actions.confirm_ticket(ticket, code=right)
    assert events(queries.ticket_for_messages(ticket)).count("ticket.asked") == 1


def test_phone_gets_three_codes_in_a_quarter_of_an_hour() -> None:
    for _ in range(3):
        begin()

    with pytest.raises(NoContactCode):
        begin()


def test_stranger_is_told_by_sms_and_the_number_is_kept_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = begin()
    telling.send_contact_code(ledger.history(ticket)[0])
    row = Message.objects.get()
    assert code_of(ticket) in row.content["body"]
    assert row.content["to"] == f"+86{PHONE}"
    made = actions.confirm_ticket(ticket, code=code_of(ticket))
    telling.tell_asker(ledger.history(ticket)[-1])
    sms = Message.objects.exclude(pk=row.pk).get()
    assert made.number in sms.content["body"]
    assert queries.progress_code(ticket) in sms.content["body"]
    sent: list[str] = []
    monkeypatch.setattr("yincai.messages.gateway.send", lambda *, to, text, key: sent.append(to) or "id")

    telling.send_sms(message_id=str(sms.pk))

    assert sent == [f"+86{PHONE}"]
    sms.refresh_from_db()
    assert (sms.state, "to" in sms.content) == ("sent", False)


def test_what_nobody_confirmed_is_forgotten_after_a_day() -> None:
    begin()
    made = ask()

    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        end_tickets(0)

    assert list(Ticket.objects.values_list("pk", flat=True)) == [made.id]


def test_code_is_deleted_when_it_is_used() -> None:
    stranger_asks()

    assert not ContactCode.objects.exists()


def test_lists_go_page_by_page_without_a_gap() -> None:
    made = [ask(f"asker_{number % 3}") for number in range(45)]
    helper = officer()
    found, after = queries.waiting_tickets(helper, PLACE)
    while after:
        more, after = queries.waiting_tickets(helper, PLACE, after=after)
        found += more
    own, following = queries.own_tickets(resident("asker_0").pk, PLACE)

    assert sorted(one.number for one in found) == sorted(one.number for one in made)
    assert ([len(own), following]) == [15, None]
    done = [answer(one, by=helper) for one in made[:22]]
    first, key = queries.answered_tickets(helper, PLACE)
    second, end = queries.answered_tickets(helper, PLACE, after=key)
    assert {one.id for one in first + second} == {one.id for one in done}
    assert end is None


def test_soonest_due_comes_first() -> None:
    with clock.frozen(FRIDAY) as hands:
        first = ask()
        hands.move_by(timedelta(days=4))
        second = ask("other")

    assert [one.id for one in queries.waiting_tickets(officer(), PLACE)[0]] == [first.id, second.id]


def test_lists_ask_as_much_for_one_as_for_twenty(django_assert_max_num_queries: Callable[..., Any]) -> None:
    helper = officer()
    for number in range(20):
        ask(f"asker_{number % 4}")

    with django_assert_max_num_queries(2):
        assert len(queries.waiting_tickets(helper, PLACE)[0]) == 20
