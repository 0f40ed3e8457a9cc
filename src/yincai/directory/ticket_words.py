"""The words of help: what a ticket is, how it stands, what limits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yincai.foundation.errors import NotAllowed, NotFound
from yincai.people.vocabulary import QUARTER, Limit

SUPPORT = "support"
"""The role of a place whose holders answer tickets, and complaints that do not concern them."""
TICKET_DAYS = 3
"""Within how many working days somebody who asks is answered (E-13)."""
REOPEN_WITHIN = timedelta(days=15)
"""How long after its end a ticket can be taken up again."""
CLOSED_AFTER = timedelta(days=7)
"""How long after an answer a ticket ends by itself."""
CLAIMED_FOR = timedelta(hours=2)
LONGEST_TEXT = 2000
HELP_SLOT = "help"
"""The slot of the files of tickets and complaints, in `documents`."""
FILES_EACH = 3
"""Files with one message."""

DAY = timedelta(days=1)
TICKETS_A_DAY = Limit("ticket/account", 20, DAY)
REPLIES_A_DAY = Limit("ticket-reply/ticket", 20, DAY)
STRANGERS_PER_ADDRESS = Limit("help-stranger/address", 10, timedelta(hours=1))
STRANGERS_PER_PHONE = Limit("help-stranger/phone", 5, DAY)
PROGRESS_PER_ADDRESS = Limit("help-progress/address", 20, QUARTER)
PROGRESS_PER_NUMBER = Limit("help-progress/number", 30, DAY)


class Topic(StrEnum):
    """What somebody asks about."""

    DOWNLOAD = "download"
    FAULT = "fault"
    TECHNICAL = "technical"
    QUESTION = "question"

    @property
    def words(self) -> str:
        """The word for people (E-13)."""
        return TOPIC_TITLES[self]


TOPIC_TITLES = {
    Topic.DOWNLOAD: "无法下载",
    Topic.FAULT: "系统故障",
    Topic.TECHNICAL: "技术支持",
    Topic.QUESTION: "业务咨询",
}


class TicketStanding(StrEnum):
    """How a ticket stands; `UNCONFIRMED` waits for the code on the phone of somebody without an account."""

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        """The word for people."""
        return STANDING_TITLES[self]


STANDING_TITLES = {
    TicketStanding.UNCONFIRMED: "待验证手机号",
    TicketStanding.WAITING: "待答复",
    TicketStanding.ANSWERED: "已答复",
    TicketStanding.CLOSED: "已结束",
}


class TicketEvent(StrEnum):
    """What the ledger hears, on the ticket's own chain; never what was written."""

    ASKED = "ticket.asked"
    CLAIMED = "ticket.claimed"
    RELEASED = "ticket.released"
    ANSWERED = "ticket.answered"
    REPLIED = "ticket.replied"
    CLOSED = "ticket.closed"
    REOPENED = "ticket.reopened"


class Part(StrEnum):
    """What is sent along with a question, unless whoever asks switches it off."""

    PAGE = "page"
    CASE = "case"
    BROWSER = "browser"
    NUMBER = "number"

    @property
    def words(self) -> str:
        """The word for people."""
        return {"page": "所在页面", "case": "申请编号", "browser": "浏览器", "number": "故障编号"}[self.value]


@dataclass(frozen=True, slots=True)
class TicketMessageView:
    """One thing that was said; `author` is the officer's account, None for whoever asked."""

    number: int
    author: UUID | None
    text: str
    documents: tuple[UUID, ...]
    at: datetime

    @property
    def is_answer(self) -> bool:
        """Whether an officer said it."""
        return self.author is not None


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as whoever asked and the officers see it; name, phone and words are personal data."""

    id: UUID
    number: str
    place: str
    office: str
    topic: Topic
    account: UUID | None
    name: str
    phone: str
    context: Mapping[Part, str]
    standing: TicketStanding
    asked_at: datetime
    waiting_since: datetime
    due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    claimed_by: UUID | None
    claimed_until: datetime | None
    messages: tuple[TicketMessageView, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether an officer is to answer."""
        return self.standing is TicketStanding.WAITING

    @property
    def is_closed(self) -> bool:
        """Whether it is over, for now."""
        return self.standing is TicketStanding.CLOSED

    def may_be_reopened(self, *, at: datetime) -> bool:
        """Whether whoever asked may still take it up again."""
        return self.closed_at is not None and at < self.closed_at + REOPEN_WITHIN

    def is_claimed_by(self, account: UUID | None, *, at: datetime) -> bool:
        """Whether this officer has it in hand."""
        return self.claimed_by == account and self.claimed_until is not None and at < self.claimed_until

    def is_in_other_hands(self, account: UUID | None, *, at: datetime) -> bool:
        """Whether a colleague has it in hand."""
        taken = self.claimed_by is not None and self.claimed_until is not None and at < self.claimed_until
        return taken and self.claimed_by != account


class NoSupport(NotFound):
    """Nobody answers tickets, or complaints, in this place."""

    def __init__(self) -> None:
        super().__init__("这个地区没有开通在线求助。请返回首页，按「联系方式」里的电话联系受理机构。")


class NoProgress(NotFound):
    """Number and code open nothing together; the same sentence whichever of them is wrong."""

    def __init__(self) -> None:
        super().__init__("没有找到这个编号，或查询码不对。请核对收到的编号和查询码，字母不分大小写。")


class NotInHand(NotAllowed):
    """An officer answers what they have in hand."""

    def __init__(self) -> None:
        super().__init__("这一件不在您手上，没有发出答复。请先领取；领取已超过 2 小时的，请重新领取。")


class TooLateToReopen(NotAllowed):
    """It ended too long ago."""

    def __init__(self) -> None:
        super().__init__("这一件结束已超过 15 天，不能再接着问，您写的没有发出。请重新提交一份求助。")


class OwnTicket(NotAllowed):
    """Nobody answers themselves."""

    def __init__(self) -> None:
        super().__init__("这是您本人提交的，须由另一位工作人员办理。没有作任何改动。")
