from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.messages.people import NEWS, Resident, row, sms_told, told
from tests.sandbox.running import RunningSandbox
from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.messages import actions, queries
from yincai.messages.models import Message
from yincai.messages.vocabulary import GIVE_UP_AFTER, Failure, GatewayAway, State, Texts


def jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs WHERE task_name = 'messages.send_sms' ORDER BY id"
        )
        return [args for (args,) in cursor.fetchall()]


def test_tell_writes_the_inbox_and_queues_the_sms(resident: Resident) -> None:
    case_id = uuid4()

    in_box, by_sms = told(resident, case_id=case_id)

    [shown] = queries.inbox(resident.id)
    assert (shown.id, shown.title, shown.body) == (in_box, NEWS.title, NEWS.body)
    assert (shown.case_id, shown.read_at) == (case_id, None)
    assert row(by_sms).state == State.QUEUED


def test_same_key_tells_nothing_again(resident: Resident) -> None:
    first = told(resident)

    assert told(resident, texts=Texts(title="另一条", body="另一条", sms="另一条")) == first
    assert Message.objects.count() == 2
    assert len(jobs()) == 1
    assert queries.inbox(resident.id)[0].title == NEWS.title


def test_parts_without_text_are_not_told(resident: Resident) -> None:
    assert told(resident, texts=Texts()) == ()
    assert len(told(resident, texts=Texts(title="只有站内消息"), key="a")) == 1
    assert jobs() == []


def test_tell_falls_with_the_transaction_that_caused_it(resident: Resident) -> None:
    with transaction.atomic():
        told(resident)
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert jobs() == []


def test_nothing_personal_lies_open(resident: Resident) -> None:
    _, by_sms = told(resident, texts=Texts(title="标题张三", body="正文", sms="短信张三"))

    assert jobs() == [f'{{"message_id": "{by_sms}"}}']
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(m::text, ' ') FROM yincai_messages_message m")
        stored = cursor.fetchone()[0]
    assert "张三" not in stored
    assert resident.phone not in stored
    assert "张三".encode().hex() not in stored


def test_sms_reaches_the_phone_once(gateway: RunningSandbox, resident: Resident) -> None:
    message_id = sms_told(resident, key="once")

    actions.send_sms(message_id)
    actions.send_sms(message_id)

    assert gateway.texts(resident.phone) == [NEWS.sms]
    sent = row(message_id)
    assert (sent.state, sent.attempts) == (State.SENT, 1)
    assert sent.gateway_id == gateway.phone(resident.phone)["messages"][0]["id"]


@pytest.mark.parametrize("mode", ["off", "error", "wrong"])
def test_gateway_away_keeps_the_sms_queued_then_sends_it_once(
    gateway: RunningSandbox, resident: Resident, mode: str
) -> None:
    message_id = sms_told(resident, key=f"away-{mode}")
    gateway.fault("sms", mode)

    with pytest.raises(GatewayAway):
        actions.send_sms(message_id)
    assert (row(message_id).state, row(message_id).attempts) == (State.QUEUED, 1)
    assert gateway.texts(resident.phone) == []

    gateway.fault("sms", "working")
    actions.send_sms(message_id)
    assert (row(message_id).state, row(message_id).attempts) == (State.SENT, 2)
    assert gateway.texts(resident.phone) == [NEWS.sms]


def test_answer_lost_on_the_way_does_not_send_twice(gateway: RunningSandbox, resident: Resident) -> None:
    message_id = sms_told(resident, key="lost-answer")
    gateway.fault("sms", "drop", times=1)

    with pytest.raises(GatewayAway):
        actions.send_sms(message_id)
    assert gateway.texts(resident.phone) == [NEWS.sms]
    actions.send_sms(message_id)

    assert row(message_id).state == State.SENT
    assert gateway.texts(resident.phone) == [NEWS.sms]


def test_killed_between_sending_and_noting_does_not_send_twice(
    gateway: RunningSandbox, resident: Resident
) -> None:
    message_id = sms_told(resident, key="killed")
    actions.send_sms(message_id)
    Message.objects.filter(pk=message_id).update(state=State.QUEUED, sent_at=None, gateway_id="")

    actions.send_sms(message_id)

    assert row(message_id).state == State.SENT
    assert gateway.texts(resident.phone) == [NEWS.sms]


def test_gateway_that_nobody_listens_at_is_away_and_the_error_names_no_number(
    resident: Resident, settings: object
) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/sms"  # type: ignore[attr-defined]
    message_id = sms_told(resident)

    with pytest.raises(GatewayAway) as caught:
        actions.send_sms(message_id)

    assert resident.phone not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_sms_refused_by_the_gateway_fails_at_once(gateway: RunningSandbox, resident: Resident) -> None:
    [message_id] = told(resident, texts=Texts(sms="长" * 501), key="too-long")

    actions.send_sms(message_id)

    assert (row(message_id).state, row(message_id).failure) == (State.FAILED, Failure.REFUSED)
    assert gateway.texts(resident.phone) == []


def test_sms_to_an_account_without_phone_fails_with_its_reason(stranger: Resident) -> None:
    message_id = sms_told(stranger)

    actions.send_sms(message_id)

    assert (row(message_id).state, row(message_id).failure) == (State.FAILED, Failure.NO_PHONE)


def test_sms_is_given_up_when_the_news_is_old(gateway: RunningSandbox, resident: Resident) -> None:
    message_id = sms_told(resident, key="old-news")
    gateway.fault("sms", "off")

    with (
        clock.frozen(row(message_id).created_at + GIVE_UP_AFTER - timedelta(seconds=1)),
        pytest.raises(GatewayAway),
    ):
        actions.send_sms(message_id)
    with clock.frozen(row(message_id).created_at + GIVE_UP_AFTER):
        actions.send_sms(message_id)

    assert (row(message_id).state, row(message_id).failure) == (State.FAILED, Failure.TOO_LATE)


def test_reading_is_noted_once_and_counted(resident: Resident) -> None:
    in_box, _ = told(resident)
    told(resident, key="entry:2")
    assert queries.unread_count(resident.id) == 2

    actions.mark_read(in_box, account_id=resident.id)
    first = row(in_box).read_at
    actions.mark_read(in_box, account_id=resident.id)

    assert first is not None
    assert row(in_box).read_at == first
    assert queries.unread_count(resident.id) == 1


def test_message_of_another_does_not_exist_for_a_stranger(resident: Resident, stranger: Resident) -> None:
    in_box, by_sms = told(resident)

    for message_id, account_id in [(in_box, stranger.id), (by_sms, resident.id), (uuid4(), resident.id)]:
        with pytest.raises(NotFound):
            actions.mark_read(message_id, account_id=account_id)

    assert row(in_box).state == State.SENT
    assert queries.inbox(stranger.id) == []
    assert queries.unread_count(stranger.id) == 0


def test_inbox_is_paged_by_key_newest_first(resident: Resident) -> None:
    now = clock.now()
    for number in range(5):
        with clock.frozen(now + timedelta(seconds=number // 2)):
            told(resident, texts=Texts(title=str(number)), key=f"page-{number}")

    everything = queries.inbox(resident.id)
    first = queries.inbox(resident.id, size=2)
    rest = queries.inbox(resident.id, after=(first[-1].created_at, first[-1].id))

    assert [shown.created_at for shown in everything] == sorted(
        (shown.created_at for shown in everything), reverse=True
    )
    assert [*first, *rest] == everything


def test_case_shows_how_its_news_fared(gateway: RunningSandbox, resident: Resident) -> None:
    case_id = uuid4()
    _, by_sms = told(resident, case_id=case_id, key="fared")
    actions.send_sms(by_sms)

    fared = {(found.channel, found.state) for found in queries.deliveries_of_case(case_id)}

    assert fared == {("inbox", "sent"), ("sms", "sent")}
    assert queries.deliveries_of_case(UUID(int=0)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.SENT, "sent_at": None},
        {"state": State.QUEUED},
        {"state": State.FAILED, "sent_at": None},
        {"channel": "pigeon"},
        {"failure": "refused"},
    ],
)
def test_database_refuses_what_cannot_be(resident: Resident, changes: dict[str, object]) -> None:
    in_box, _ = told(resident)

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=in_box).update(**changes)
