"""The words of the room.  Imports nothing of ours but `foundation` and the vocabularies of lower rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yincai.foundation.errors import NotFound
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
