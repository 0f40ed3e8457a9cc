"""Cards that end soon: announced at thirty and at seven days, each once (private to the room)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yincai.cards.models import Card
from yincai.cards.vocabulary import EXPIRING, CardState
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, SYSTEM

DAYS: Final = (30, 7)
AT_ONCE: Final = 500


def announce_expiring(*, on: date) -> int:
    """Record `card.expiring` for every card in force that has come within one of `DAYS`; how many.

    A day on which nobody ran is caught up; who comes within seven days at once hears once.
    """
    return sum(_announce(days, on=on) for days in reversed(DAYS))


def _announce(days: int, *, on: date) -> int:
    near = Q(valid_until__gte=on, valid_until__lte=on + timedelta(days=days))
    untold = Q(told_days__isnull=True) | Q(told_days__gt=days)
    cards = Card.objects.filter(near & untold, state=CardState.SEALED, paper=False)
    rows = cards.order_by("valid_until", "pk").values_list("pk", "chain", "valid_until")
    told = 0
    while found := list(rows[:AT_ONCE]):  # who was told, or changed meanwhile, is not among the next
        told += sum(_tell(card_id, chain, last, days, untold) for card_id, chain, last in found if last)
    return told


def _tell(card_id: UUID, chain: UUID, last: date, days: int, untold: Q) -> int:
    """Record it once; nothing when the card changed or was announced meanwhile."""
    payload: dict[str, JSON] = {"card": str(card_id), "until": last.isoformat(), "days": days}
    with transaction.atomic():
        if not Card.objects.filter(untold, pk=card_id, state=CardState.SEALED).update(told_days=days):
            return 0
        record(chain=chain, event=EXPIRING, actor=SYSTEM, payload=payload)
    return 1
