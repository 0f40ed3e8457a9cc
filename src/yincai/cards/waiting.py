"""What surrounds the sealing: why a card still waits, and the files of attempts that came to nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from yincai.cards import storage
from yincai.cards.models import Card
from yincai.cards.vocabulary import SEAL_WAITED, CardState
from yincai.foundation import clock
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import SYSTEM

LEFTOVER_AFTER = timedelta(hours=1)


def note_waiting(card_id: UUID, reason: str) -> None:
    """Keep why a card is not sealed yet, in words; a new reason is recorded once in the case's history."""
    with transaction.atomic():
        waiting = Card.objects.filter(pk=card_id, state=CardState.ORDERED).exclude(waiting_reason=reason)
        if waiting.update(waiting_reason=reason) != 1:
            return
        card = Card.objects.get(pk=card_id)
        payload = {"card": str(card.id), "number": card.number, "reason": reason}
        ledger.record(chain=card.chain, event=SEAL_WAITED, actor=SYSTEM, payload=payload)


def sweep_leftovers() -> int:
    """Remove stored files that no card names and that are older than an hour; how many were removed."""
    removed = 0
    for key in storage.stored_keys(older_than=clock.now() - LEFTOVER_AFTER):
        if not Card.objects.filter(pdf_key=key).exists():
            storage.remove_file(key)
            removed += 1
    return removed
