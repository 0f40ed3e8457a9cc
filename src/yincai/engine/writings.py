"""The shape of what a place publishes to be read: notices, policies, guides, answers; and its channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST_TITLE, LONGEST_NUMBER, LONGEST_ADDRESS, LONGEST_TEXT = 120, 60, 300, 20_000
"""Characters."""


class Shelf(StrEnum):
    """Where something stands in the library of a place."""

    TIP = "tip"
    NOTICE = "notice"
    POLICY = "policy"
    GUIDE = "guide"
    ANSWER = "answer"

    @property
    def label(self) -> str:
        """The guides' word for it."""
        return _TITLES[self]


_TITLES = {
    Shelf.TIP: "温馨提示",
    Shelf.NOTICE: "通知公告",
    Shelf.POLICY: "政策依据",
    Shelf.GUIDE: "业务办理指南",
    Shelf.ANSWER: "政策问答",
}


@dataclass(frozen=True, slots=True)
class Writing:
    """One text with its dates.  It is shown from ``since`` on, and until ``until`` (that day with)."""

    name: str
    shelf: Shelf
    title: str
    text: str
    since: date
    number: str = ""
    """文号, where it has one."""
    until: date | None = None
    new_until: date | None = None
    """Until when it bears the mark 「新」."""
    address: str = ""
    """Where the official text is."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way by which people come: its steps, and whether it leads here with a programme and a district."""

    name: str
    title: str
    device: str
    steps: tuple[str, ...]
    address: str = ""
    carries: bool = False
    """Whether it hands over the programme and district that were chosen there."""


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that a place publishes to be read."""

    writings: tuple[Writing, ...] = ()
    channels: tuple[Channel, ...] = ()
