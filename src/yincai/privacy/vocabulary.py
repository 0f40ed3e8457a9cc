"""The words of the room.  Imports nothing of ours but `foundation` and the vocabularies of lower rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yincai.casework.queries import KeptCase
from yincai.engine.retention import Kept, Rule
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.people.vocabulary import Limit

SCHEMA = "yincai.personal-data.v1"
"""What the JSON of a copy calls its form (`docs/personal-data.schema.json`)."""
COPY_KEPT = timedelta(days=7)
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
    """What the ledger hears from this room; the chain is the account's id."""

    COPY_ASKED = "data_copy.asked"
    COPY_READY = "data_copy.made"
    COPY_FETCHED = "data_copy.downloaded"
    COPY_DESTROYED = "data_copy.destroyed"


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
