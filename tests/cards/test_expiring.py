"""A card in force is announced thirty and seven days before its last day, each once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.cards.orders import order
from yincai.cards import expiring, tasks
from yincai.cards.models import Card
from yincai.cards.vocabulary import CardState
from yincai.foundation import clock
from yincai.ledger import queries as ledger
from yincai.ops.wiring import WIRING

pytestmark = pytest.mark.django_db
LAST = date(2029, 11, 21)


def in_force(state: CardState = CardState.SEALED) -> UUID:
    """The chain of a card that is valid until `LAST`."""
    chain = uuid4()
    card = order(chain=chain)
    Card.objects.filter(pk=card.id).update(
        state=state,
        sealed_at=clock.now(),
        issued_on=date(2026, 11, 22),
        valid_until=LAST,
        pdf_key=str(chain),
        pdf_sha256=chain.hex * 2,
    )
    return chain


def run_on(day: date) -> None:
    with clock.frozen(datetime(day.year, day.month, day.day, 8, 35, tzinfo=clock.CHINA)):
        tasks.announce_expiring(0)


def announced(chain: UUID) -> list[object]:
    found = [one for one in ledger.history(chain) if one.event == "card.expiring"]
    return [one.payload["days"] for one in found]


def test_card_is_announced_at_thirty_and_at_seven_days() -> None:
    chain = in_force()

    counted = []
    for before in (31, 30, 30, 8, 7, 7, 0, -1):
        run_on(LAST - timedelta(days=before))
        counted.append(len(announced(chain)))

    assert counted == [0, 1, 1, 1, 2, 2, 2, 2]
    assert announced(chain) == [30, 7]
    assert WIRING["card.expiring"] == ("messages.tell_applicant",)


def test_card_of_a_missed_month_is_announced_once() -> None:
    chain = in_force()

    run_on(LAST - timedelta(days=2))
    run_on(LAST - timedelta(days=1))

    assert announced(chain) == [7]


def test_more_cards_than_are_read_at_once_are_all_announced_on_one_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expiring, "AT_ONCE", 2)
    chains = [in_force() for _ in range(3)]

    run_on(LAST - timedelta(days=30))

    assert [announced(chain) for chain in chains] == [[30], [30], [30]]


@pytest.mark.parametrize("state", [CardState.CANCELLED, CardState.REPLACED, CardState.EXPIRED])
def test_card_that_is_not_in_force_is_not_announced(state: CardState) -> None:
    chain = in_force(state)

    run_on(LAST - timedelta(days=5))

    assert announced(chain) == []
