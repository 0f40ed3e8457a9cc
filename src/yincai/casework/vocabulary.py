"""Words, values and errors that cross the door of `casework`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from yincai.casework.asked import AskedItem as AskedItem
from yincai.casework.asked import CorrectionView as CorrectionView
from yincai.casework.asked import ItemView as ItemView
from yincai.casework.asked import PinPlace as PinPlace
from yincai.casework.asked import ReasonView as ReasonView
from yincai.casework.asked import RoundView as RoundView
from yincai.casework.asked import label_of as label_of
from yincai.casework.refusals import AlreadyLive as AlreadyLive
from yincai.casework.refusals import ApplicationNotAdded as ApplicationNotAdded
from yincai.casework.refusals import AssuranceNeeded as AssuranceNeeded
from yincai.casework.refusals import CaseConcernsActor as CaseConcernsActor
from yincai.casework.refusals import EnteredAtCounter as EnteredAtCounter
from yincai.casework.refusals import FourEyes as FourEyes
from yincai.casework.refusals import HandedToColleague as HandedToColleague
from yincai.casework.refusals import HoldsAnother as HoldsAnother
from yincai.casework.refusals import NotClaimed as NotClaimed
from yincai.casework.refusals import NotComplete as NotComplete
from yincai.casework.refusals import NotConfirmed as NotConfirmed
from yincai.casework.refusals import NotOnRecord as NotOnRecord
from yincai.casework.refusals import NotPinned as NotPinned
from yincai.casework.refusals import OwnCase as OwnCase
from yincai.casework.refusals import TooManyDrafts as TooManyDrafts
from yincai.casework.refusals import VersionMoved as VersionMoved
from yincai.engine.spec import Programme
from yincai.engine.workflow import State, Transition, hands_in, leaving
from yincai.foundation.errors import Problem, SomeoneWasFirst

CARD_SEALED, CARD_GONE = "card_sealed", "card_cancelled"
"""What a programme calls the steps of the system that follow the sealing of a card, and its cancelling."""
OPENED = "draft.opened"
DELETED = "draft.deleted"
MOVED = "draft.moved"
MATERIAL_ADDED = "material.added"
MATERIAL_REMOVED = "material.removed"
MATERIAL_SUPERSEDED = "material.superseded"
MATERIAL_RESTORED = "material.restored"
INVITATION_MADE = "invitation.made"
INVITATION_OPENED = "invitation.opened"
INVITATION_ENDED = "invitation.ended"
COUNTER_OPENED = "counter_help.opened"
COUNTER_CONFIRMED = "counter_help.confirmed"
COUNTER_ENDED = "counter_help.ended"
CLAIMED = "claim.made"
RELEASED = "claim.released"
ASSIGNED = "case.assigned"
DUE_SOON, OVERDUE = "case.due_soon", "case.overdue"
CARD_REQUESTED = "card.requested"
LIMIT_MOVED = "limit.moved"
ROUND_FROZEN = "round.frozen"
EXPORT_ASKED = "export.asked"
REASON_ADDED = "reason.added"
REASON_CHANGED = "reason.changed"
REASON_RETIRED = "reason.retired"
REASON_RESTORED = "reason.restored"
STALE_CHOICE = "这个页面已经过期，没有办理任何一件。请返回待办重新勾选。"


class ExportState(StrEnum):
    """How far a spreadsheet is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ExportView:
    """A spreadsheet that somebody asked for, without its content."""

    id: UUID
    state: ExportState
    done: int
    total: int
    programme: str
    begin: date
    end: date
    whole_numbers: bool
    purpose: str
    asked_at: datetime
    ready_at: datetime | None


class Verb(StrEnum):
    """What somebody wants to do with a case; the table in `permissions` says who may."""

    READ = "read"
    EDIT = "edit"
    DELETE = "delete"
    CLAIM = "claim"
    DECIDE = "decide"
    ASSIGN = "assign"


@dataclass(frozen=True)
class CaseView:
    """A case as every door sees it.  Holds no answers: those are asked for with `queries.answers`."""

    id: UUID
    publication_id: UUID
    place: str
    programme: str
    variant: str
    account_id: UUID
    state: str
    state_since: datetime
    due_at: datetime | None
    changes: int
    reference: str | None
    round_number: int
    opened_at: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    claimed_by_id: UUID | None
    claimed_until: datetime | None
    office: str
    assigned_to_id: UUID | None
    spec: Programme = field(repr=False)

    @property
    def current_state(self) -> State:
        """The declared state in which the case rests."""
        return self.spec.workflow.state(self.state)

    @property
    def is_draft(self) -> bool:
        """Whether the applicant is still filling it in for the first time."""
        return self.submitted_at is None

    @property
    def is_in_correction(self) -> bool:
        """Whether it was handed in and lies with its applicant again, to be handed in anew."""
        ways = leaving(self.spec.workflow, self.state)
        return self.submitted_at is not None and any(hands_in(way) for way in ways)

    @property
    def title(self) -> str:
        """The programme's title, with the variant when there is one."""
        return self.spec.variant(self.variant).title if self.variant else self.spec.title

    @property
    def way_out(self) -> Transition:
        """The transition by which the applicant hands the case in from where it is; `LookupError` when
        none does."""
        for way in leaving(self.spec.workflow, self.state):
            if hands_in(way):
                return way
        raise LookupError(f"nothing hands a case in from {self.state}")

    def is_claimed_by(self, account_id: UUID | None, *, at: datetime) -> bool:
        """Whether this account holds the case now."""
        return self.claimed_by_id == account_id and self.claimed_until is not None and self.claimed_until > at


@dataclass(frozen=True)
class SectionContent:
    """The newest saved state of one section: what is valid, what was typed and is not yet, and when."""

    section: str
    revision: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)
    saved_at: datetime | None = None


@dataclass(frozen=True)
class Saved:
    """The answer to a saved section: its new content, what is still wrong in it, and the case around it.

    ``filled`` are the paths that were left empty and that an identity number answered.
    """

    case: CaseView
    content: SectionContent
    contents: Mapping[str, SectionContent]
    problems: tuple[Problem, ...] = ()
    merged: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """The page that saves, by the key with which it was drawn.

    `save` says the how-manieth save of the page this is (0: it does not count them), `overtakes` that an
    earlier one of them may still be on its way, `before` which page the same window showed before this one,
    where that one was still saving when it was left.
    """

    key: UUID
    save: int = 0
    overtakes: bool = False
    before: UUID | None = None

    @property
    def own(self) -> frozenset[UUID]:
        """The keys of the pages of this window."""
        return frozenset(key for key in (self.key, self.before) if key)


@dataclass(frozen=True)
class MaterialView:
    """One document in a slot of the case.  `label` is 首次提交 or 第N次补正."""

    id: UUID
    document_id: UUID
    slot: str
    round_number: int
    added_at: datetime

    @property
    def label(self) -> str:
        """In which submission it came, in the guide's words."""
        return label_of(self.round_number)


@dataclass(frozen=True)
class StepView:
    """One transition taken, with those of its words that whoever asked may read."""

    number: int
    transition: str
    title: str
    source: str
    target: str
    target_title: str
    actor_kind: str
    actor_id: UUID | None
    role: str
    words: Mapping[str, str]
    at: datetime


@dataclass(frozen=True)
class CaseNotice:
    """What `messages` may know of a case: whom to tell and the non-personal facts for the text."""

    case_id: UUID
    account_id: UUID
    place: str
    publication_id: UUID
    reference: str
    title: str
    state_title: str
    reason: str
    due_at: datetime | None


@dataclass(frozen=True)
class PaperRequest:
    """What the papers of a case are made of: the newest frozen round, with the names of its documents."""

    case: CaseView
    round_number: int
    submitted_at: datetime
    commitment: str
    answers: Mapping[str, Any] = field(repr=False)
    materials: tuple[tuple[str, str, str], ...] = field(repr=False)
    """Title of the slot, name of the file and SHA-256, in the order of the slots."""
    photo_document_id: UUID | None = None


@dataclass(frozen=True)
class CardRequest:
    """What `cards` needs to issue: who holds it, and the facts from which the declared card fields are
    worked out."""

    case_id: UUID
    account_id: UUID
    place: str
    programme: str
    publication_id: UUID
    variant: str
    facts: Mapping[str, Any] = field(repr=False)
    photo_document_id: UUID | None = None


class EditedElsewhere(SomeoneWasFirst):
    """The same field was changed on two devices.  Carries both sides, so that the page can show them.

    `fields` differ on both sides; `taken` were changed on the other device only.
    """

    def __init__(self, current: SectionContent, fields: tuple[str, ...], taken: tuple[str, ...] = ()) -> None:
        super().__init__("这一部分刚在另一台设备上改过。下面标出了两边不同的内容，请选择要保留的再保存。")
        self.current, self.fields, self.taken = current, fields, taken
