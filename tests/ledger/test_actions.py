from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from yincai.ledger import actions, models, queries
from yincai.ledger.vocabulary import Actor, OutsideTransaction, PersonalDataInLedger

OFFICER = Actor("staff", UUID("11111111-1111-4111-8111-111111111111"), "window_officer")


def record(chain: UUID, event: str = "case.submitted", **payload: object) -> object:
    with transaction.atomic():
        return actions.record(chain=chain, event=event, actor=OFFICER, payload=payload, office="window")  # type: ignore[arg-type]


@pytest.mark.django_db
def test_record_first_entry_begins_its_chain_at_one() -> None:
    chain = uuid4()

    entry = actions.record(
        chain=chain, event="case.submitted", actor=OFFICER, payload={"round": 1}, office="window"
    )

    (view,) = queries.history(chain)
    assert (entry.id, entry.sequence, entry.hash) == (view.id, 1, view.hash)
    assert (view.event, view.actor, view.office, view.payload) == (
        "case.submitted",
        OFFICER,
        "window",
        {"round": 1},
    )
    assert view.at == entry.at
    assert not view.is_read


@pytest.mark.django_db
def test_record_next_entry_carries_the_hash_before_it() -> None:
    chain = uuid4()
    first = actions.record(chain=chain, event="case.submitted", actor=OFFICER, payload={})

    second = actions.record(chain=chain, event="case.accepted", actor=OFFICER, payload={})

    row = models.Entry.objects.get(pk=second.id)
    head = models.Chain.objects.get(pk=chain)
    assert (second.sequence, bytes(row.previous_hash).hex()) == (2, first.hash)
    assert (head.last_sequence, bytes(head.last_hash).hex()) == (2, second.hash)


@pytest.mark.django_db
def test_record_read_stands_in_the_history_as_a_look() -> None:
    chain = uuid4()

    actions.record_read(chain=chain, actor=OFFICER, purpose="审核材料", what="answers")

    (view,) = queries.history(chain)
    assert view.is_read
    assert view.payload == {"purpose": "审核材料", "what": "answers"}


@pytest.mark.django_db
def test_changes_leave_the_looks_out() -> None:
    chain = uuid4()
    first = actions.record(chain=chain, event="case.submitted", actor=OFFICER, payload={})
    actions.record_read(chain=chain, actor=OFFICER, purpose="审核材料", what="answers")
    last = actions.record(chain=chain, event="case.accepted", actor=OFFICER, payload={})

    assert [one.id for one in queries.changes(chain)] == [first.id, last.id]


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused_and_leaves_nothing() -> None:
    chain = uuid4()

    with pytest.raises(OutsideTransaction):
        actions.record(chain=chain, event="case.submitted", actor=OFFICER, payload={})

    assert queries.history(chain) == []


@pytest.mark.django_db
@pytest.mark.parametrize("event", ["submitted", "Case.submitted", "case.submitted.twice", "record.read", ""])
def test_record_event_without_its_form_is_refused(event: str) -> None:
    with pytest.raises(ValueError, match="event name"):
        actions.record(chain=uuid4(), event=event, actor=OFFICER, payload={})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["身份证 11010519491231002X", "１３８请电 13800138000 联系", "+8613912345678", "440524188001010014"],
)
def test_record_payload_with_a_personal_number_is_refused(text: str) -> None:
    chain = uuid4()

    with pytest.raises(PersonalDataInLedger) as refusal:
        actions.record(
            chain=chain, event="case.returned", actor=OFFICER, payload={"reason": [{"text": text}]}
        )

    assert "13800138000" not in refusal.value.sentence
    assert queries.history(chain) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "RC20250102030405678",
        "110105194912310021",
        "v13800138000",
        "0b9c7f7e-4f0e-4d1c-9a3e-6f2b8c1d5e70",
    ],
)
def test_record_payload_with_an_ordinary_number_is_kept(text: str) -> None:
    chain = uuid4()

    actions.record(chain=chain, event="case.returned", actor=OFFICER, payload={"text": text})

    assert queries.history(chain)[0].payload == {"text": text}


@pytest.mark.django_db
@pytest.mark.parametrize("value", [1.5, 2**53, "nul\x00", "\ud800", {"键": 1}, object(), {1: 2}])
def test_record_payload_that_json_cannot_keep_exactly_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        actions.record(chain=uuid4(), event="case.returned", actor=OFFICER, payload={"value": value})  # type: ignore[dict-item]


@pytest.mark.django_db(transaction=True)
def test_record_of_eight_writers_on_one_chain_is_gapless() -> None:
    chain = uuid4()
    start = threading.Barrier(8)

    def write(writer: int) -> None:
        try:
            start.wait()
            for number in range(5):
                record(chain, writer=writer, number=number)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    rows = list(models.Entry.objects.filter(chain=chain).order_by("sequence"))
    assert [row.sequence for row in rows] == list(range(1, 41))
    assert [bytes(row.previous_hash) for row in rows[1:]] == [bytes(row.hash) for row in rows[:-1]]


@pytest.mark.django_db(transaction=True)
def test_record_rolled_back_leaves_no_gap() -> None:
    chain = uuid4()
    record(chain)
    with transaction.atomic():
        record(chain)
        transaction.set_rollback(True)

    record(chain)

    assert [view.sequence for view in queries.history(chain)] == [1, 2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET event = 'case.approved'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
        "UPDATE ledger_delivery SET handler = 'x'",
        "DELETE FROM ledger_checkpoint",
        "DELETE FROM ledger_chain",
        "UPDATE ledger_chain SET last_sequence = last_sequence - 1",
        "UPDATE ledger_chain SET last_sequence = last_sequence + 2",
        "UPDATE ledger_chain SET last_hash = decode(repeat('00', 32), 'hex')",
    ],
)
def test_ledger_refuses_to_be_rewritten_even_by_its_owner(statement: str) -> None:
    actions.record(chain=uuid4(), event="case.submitted", actor=OFFICER, payload={})

    with pytest.raises(IntegrityError, match=r"append-only|moves forward"), connection.cursor() as cursor:
        cursor.execute(statement)
