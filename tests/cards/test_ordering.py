from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction

from tests.cards.orders import ISSUER, order
from yincai.cards import actions, numbering, queries
from yincai.cards.holders import HolderData
from yincai.cards.models import Card
from yincai.cards.vocabulary import CannotTypeset, CardState
from yincai.foundation import clock
from yincai.foundation.encryption import CannotDecrypt
from yincai.foundation.errors import Invalid, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_order_takes_the_next_number_and_records_it() -> None:
    chain = uuid4()

    with clock.frozen(AT):
        first, second = order(chain=chain), order(chain=chain)

    assert (first.number, second.number) == ("LB-2026-00001", "LB-2026-00002")
    assert first.state is CardState.ORDERED
    entries = ledger.history(chain)
    assert [entry.event for entry in entries] == ["card.ordered", "card.ordered"]
    assert entries[0].payload["number"] == "LB-2026-00001"


@pytest.mark.django_db
def test_same_case_ordered_twice_gives_the_same_card_and_one_entry() -> None:
    chain, case = uuid4(), uuid4()

    first = order(chain=chain, case_id=case)
    again = order(chain=chain, case_id=case)

    assert again == first
    assert len(ledger.history(chain)) == 1


@pytest.mark.django_db
def test_series_restarts_with_the_year_and_is_its_own_for_each_variant() -> None:
    pattern = "{variant}{year}{serial:03}"

    with clock.frozen(AT) as hands:
        numbers = [order(number_pattern=pattern, variant=variant).number for variant in "AAB"]
        hands.move_to(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))  # midnight in China
        numbers.append(order(number_pattern=pattern, variant="A").number)

    assert numbers == ["A2026001", "A2026002", "B2026001", "A2027001"]


@pytest.mark.django_db(transaction=True)
def test_rolled_back_order_gives_its_number_back() -> None:
    with transaction.atomic():
        order()
        transaction.set_rollback(True)

    with transaction.atomic():
        card = order()

    assert card.number.endswith("-00001")


@pytest.mark.django_db(transaction=True)
def test_many_officers_at_once_get_one_card_a_case_without_gaps() -> None:
    cases = [uuid4() for _ in range(10)]
    seen: list[str] = []

    def issue() -> None:
        try:
            for case in cases:
                with transaction.atomic():
                    seen.append(order(case_id=case).number)
        finally:
            connection.close()

    officers = [threading.Thread(target=issue) for _ in range(4)]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()

    assert len(seen) == 40
    assert sorted(set(seen)) == sorted(Card.objects.values_list("number", flat=True))
    assert [number[-2:] for number in sorted(set(seen))] == [f"{n:02d}" for n in range(1, 11)]


@pytest.mark.django_db
def test_order_with_a_character_no_font_has_names_the_field_and_writes_nothing() -> None:
    with pytest.raises(CannotTypeset) as refusal:
        order(printed={"name": "欧阳\U0002b4e9敏"})

    assert [problem.path for problem in refusal.value.problems] == ["printed.name"]
    assert "第 3 个字" in refusal.value.problems[0].message
    assert not Card.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", ["LB-2026", "LB-{serial:05}-{nonsense}", "{serial}"])
def test_order_with_a_wrong_number_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid) as refusal:
        order(number_pattern=pattern)

    assert refusal.value.problems[0].path == "number_pattern"


@pytest.mark.django_db
def test_two_places_with_one_pattern_get_a_sentence_instead_of_a_crash() -> None:
    order(place="harbour_city", number_pattern="X-{serial:05}")

    with pytest.raises(Invalid) as refusal:
        order(place="inland_city", number_pattern="X-{serial:05}")

    assert "重复" in refusal.value.sentence


@pytest.mark.django_db
def test_holder_data_is_unreadable_at_rest_and_opens_for_its_own_card_only() -> None:
    one, other = order(), order()

    stored = bytes(Card.objects.get(pk=one.id).holder)

    assert "欧阳慧敏".encode() not in stored
    assert HolderData.unsealed(stored, card_id=one.id).printed["name"] == "欧阳慧敏"
    with pytest.raises(CannotDecrypt):
        HolderData.unsealed(stored, card_id=other.id)


@pytest.mark.django_db
def test_code_is_eighty_bits_in_groups_and_not_stored_in_clear() -> None:
    card = Card.objects.get(pk=order().id)

    code = HolderData.unsealed(card.holder, card_id=card.id).code

    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", code)
    assert bytes(card.code_index) == numbering.index_of(code)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("abcd-efgh-ijkl-mnop", "ABCD-EFGH-IJKL-MNOP"),
        ("ＡＢＣＤ　ＥＦＧＨ ijkl—mnop", "ABCD-EFGH-IJKL-MNOP"),
        ("0BCD-1FGH-8JKL-MNOP", "OBCD-IFGH-BJKL-MNOP"),
        ("ABCD-EFGH-IJKL", None),
        ("ABCD-EFGH-IJKL-MNO9", None),
        ("", None),
        ("A" * 100_000, None),
    ],
)
def test_code_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert numbering.read_code(typed) == read


@pytest.mark.django_db
def test_cancelling_needs_a_reason_happens_once_and_is_recorded() -> None:
    chain = uuid4()
    card = order(chain=chain)

    with pytest.raises(Invalid):
        actions.cancel_card(card.id, actor=ISSUER, reason="  ")
    cancelled = actions.cancel_card(card.id, actor=ISSUER, reason="信息有误")
    with pytest.raises(SomeoneWasFirst):
        actions.cancel_card(card.id, actor=ISSUER, reason="再次")

    assert cancelled.state is CardState.CANCELLED
    assert [entry.event for entry in ledger.history(chain)] == ["card.ordered", "card.cancelled"]


@pytest.mark.django_db
def test_unsealed_card_can_be_neither_replaced_nor_expired_nor_downloaded() -> None:
    card, newer = order(), order()

    with pytest.raises(SomeoneWasFirst):
        actions.replace_card(card.id, actor=ISSUER, replacement=newer.id)
    with pytest.raises(SomeoneWasFirst):
        actions.expire_card(card.id, actor=ISSUER)
    with pytest.raises(NotFound):
        queries.open_pdf(card.id)

    assert queries.card(card.id).state is CardState.ORDERED
