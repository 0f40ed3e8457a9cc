"""The words of complaints (举报投诉): against what, how one stands, what limits it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yincai.directory.ticket_words import DAY
from yincai.foundation.errors import NotAllowed
from yincai.people.vocabulary import Limit

SUPERVISOR = "supervisor"
"""The role of a place whose holders see that complaints are answered, and alone see who is anonymous."""
AUDITOR = "auditor"
COMPLAINT_DAYS = 15
"""Within how many working days a complaint is answered; a duty of our own, as R10 art. 13 names no time."""
COMPLAINTS_A_DAY = Limit("complaint/account", 10, DAY)
COMPLAINTS_PER_ADDRESS = Limit("complaint/address", 10, timedelta(hours=1))


class Against(StrEnum):
    """What is complained about."""

    OFFICER = "officer"
    OFFICE = "office"
    DECISION = "decision"
    FEE = "fee"

    @property
    def words(self) -> str:
        """The words for people."""
        return {"officer": "工作人员", "office": "机构", "decision": "办理结果", "fee": "被要求付费"}[
            self.value
        ]


class Outcome(StrEnum):
    """What an examination found."""

    TRUE = "true"
    PARTLY = "partly"
    UNTRUE = "untrue"
    ELSEWHERE = "elsewhere"

    @property
    def words(self) -> str:
        """The words for people."""
        return {"true": "属实", "partly": "部分属实", "untrue": "不属实", "elsewhere": "不属于本平台处理"}[
            self.value
        ]


class ComplaintStanding(StrEnum):
    """How a complaint stands."""

    WAITING = "waiting"
    ANSWERED = "answered"

    @property
    def words(self) -> str:
        """The words for people."""
        return {"waiting": "办理中", "answered": "已答复"}[self.value]


class ComplaintEvent(StrEnum):
    """What the ledger hears, on the complaint's own chain; never what was written, nor by whom."""

    SUBMITTED = "complaint.submitted"
    CLAIMED = "complaint.claimed"
    RELEASED = "complaint.released"
    KEPT_AWAY = "complaint.kept_away"
    ANSWERED = "complaint.answered"


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """A complaint as whoever made it and who handles it see it; everything written is personal data.

    `name` and `phone` are empty for a handler when it is anonymous, and for everybody until they are asked
    for with a reason (`open_identity`).
    """

    id: UUID
    number: str
    place: str
    against: Against
    office: str
    officer: str
    case: str
    text: str
    is_anonymous: bool
    has_account: bool
    has_contact: bool
    documents: tuple[UUID, ...]
    standing: ComplaintStanding
    submitted_at: datetime
    due_at: datetime
    claimed_by: UUID | None
    claimed_until: datetime | None
    answered_at: datetime | None
    outcome: Outcome | None
    answer: str

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be answered."""
        return self.standing is ComplaintStanding.WAITING

    def is_claimed_by(self, account: UUID | None, *, at: datetime) -> bool:
        """Whether this handler has it in hand."""
        return self.claimed_by == account and self.claimed_until is not None and at < self.claimed_until

    def is_in_other_hands(self, account: UUID | None, *, at: datetime) -> bool:
        """Whether a colleague has it in hand."""
        taken = self.claimed_by is not None and self.claimed_until is not None and at < self.claimed_until
        return taken and self.claimed_by != account


@dataclass(frozen=True, slots=True)
class Complainant:
    """Who complained, for those who may know it.  Personal data."""

    name: str
    phone: str
    username: str


class NotTheirs(NotAllowed):
    """Who is anonymous is shown to nobody but supervisors and auditors."""

    def __init__(self) -> None:
        super().__init__("投诉人要求匿名，只有监督员和审计员能查看是谁，没有显示。请按投诉内容办理。")
