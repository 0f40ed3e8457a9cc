"""What is kept of requests, and erasing it.  Doors: `actions` and `queries`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yincai.directory.models import Complaint, Request, Right
from yincai.directory.requesting import withdraw_request
from yincai.directory.rights import end_right
from yincai.directory.ticket_models import Ticket
from yincai.directory.vocabulary import Standing
from yincai.documents import actions as documents
from yincai.engine.retention import Kept
from yincai.foundation import clock
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM, Actor

ERASED = "content.erased"


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request, ticket or complaint whose content is there; `ended_at` None: it is on its way."""

    id: UUID
    kind: Kept
    number: str
    place: str
    ended_at: datetime | None


def kept_requests(account_id: UUID) -> list[KeptRequest]:
    """Every request, ticket and complaint of somebody whose content is there, each sort oldest first."""
    requests = Request.objects.filter(account_id=account_id, erased_at__isnull=True)
    tickets = Ticket.objects.filter(account_id=account_id)
    complaints = Complaint.objects.filter(account_id=account_id)
    return (
        [
            KeptRequest(row.pk, Kept.DIRECTORY_REQUEST, row.number, row.place, row.decided_at)
            for row in requests.order_by("submitted_at", "pk")
        ]
        + [
            KeptRequest(row.pk, Kept.TICKET, row.number or "", row.place, row.closed_at)
            for row in tickets.order_by("asked_at", "pk")
        ]
        + [
            KeptRequest(row.pk, Kept.COMPLAINT, row.number, row.place, row.answered_at)
            for row in complaints.order_by("submitted_at", "pk")
        ]
    )


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


def ended_tickets(place: str, *, before: datetime, limit: int, after: UUID | None = None) -> list[UUID]:
    """Tickets of a place that were over before a moment, by id, whoever asked."""
    rows = Ticket.objects.filter(place=place, closed_at__lt=before)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def erase_ticket(ticket_id: UUID) -> bool:
    """Erase a ticket that is over, with all that was said and its files; whether it was there."""
    with transaction.atomic():
        over = Ticket.objects.filter(pk=ticket_id, closed_at__isnull=False)
        row = over.select_for_update(of=("self",)).first()
        if row is None:
            return False
        files = row.messages.values_list("documents", flat=True)
        documents.erase([one for each in files for one in each], why="retention")
        row.delete()
        record(chain=ticket_id, event=ERASED, actor=SYSTEM, payload={"why": "retention"})
    return True


def ended_complaints(place: str, *, before: datetime, limit: int, after: UUID | None = None) -> list[UUID]:
    """Complaints of a place that were answered before a moment, by id, whoever complained."""
    rows = Complaint.objects.filter(place=place, answered_at__lt=before)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def erase_complaint(complaint_id: UUID) -> bool:
    """Erase a complaint that was answered, with its answer and files; whether it was there."""
    with transaction.atomic():
        over = Complaint.objects.filter(pk=complaint_id, answered_at__isnull=False)
        row = over.select_for_update(of=("self",)).first()
        if row is None:
            return False
        documents.erase(row.documents, why="retention")
        row.delete()
        record(chain=complaint_id, event=ERASED, actor=SYSTEM, payload={"why": "retention"})
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
