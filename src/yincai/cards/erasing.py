"""Cards whose case is erased: they are kept with it and go with it.  Doors: `actions` and `queries`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yincai.cards import storage
from yincai.cards.models import Card, Substitute
from yincai.cards.vocabulary import CardState
from yincai.foundation import clock
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM

ERASED = "content.erased"


def in_force_of(case_ids: Sequence[UUID]) -> dict[UUID, date | None]:
    """Which of these cases have a card in force today, and until which day the last of them holds; None: for
    good."""
    today = clock.today()
    rows = Card.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        case_id__in=list(case_ids),
        state=CardState.SEALED,
        paper=False,
    ).values_list("case_id", "valid_until")
    found: dict[UUID, date | None] = {}
    for case_id, last in rows:
        known = found.get(case_id, last)
        found[case_id] = None if last is None or known is None else max(known, last)
    return found


def last_days_of(case_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The last day on which a card of each of these cases held, for those that have one with an end."""
    rows = Card.objects.filter(case_id__in=list(case_ids), valid_until__isnull=False, paper=False)
    found: dict[UUID, date] = {}
    for case_id, last in rows.values_list("case_id", "valid_until"):
        if last is not None:
            found[case_id] = max(last, found.get(case_id, last))
    return found


def erase_cards_of(case_id: UUID) -> int:
    """Erase the cards and receipts of a case with their sealed files; how many.

    Nobody can verify them from then on: a verification says that there is no such card.
    """
    with transaction.atomic():
        rows = list(Card.objects.select_for_update().filter(case_id=case_id).order_by("pk"))
        for row in rows:
            record(chain=row.chain, event=ERASED, actor=SYSTEM, payload={"card": str(row.pk)})
            if row.pdf_key:
                transaction.on_commit(partial(storage.remove_file, row.pdf_key))
            row.delete()
        Substitute.objects.filter(case_id=case_id).delete()
    return len(rows)
