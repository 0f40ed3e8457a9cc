"""What is kept of requests, and erasing it.  Doors: `actions` and `queries`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yincai.directory.models import Request, Right
from yincai.directory.requesting import withdraw_request
from yincai.directory.rights import end_right
from yincai.directory.vocabulary import Standing
from yincai.documents import actions as documents
from yincai.foundation import clock
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM, Actor

ERASED = "content.erased"


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request whose content is there; `decided_at` None: it waits."""

    id: UUID
    number: str
    place: str
    decided_at: datetime | None


def kept_requests(account_id: UUID) -> list[KeptRequest]:
    """Every request of somebody whose content is there, oldest first."""
    rows = Request.objects.filter(account_id=account_id, erased_at__isnull=True)
    return [
        KeptRequest(row.pk, row.number, row.place, row.decided_at)
        for row in rows.order_by("submitted_at", "pk")
    ]


def decided_requests(place: str, *, before: datetime, limit: int, after: UUID | None = None) -> list[UUID]:
    """Requests of a place that were decided or withdrawn before a moment, by id."""
    rows = Request.objects.filter(place=place, decided_at__lt=before, erased_at__isnull=True)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def erase_request(request_id: UUID) -> bool:
    """Erase what was written in a request that nobody waits for any more, and its file; whether it was there.

    The organisation that it asked for, if it was taken up, stays in the directory without its contact.
    """
    with transaction.atomic():
        rows = Request.objects.select_for_update(of=("self",)).filter(pk=request_id, erased_at__isnull=True)
        row = rows.exclude(standing=Standing.PENDING.value).first()
        if row is None:
            return False
        documents.erase(row.documents, why="retention")
        row.values, row.opinion, row.documents, row.erased_at = {}, "", [], clock.now()
        row.save(update_fields=["values", "opinion", "documents", "erased_at"])
        Right.objects.filter(request_id=request_id, ended_at__isnull=False).update(reason="")
        record(chain=row.pk, event=ERASED, actor=SYSTEM, payload={"why": "retention"})
    return True


def leave_directory(account_id: UUID) -> None:
    """Take back what somebody's requests wait for and end what they administer: their account is closed."""
    owner = Actor("applicant", account_id, "applicant")
    with transaction.atomic():
        waiting = Request.objects.filter(account_id=account_id, standing=Standing.PENDING.value)
        for request_id in waiting.order_by("pk").values_list("pk", flat=True):
            withdraw_request(request_id, actor=owner)
        held = Right.objects.filter(account_id=account_id, ended_at__isnull=True)
        for right_id in held.order_by("pk").values_list("pk", flat=True):
            end_right(right_id, actor=owner)
