"""What is kept of cases, how long each kind is, and erasing them when it is over.

Doors: `queries` and `actions`.  When something is over `programmes.retention` says, and the room above that
also knows the cards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from yincai.casework.models import (
    Case,
    CaseKey,
    CorrectionItem,
    Export,
    Material,
    Round,
    SectionRevision,
    Step,
)
from yincai.documents import actions as documents
from yincai.engine.retention import Kept
from yincai.engine.workflow import Menu
from yincai.foundation import clock
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, SYSTEM
from yincai.programmes import queries as programmes

ERASED = "content.erased"
KINDS = {Menu.APPROVED: Kept.DECIDED, Menu.WITHDRAWN: Kept.WITHDRAWN}
"""As what a case counts that has ended under this entry of the menu; under every other as refused."""


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case as the one who decides on erasing it sees it.  `kind` None: it is on its way."""

    id: UUID
    place: str
    programme: str
    title: str
    reference: str
    state_title: str
    kind: Kept | None
    ended_at: datetime | None


def kept_cases(account_id: UUID) -> list[KeptCase]:
    """Every case of an account whose content is there, drafts among them, oldest first."""
    rows = Case.objects.filter(account_id=account_id, deleted_at__isnull=True)
    return [_kept(row) for row in rows.order_by("opened_at", "pk")]


def ended_cases(
    place: str, programme: str, kind: Kept, *, before: datetime, limit: int, after: UUID | None = None
) -> list[tuple[UUID, datetime]]:
    """Cases of a programme that ended as this kind before a moment, by id, each with when it ended."""
    rows = Case.objects.filter(
        _ended_as(place, programme, kind), deleted_at__isnull=True, ended_at__lt=before
    )
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = rows.order_by("pk").values_list("pk", "ended_at")[:limit]
    return [(case_id, ended_at) for case_id, ended_at in found if ended_at is not None]


def stale_drafts(
    place: str, programme: str, *, before: datetime, limit: int, after: UUID | None = None
) -> list[UUID]:
    """Drafts of a programme in which nobody saved or uploaded anything since a moment, by id."""
    rows = _stale(before).filter(place=place, programme=programme)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def erase_stale_draft(case_id: UUID, *, before: datetime) -> bool:
    """Erase a draft, unless somebody has worked on it since; whether it was there."""
    with transaction.atomic():
        row = _stale(before).select_for_update(of=("self",)).filter(pk=case_id).first()
        return row is not None and _erase(row, Kept.DRAFT, why="retention")


def erase_drafts_of(account_id: UUID) -> int:
    """Erase the drafts of an account that is being closed; how many."""
    with transaction.atomic():
        drafts = Case.objects.filter(
            account_id=account_id, submitted_at__isnull=True, deleted_at__isnull=True
        )
        rows = list(drafts.select_for_update(of=("self",)).order_by("pk"))
        return sum(_erase(row, Kept.DRAFT, why="account_closed") for row in rows)


def erase_case(case_id: UUID, *, kind: Kept) -> bool:
    """Erase a case that ended: answers, words, documents, the index of its people; with its key every copy.

    What is left says that there was a case, when, and which steps it took; nobody is found by it.  False when
    it is erased already or has not ended.
    """
    with transaction.atomic():
        ended = Case.objects.filter(pk=case_id, deleted_at__isnull=True, ended_at__isnull=False)
        row = ended.select_for_update(of=("self",)).first()
        return row is not None and _erase(row, kind, why="retention")


def erase_exports_of(account_id: UUID) -> int:
    """Erase the spreadsheets that somebody asked for as staff; how many."""
    return Export.objects.filter(account_id=account_id).delete()[0]


def _erase(row: Case, kind: Kept, *, why: str) -> bool:
    files = Material.objects.filter(case=row, removed_at__isnull=True).values_list("document_id", flat=True)
    documents.erase(list(files), why=why)
    SectionRevision.objects.filter(case=row).delete()
    CaseKey.objects.filter(case=row).delete()
    Round.objects.filter(case=row).update(sealed=b"", materials={})
    Step.objects.filter(case=row).update(words=None)
    CorrectionItem.objects.filter(correction__case=row).update(note=None)
    Case.objects.filter(pk=row.pk).update(
        deleted_at=clock.now(), data_key=b"", subject_name=None, subject_index=None, live_key=None
    )
    payload: dict[str, JSON] = {"kind": kind.value, "why": why}
    record(chain=row.pk, event=ERASED, actor=SYSTEM, payload=payload)
    return True


def _kept(row: Case) -> KeptCase:
    spec = programmes.version(row.publication_id).programme
    state = spec.workflow.state(row.state)
    kind = Kept.DRAFT if row.submitted_at is None else KINDS.get(state.menu, Kept.REFUSED)
    return KeptCase(
        id=row.pk,
        place=row.place,
        programme=row.programme,
        title=spec.title,
        reference=row.reference or "",
        state_title=state.title,
        kind=None if row.submitted_at and row.ended_at is None else kind,
        ended_at=row.ended_at,
    )


def _ended_as(place: str, programme: str, kind: Kept) -> Q:
    """In a final state that counts as this kind, whichever version the case is pinned to."""
    found = Q(pk__in=[])
    for published in programmes.all_versions():
        if (published.place, published.name) != (place, programme):
            continue
        states = published.programme.workflow.states
        names = [one.name for one in states if one.final and KINDS.get(one.menu, Kept.REFUSED) is kind]
        found |= Q(publication_id=published.id, state__in=names)
    return found


def _stale(before: datetime) -> QuerySet[Case]:
    worked_on = SectionRevision.objects.filter(case=OuterRef("pk"), saved_at__gte=before)
    added = Material.objects.filter(case=OuterRef("pk"), added_at__gte=before)
    return Case.objects.filter(
        ~Exists(worked_on),
        ~Exists(added),
        submitted_at__isnull=True,
        deleted_at__isnull=True,
        opened_at__lt=before,
    )
