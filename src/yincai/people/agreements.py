"""What people agree to when they register: its wordings, and who accepted which."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yincai.foundation.errors import NotFound
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, Actor
from yincai.people.models import Agreement, AgreementAcceptance
from yincai.people.vocabulary import Event


@dataclass(frozen=True, slots=True)
class AgreementView:
    """One wording of the agreement of a place."""

    id: UUID
    place: str
    number: int
    text: str
    published_at: datetime


def publish_agreement(place: str, text: str) -> AgreementView:
    """The wording in force: the newest kept if its text is the same, else this one under the next number."""
    digest = hashlib.sha256(text.encode()).digest()
    with transaction.atomic():
        newest = Agreement.objects.select_for_update().filter(place=place).order_by("-number").first()
        if newest is not None and bytes(newest.digest) == digest:
            return _view(newest)
        number = newest.number + 1 if newest else 1
        return _view(Agreement.objects.create(place=place, number=number, text=text, digest=digest))


def accept_agreement(agreement: UUID, *, account_id: UUID, actor: Actor) -> None:
    """Keep that the owner agreed to this wording; again changes nothing.  `NotFound` for no such wording."""
    row = Agreement.objects.filter(pk=agreement).first()
    if row is None:
        raise NotFound
    with transaction.atomic():
        _, is_new = AgreementAcceptance.objects.get_or_create(account_id=account_id, agreement=row)
        if is_new:
            payload: dict[str, JSON] = {"agreement": str(row.pk), "place": row.place, "number": row.number}
            record(chain=account_id, event=Event.AGREEMENT_ACCEPTED, actor=actor, payload=payload)


def agreement_of(place: str) -> AgreementView | None:
    """The wording in force in a place, or None where nothing is agreed to."""
    newest = Agreement.objects.filter(place=place).order_by("-number").first()
    return None if newest is None else _view(newest)


def accepted_agreements(account_id: UUID) -> list[tuple[AgreementView, datetime]]:
    """The wordings that somebody agreed to and when, newest first."""
    rows = AgreementAcceptance.objects.filter(account_id=account_id).select_related("agreement")
    return [(_view(row.agreement), row.at) for row in rows.order_by("-at", "id")]


def _view(row: Agreement) -> AgreementView:
    return AgreementView(row.pk, row.place, row.number, row.text, row.published_at)
