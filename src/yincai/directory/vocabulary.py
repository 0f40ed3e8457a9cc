"""The words of the room: what a record is, how a request stands, what can be wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from yincai.engine.directory import DirectorySpec, Sort
from yincai.foundation.errors import NotFound, Problem

__all__ = ["REVIEWER", "DirectorySpec", "Problem", "Sort"]

REVIEWER = "data_reviewer"
"""The role of a place whose holders decide requests and see the organisations' contacts."""
WORKING_DAYS = 1
"""Within how many working days a request is decided (问答二)."""
PAGE = 20


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


class NoDirectory(NotFound):
    """The place keeps no directory."""

    def __init__(self) -> None:
        super().__init__("这个地区没有开通单位库。请返回首页，从您要办理业务的地区重新进入。")


class NoSuchRecord(NotFound):
    """No record of that id counts today."""

    def __init__(self) -> None:
        super().__init__("没有找到这条记录，它可能已经停用。请返回上一页重新查找。")
