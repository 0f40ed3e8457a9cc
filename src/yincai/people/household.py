"""Whom a member of staff is kept away from: themselves and their household, known by blind indexes alone
(private to the room; its doors are `actions` and `queries`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yincai.foundation import clock, codes
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.foundation.identifiers import IdentifierError, check_document
from yincai.foundation.once import once
from yincai.foundation.statements import lines
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import Account, Assurance, Identity, StaffAppointment, StaffDocument
from yincai.people.staffing import may_administer
from yincai.people.vocabulary import OTHERS, SELF, Event, Level, person_index

INDEXES = """
    SELECT digest FROM people_staffdocument WHERE account_id = %(account)s
    UNION SELECT digest FROM people_identity WHERE account_id = %(account)s
"""


@dataclass(frozen=True, slots=True)
class StaffDocumentView:
    """One document by which somebody is kept away; its number is known to nobody."""

    id: UUID
    relation: str
    kind_title: str
    noted_at: datetime
    noted_by: str

    @property
    def is_own(self) -> bool:
        """Whether it is the member of staff's own."""
        return self.relation == SELF


def note_staff_document(
    account: Account | UUID, *, actor: Actor, place: str, kind: str, number: str, relation: str = SELF
) -> UUID:
    """Keep the blind index of an identity document of a member of staff, or of their household; its id.

    By it they are kept away from cases that name that person.  The number itself is not kept.  A document
    noted before stays as it is.  Raises `Invalid` for a number that is none of its kind, an unknown relation
    or another one than it was noted with, `NotFound` for somebody without an appointment in the place.
    """
    account_id = account if isinstance(account, UUID) else account.pk
    may_administer(actor, account_id, place=place)
    if relation not in (SELF, *OTHERS):
        raise Invalid(problems=[Problem("relation", "请选择与这位同事的关系。")])
    try:
        digest = person_index(kind, check_document(kind, number, today=clock.today()))
    except IdentifierError as error:
        raise Invalid(error.sentence, problems=[Problem("number", error.sentence)]) from error
    with transaction.atomic():
        if not StaffAppointment.objects.filter(account_id=account_id, place=place).exists():
            raise NotFound
        row, is_new = StaffDocument.objects.get_or_create(
            account_id=account_id,
            digest=digest,
            defaults={"relation": relation, "kind": kind, "noted_by_id": actor.id},
        )
        if row.relation != relation:
            whose = {SELF: "本人", **OTHERS}[row.relation]
            sentence = f"这份证件已经登记为「{whose}」的，没有改动。登记错了的，请先删除再重新登记。"
            raise Invalid(sentence, problems=[Problem("relation", sentence)])
        if is_new:
            payload = {"document": str(row.pk), "place": place, "kind": kind, "relation": relation}
            record(chain=account_id, event=Event.DOCUMENT_NOTED, actor=actor, payload=payload)
    return row.pk


def remove_staff_document(document: UUID, *, actor: Actor, place: str) -> None:
    """Forget a document that was noted wrongly or of somebody who left the household; recorded.

    Raises `NotFound` for one that is not there, `NotAllowed` as every administration of staff.
    """
    row = StaffDocument.objects.filter(pk=document).first()
    if row is None:
        raise NotFound
    may_administer(actor, row.account_id, place=place)
    with transaction.atomic():
        if not StaffDocument.objects.filter(pk=document).delete()[0]:
            raise NotFound
        payload = {"document": str(row.pk), "place": place, "kind": row.kind, "relation": row.relation}
        record(chain=row.account_id, event=Event.DOCUMENT_FORGOTTEN, actor=actor, payload=payload)


def document_indexes(account_id: UUID) -> tuple[bytes, ...]:
    """The blind indexes of the documents of a member of staff and of their household: those that were noted,
    and the one with which they registered."""
    found = once(("documents", account_id), lambda: lines(INDEXES, account=account_id))
    return tuple(bytes(one) for (one,) in found)


def staff_documents(account_id: UUID) -> list[StaffDocumentView]:
    """By which documents a member of staff is kept away: their own first, then as they were noted."""
    titles = codes.load("identity_documents").codes
    rows = StaffDocument.objects.filter(account_id=account_id).select_related("noted_by")
    found = [
        StaffDocumentView(
            row.pk,
            row.relation,
            titles.get(row.kind, row.kind),
            row.noted_at,
            row.noted_by.shown_name if row.noted_by else "",
        )
        for row in rows.order_by("noted_at", "id")
    ]
    return sorted(found, key=lambda one: not one.is_own)


def without_own_document(account_ids: list[UUID]) -> set[UUID]:
    """Of which of these members of staff no document of their own is known: neither noted by an administrator
    nor registered and proven.  What somebody only wrote of themselves says nothing of whose cases are theirs.
    """
    noted = StaffDocument.objects.filter(account_id__in=account_ids, relation=SELF)
    proven = Assurance.objects.filter(level__gte=Level.REAL_NAME, fallen_at=None)
    registered = Identity.objects.filter(
        account_id__in=proven.filter(account_id__in=account_ids).values("account_id")
    )
    known = noted.values_list("account_id", flat=True).union(registered.values_list("account_id", flat=True))
    return set(account_ids) - set(known)
