"""What an invitation opens, and what of it the applicant may see (private to the room; doors: `actions` and
`queries`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yincai.casework.dossier import Dossier
from yincai.casework.models import Case, Invitation, InvitedDocument
from yincai.casework.slots import Slot
from yincai.engine.kinds import Kind
from yincai.engine.spec import Concerns, Programme
from yincai.engine.workflow import APPLICANT
from yincai.foundation import clock
from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import NotFound
from yincai.foundation.masking import mask_name, mask_phone
from yincai.programmes import queries as programmes

TOKEN_PURPOSE, BROWSER_PURPOSE = "casework.invitation_token", "casework.invitation_browser"
OPEN_FOR = timedelta(days=7)
MOST_OPEN = 3
"""Invitations of one case that are open at a time."""
SPOUSE = frozenset({"10", "11", "12"})
"""配偶、夫、妻 in GB/T 4761-2008."""
RELATIONS = "family"


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as its applicant sees it: to whom in part, for what, how far it is."""

    id: UUID
    case: UUID
    name: str
    phone: str
    slots: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    shares: bool
    uploads: int

    def is_open(self, *, at: datetime) -> bool:
        """Whether the link still leads anywhere."""
        return self.ended_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class InvitedView:
    """What an invited person sees: what is asked of them, and nothing else of the case."""

    id: UUID
    name: str
    phone: str
    is_shown: bool
    """Whether this browser showed the code of the phone."""
    has_agreed: bool
    shares: bool
    slots: tuple[tuple[Slot, int], ...]
    """What is asked for, each with how many files of this invitation it has."""
    expires_at: datetime


def concerning_spouse(dossier: Dossier) -> list[Slot]:
    """The places for documents that concern the spouse: declared so, or in a row whose relation is 配偶."""
    rows = _spouse_rows(dossier)
    return [
        one
        for one in dossier.slots
        if one.material.concerns is Concerns.SPOUSE or tuple(one.name.split(".")[:2]) in rows
    ]


def may_invite(spec: Programme) -> bool:
    """Whether the programme asks for anything that may concern a spouse."""
    fields = [one for section in spec.sections for one in section.fields]
    declared = any(one.concerns is Concerns.SPOUSE for one in spec.materials)
    return declared or any(one.kind is Kind.ROWS and one.documents for one in fields)


def invitations_of(case_id: UUID) -> list[InvitationView]:
    """Every invitation of a case, newest first; whose case it is, the caller has decided."""
    rows = Invitation.objects.filter(case_id=case_id).prefetch_related("documents").order_by("-made_at", "id")
    return [invitation_view(row) for row in rows]


def invitation_view(row: Invitation) -> InvitationView:
    """A row as its applicant sees it."""
    return InvitationView(
        row.pk,
        row.case_id,
        mask_name(row.name),
        mask_phone(row.phone),
        tuple(row.slots),
        row.made_at,
        row.expires_at,
        row.opened_at,
        row.ended_at,
        row.shares,
        row.documents.count(),
    )


def live(token: str, *, lock: bool = False) -> tuple[Invitation, Case]:
    """The invitation behind a link and its case, while both are open; `NotFound` for every other link.

    A case that was handed in, deleted or decided ends what was open.
    """
    digest = blind_index(token, purpose=TOKEN_PURPOSE)
    rows = Invitation.objects.filter(token=digest, ended_at=None, expires_at__gt=clock.now())
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    cases = Case.objects.select_for_update() if lock else Case.objects.all()
    case = cases.filter(pk=row.case_id, deleted_at=None).first() if row else None
    if row is None or case is None or not _is_open(case, row):
        raise NotFound(GONE)
    return row, case


GONE = "这个链接不能用了：可能已用过、已过期、被撤回，或申请已经提交。请联系发给您链接的人，重新发一个。"


def hidden_from_applicant(case_id: UUID) -> set[UUID]:
    """The documents of a case that an invited person uploaded and did not agree to show."""
    rows = InvitedDocument.objects.filter(invitation__case_id=case_id, invitation__shares=False)
    return set(rows.values_list("document_id", flat=True))


def counted(row: Invitation, slots: Iterable[Slot]) -> tuple[tuple[Slot, int], ...]:
    """The slots of an invitation that there still are, each with how many live files it has from it."""
    mine = set(row.documents.values_list("document_id", flat=True))
    here = [one for one in row.case.materials.filter(removed_at=None) if one.document_id in mine]
    return tuple(
        (slot, sum(one.slot == slot.name for one in here)) for slot in slots if slot.name in row.slots
    )


def _is_open(case: Case, row: Invitation) -> bool:
    """Whether the applicant still holds the case, in the round in which they invited."""
    state = programmes.version(case.publication_id).programme.workflow.state(case.state)
    return state.holder == APPLICANT and (case.submitted_at is None or case.state_since <= row.made_at)


def _spouse_rows(dossier: Dossier) -> set[tuple[str, str]]:
    """Field and row of everybody whom a table of the form calls the spouse."""
    found = set()
    for section in dossier.spec.sections:
        for field in section.fields:
            relations = [one.name for one in field.rows if one.code_list == RELATIONS]
            for row in (dossier.facts.get(field.name) or []) if relations else []:
                if any(row.get(name) in SPOUSE for name in relations):
                    found.add((field.name, str(row["_row"])))
    return found
