"""Erasing what people were told.  Door: `actions`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yincai.messages.models import Message, SwitchedOff
from yincai.messages.vocabulary import State


def forget_messages(*, before: datetime, limit: int) -> int:
    """Erase at most so many messages that were written before a moment and wait for nothing; how many."""
    old = Message.objects.filter(created_at__lt=before).exclude(state=State.QUEUED)
    ids = list(old.order_by("created_at", "pk").values_list("pk", flat=True)[:limit])
    return Message.objects.filter(pk__in=ids).delete()[0]


def erase_messages_of(account_id: UUID) -> int:
    """Erase everything that an account was told, by every channel, and what it chose; how many messages."""
    with transaction.atomic():
        SwitchedOff.objects.filter(account_id=account_id).delete()
        return Message.objects.filter(account_id=account_id).delete()[0]
