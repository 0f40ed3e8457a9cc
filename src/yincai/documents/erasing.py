"""Erasing documents for the platform itself: their time is over, or their owner's account is.
Doors: `actions`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yincai.documents import jobs
from yincai.documents.models import Document
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import SYSTEM

AT_ONCE = 200
ERASED = "document.erased"


def erase(ids: Iterable[UUID], *, why: str) -> int:
    """Erase documents wherever they lie: row and key at once, files by a job of the same commit; how many.

    Whether it may be, the room whose case they lie in has decided; `why` is a word for the ledger.  One that
    is gone already is no error.
    """
    with transaction.atomic():
        rows = Document.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
        found = list(rows.prefetch_related("pages"))
        for row in found:
            ledger.record(chain=row.pk, event=ERASED, actor=SYSTEM, payload={"why": why})
            keys = [page.storage_key for page in row.pages.all()]
            jobs.ask_erase([*keys, row.original_key] if row.original_key else keys)
            row.delete()
    return len(found)


def erase_own(owner: UUID, *, why: str) -> int:
    """Erase what somebody keeps in their library, and what they uploaded and handed in nowhere; how many."""
    done = 0
    while ids := list(
        Document.objects.filter(owner_id=owner, case=None).values_list("pk", flat=True)[:AT_ONCE]
    ):
        done += erase(ids, why=why)
    return done


def loose_before(before: datetime, *, limit: int, after: UUID | None = None) -> list[UUID]:
    """Documents that were uploaded before a moment and lie in no case, request or library, by id."""
    rows = Document.objects.filter(case=None, entry=None, created_at__lt=before)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
