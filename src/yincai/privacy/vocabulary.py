"""The words of the room.  Imports nothing of ours but `foundation` and the vocabularies of lower rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yincai.casework.queries import KeptCase
from yincai.engine.retention import Kept, Rule
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.people.vocabulary import Limit

SCHEMA = "yincai.personal-data.v1"
"""What the JSON of a copy calls its form (`docs/personal-data.schema.json`)."""
OFFICER = "privacy_officer"
"""The role whose holders decide amendments of their place."""
AMENDMENT_DAYS = 10
"""Working days within which an amendment is decided."""
AMENDMENTS_A_DAY = Limit("amendment/account", 5, timedelta(days=1))
SLOT = "amendment"
"""Where the proof of an amendment lies until it is handed in."""
COPIES_A_DAY = Limit("data-copy/account", 3, timedelta(days=1))
PAGE = 20


class CopyState(StrEnum):
    """Where a copy stands."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"

    @property
    def words(self) -> str:
        """What people read."""
        return {"waiting": "正在生成", "ready": "可以下载", "failed": "没有生成", "gone": "已销毁"}[
            self.value
        ]


class Event(StrEnum):
    """What the ledger hears from this room; the chain is the account's id, or the amendment's."""

    COPY_ASKED = "data_copy.asked"
    COPY_READY = "data_copy.made"
    COPY_FETCHED = "data_copy.downloaded"
    COPY_DESTROYED = "data_copy.destroyed"
    AMENDMENT_ASKED = "amendment.asked"
    AMENDMENT_WITHDRAWN = "amendment.withdrawn"
    AMENDMENT_CHECKED = "amendment.checked"
    AMENDMENT_APPROVED = "amendment.approved"
    AMENDMENT_REFUSED = "amendment.refused"
    CONTENT_AMENDED = "content.amended"


class Item(StrEnum):
    """What is to be put right."""

    NAME = "name"
    DOCUMENT = "document"
    CASE = "case"
    CARD = "card"
    OTHER = "other"

    @property
    def words(self) -> str:
        """What people read."""
        return ITEM_WORDS[self]

    @property
    def is_identity(self) -> bool:
        """Whether it changes who the owner of the account is: two officers decide it."""
        return self in (Item.NAME, Item.DOCUMENT)

    @property
    def has_subject(self) -> bool:
        """Whether it is about one case or card."""
        return self in (Item.CASE, Item.CARD)


ITEM_WORDS = {
    Item.NAME: "姓名",
    Item.DOCUMENT: "证件类型和号码",
    Item.CASE: "申请的内容",
    Item.CARD: "电子卡上的内容",
    Item.OTHER: "其他信息",
}


class Standing(StrEnum):
    """Where an amendment stands.  `checked`: one officer found it right, a second one decides."""

    PENDING = "pending"
    CHECKED = "checked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """What people read."""
        return STANDING_WORDS[self]


STANDING_WORDS = {
    Standing.PENDING: "等待核实",
    Standing.CHECKED: "已核实，等待复核",
    Standing.APPROVED: "已更正",
    Standing.REFUSED: "不予更正",
    Standing.WITHDRAWN: "已撤回",
}


class Form(StrEnum):
    """In which form a copy is fetched."""

    JSON = "json"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class CopyView:
    """A copy as its owner sees it."""

    id: UUID
    state: CopyState
    asked_at: datetime
    ready_at: datetime | None
    ends_at: datetime | None
    has_paper: bool


class CopyGone(NotFound):
    """There is no such copy for this person any more."""

    def __init__(self) -> None:
        super().__init__("这份副本不在了：它只给本人，生成后保存 7 天就销毁。需要时请重新申请。")


@dataclass(frozen=True, slots=True)
class KeptThing:
    """Something that stays after an account was erased: what, by which rule, and until when.

    `until` None: its period has not begun, as a card of it is in force without an end.
    """

    title: str
    reference: str
    rule: Rule
    until: datetime | None


@dataclass(frozen=True, slots=True)
class CardInForce:
    """A card that can still be presented."""

    title: str
    number: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ClosingView:
    """What erasing an account would do, worked out from what there is of this person.

    `live`: cases on their way, which stand in the way; `erased`: what goes, with how many; `at`: when it
    happens if it was asked.
    """

    live: tuple[KeptCase, ...]
    is_staff: bool
    cards: tuple[CardInForce, ...]
    erased: tuple[tuple[str, int], ...]
    kept: tuple[KeptThing, ...]
    cooling_off: int
    at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.live and not self.is_staff


class CasesOnTheirWay(NotAllowed):
    """An account with a live case is not erased: nobody could be told of its outcome."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"您有 {number} 件申请正在办理，账号现在不能注销，没有作任何改动。请先撤回，或等它办结。"
        )


@dataclass(frozen=True, slots=True)
class DeclaredPeriods:
    """What is kept how long: the platform's rules, and by place what differs there.

    `elsewhere`: (title of the place, title of the programme or empty, rule).
    """

    rules: tuple[Rule, ...]
    elsewhere: tuple[tuple[str, str, Rule], ...]
    cooling_off: int


@dataclass(frozen=True, slots=True)
class Erased:
    """So many rows of a kind that went at once."""

    at: datetime
    kind: Kept
    number: int


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """An amendment as its maker and the officers see it; `wrong` and `right` are personal data."""

    id: UUID
    number: str
    place: str
    account: UUID
    item: Item
    subject: UUID | None
    wrong: str
    right: Mapping[str, str]
    documents: tuple[UUID, ...]
    standing: Standing
    submitted_at: datetime
    due_at: datetime
    checked_by: UUID | None
    checked_at: datetime | None
    decided_at: datetime | None
    opinion: str

    @property
    def is_open(self) -> bool:
        """Whether it waits for an officer."""
        return self.standing in (Standing.PENDING, Standing.CHECKED)


class OwnAmendment(NotAllowed):
    """Nobody decides what concerns themselves or their household."""

    def __init__(self) -> None:
        super().__init__("这件更正申请是您本人或您家人的，须由另一位工作人员办理。没有作任何改动。")


class SecondOfficer(NotAllowed):
    """Who checked an identity does not decide it."""

    def __init__(self) -> None:
        super().__init__("这件申请是您核实的，须由另一位工作人员复核。没有作任何改动。")


class AmendmentWaits(Invalid):
    """The same is asked already and not decided yet."""

    def __init__(self) -> None:
        super().__init__("同一项内容的更正申请正在办理，这一份没有提交。请等它办结，或先撤回它。")


class NobodyAmends(Invalid):
    """The place has nobody who decides amendments."""

    def __init__(self) -> None:
        super().__init__("这个地区还没有开通网上更正，没有提交。请带证件到受理窗口办理。")
