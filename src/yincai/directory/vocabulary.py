"""The words of the room: what a record is, how a request stands, what can be wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yincai.directory.complaint_words import AUDITOR as AUDITOR
from yincai.directory.complaint_words import COMPLAINT_DAYS as COMPLAINT_DAYS
from yincai.directory.complaint_words import COMPLAINTS_PER_ADDRESS as COMPLAINTS_PER_ADDRESS
from yincai.directory.complaint_words import SUPERVISOR as SUPERVISOR
from yincai.directory.complaint_words import Against as Against
from yincai.directory.complaint_words import Complainant as Complainant
from yincai.directory.complaint_words import ComplaintEvent as ComplaintEvent
from yincai.directory.complaint_words import ComplaintStanding as ComplaintStanding
from yincai.directory.complaint_words import ComplaintView as ComplaintView
from yincai.directory.complaint_words import NotTheirs as NotTheirs
from yincai.directory.complaint_words import Outcome as Outcome
from yincai.directory.ticket_words import CLOSED_AFTER as CLOSED_AFTER
from yincai.directory.ticket_words import FILES_EACH as FILES_EACH
from yincai.directory.ticket_words import HELP_SLOT as HELP_SLOT
from yincai.directory.ticket_words import LONGEST_TEXT as LONGEST_TEXT
from yincai.directory.ticket_words import PROGRESS_PER_ADDRESS as PROGRESS_PER_ADDRESS
from yincai.directory.ticket_words import PROGRESS_PER_NUMBER as PROGRESS_PER_NUMBER
from yincai.directory.ticket_words import REOPEN_WITHIN as REOPEN_WITHIN
from yincai.directory.ticket_words import STRANGERS_PER_ADDRESS as STRANGERS_PER_ADDRESS
from yincai.directory.ticket_words import SUPPORT as SUPPORT
from yincai.directory.ticket_words import TICKET_DAYS as TICKET_DAYS
from yincai.directory.ticket_words import NoProgress as NoProgress
from yincai.directory.ticket_words import NoSupport as NoSupport
from yincai.directory.ticket_words import NotInHand as NotInHand
from yincai.directory.ticket_words import OwnTicket as OwnTicket
from yincai.directory.ticket_words import Part as Part
from yincai.directory.ticket_words import TicketEvent as TicketEvent
from yincai.directory.ticket_words import TicketMessageView as TicketMessageView
from yincai.directory.ticket_words import TicketStanding as TicketStanding
from yincai.directory.ticket_words import TicketView as TicketView
from yincai.directory.ticket_words import TooLateToReopen as TooLateToReopen
from yincai.directory.ticket_words import Topic as Topic
from yincai.directory.writing_words import EDITOR as EDITOR
from yincai.directory.writing_words import LONGEST_REASON as LONGEST_REASON
from yincai.directory.writing_words import Edition as Edition
from yincai.directory.writing_words import VersionView as VersionView
from yincai.directory.writing_words import WritingEvent as WritingEvent
from yincai.directory.writing_words import WritingView as WritingView
from yincai.engine.directory import DirectorySpec, Sort
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem
from yincai.people.vocabulary import Limit

__all__ = ["REVIEWER", "DirectorySpec", "Problem", "Sort"]

REVIEWER = "data_reviewer"
"""The role of a place whose holders decide requests and see the organisations' contacts."""
WORKING_DAYS = 1
"""Within how many working days a request is decided (问答二)."""
PAGE = 20
SLOT = "directory"
"""The slot of the file of a request, in `documents`."""
REQUESTS_A_DAY = Limit("directory-request/account", 30, timedelta(days=1))
SEARCHES_PER_ACCOUNT = Limit("directory-search/account", 60, timedelta(minutes=1))
"""Searches, further pages and completions of a name while it is typed, all together."""
SEARCHES_PER_ADDRESS = Limit("directory-search/address", 120, timedelta(minutes=1))
"""The same of strangers; behind one address may be several people."""


class Deed(StrEnum):
    """What a request asks for."""

    ADD = "add"
    CHANGE = "change"
    ADMINISTER = "administer"


class Standing(StrEnum):
    """How a request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What the ledger hears: of records on the record's chain, of requests on the request's, of rights on the
    right's."""

    RECORD_ADDED = "record.added"
    RECORD_CHANGED = "record.changed"
    REQUEST_SUBMITTED = "record_request.submitted"
    REQUEST_APPROVED = "record_request.approved"
    REQUEST_REFUSED = "record_request.refused"
    REQUEST_WITHDRAWN = "record_request.withdrawn"
    RIGHT_GRANTED = "administrator_right.granted"
    RIGHT_ENDED = "administrator_right.ended"


@dataclass(frozen=True, slots=True)
class RecordView:
    """An organisation, school or major as anybody may see it, in the version that counts today."""

    id: UUID
    version: int
    sort: Sort
    place: str
    name: str
    code: str
    facts: Mapping[str, str]
    valid_from: date
    valid_until: date | None
    is_example: bool = False

    @property
    def supervised(self) -> bool:
        """Whether the city's commission for state-owned assets supervises it."""
        return bool(self.facts.get("supervised"))


@dataclass(frozen=True, slots=True)
class Same:
    """The records of one whole name today: the first of them, and how many there are."""

    records: tuple[RecordView, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search, closest first; `after` is the key of the next page, empty at the end.

    `is_many`: so many names match that they come in no order of closeness.
    """

    records: tuple[RecordView, ...]
    after: str = ""
    is_many: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask at an organisation.  Personal data."""

    representative: str = ""
    person: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as its maker and the officers see it; `values` holds personal data."""

    id: UUID
    number: str
    place: str
    sort: Sort
    deed: Deed
    record: UUID | None
    account: UUID
    name: str
    code: str
    values: Mapping[str, str]
    documents: tuple[UUID, ...]
    standing: Standing
    submitted_at: datetime
    due_at: datetime
    decided_at: datetime | None
    opinion: str

    @property
    def is_pending(self) -> bool:
        """Whether nobody decided it yet."""
        return self.standing is Standing.PENDING


@dataclass(frozen=True, slots=True)
class Similar:
    """What there is already that a request to add something may mean.

    `same` has the same code or the very same name: nothing is added beside it.  `near` are names that come
    close; `pending` tells that somebody's request to add the same waits.
    """

    same: RecordView | None = None
    near: tuple[RecordView, ...] = ()
    pending: bool = False

    @property
    def is_any(self) -> bool:
        """Whether the applicant should look at something before they go on."""
        return bool(self.same or self.near or self.pending)


@dataclass(frozen=True, slots=True)
class RightView:
    """A right to administer an organisation."""

    id: UUID
    place: str
    record: UUID
    name: str
    account: UUID
    request: UUID
    since: datetime
    ended_at: datetime | None = None


class OwnRequest(NotAllowed):
    """Nobody decides what they asked for themselves."""

    def __init__(self) -> None:
        super().__init__("这是您本人提交的申请，须由另一位审核人员办理。没有作任何改动。")


class AlreadyAsked(Invalid):
    """The same waits already."""

    def __init__(self) -> None:
        super().__init__(
            "相同的申请正在审核，没有再次提交。请等待审核结果，一般在 1 个工作日内；通过后即可按名称搜索到。"
        )


class AlreadyThere(Invalid):
    """The directory has it."""

    def __init__(self) -> None:
        super().__init__("库里已经有这一条，没有再次提交。请直接使用；内容有变化的，请申请修改。")


class NoAdministrator(Invalid):
    """The organisation is of a kind that has none; the place's own words say what to do instead."""


class NoDirectory(NotFound):
    """The place keeps no directory."""

    def __init__(self) -> None:
        super().__init__("这个地区没有开通单位库。请返回首页，从您要办理业务的地区重新进入。")


class NoSuchRecord(NotFound):
    """No record of that id counts today."""

    def __init__(self) -> None:
        super().__init__("没有找到这条记录，它可能已经停用。请返回上一页重新查找。")
