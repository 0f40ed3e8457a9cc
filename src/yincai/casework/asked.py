"""What officers ask applicants to put right, and the submissions that it leads to (private to the room; its
door is `vocabulary`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from yincai.engine.reasons import Pin, Reason


def label_of(round_number: int) -> str:
    """首次提交 for the first round, 第N次补正 for those after it."""
    return "首次提交" if round_number <= 1 else f"第{round_number - 1}次补正"


@dataclass(frozen=True)
class AskedItem:
    """What an officer pins: a field, a row, a table or a slot by its path, why, and a word about it."""

    path: str
    reason: str
    note: str = field(default="", repr=False)


@dataclass(frozen=True)
class PinPlace:
    """One place that can be pinned: what it is called, and the section that holds it (`materials` for
    slots)."""

    path: str
    pin: Pin
    label: str
    section: str


@dataclass(frozen=True)
class ItemView:
    """One thing that was asked for: its place, the reason in words, and the officer's note."""

    number: int
    place: PinPlace
    reason: str
    reason_label: str
    note: str = field(repr=False)

    @property
    def sentence(self) -> str:
        """What is asked, in one line."""
        return f"{self.place.label}：{self.reason_label}{f'（{self.note}）' if self.note else ''}"


@dataclass(frozen=True)
class CorrectionView:
    """What was asked about one round, and until when."""

    round_number: int
    step: int
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    items: tuple[ItemView, ...]

    @property
    def label(self) -> str:
        """第N次补正, as the documents that answer it are labelled."""
        return label_of(self.round_number + 1)


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason as administrators keep it.  Not offered from the day `retired_on` on."""

    reason: Reason
    position: int
    retired_on: date | None
    changes: int
    is_offered: bool


@dataclass(frozen=True)
class RoundView:
    """One submission: 首次提交 or 第N次补正, and when."""

    number: int
    submitted_at: datetime

    @property
    def label(self) -> str:
        """In the guide's words."""
        return label_of(self.number)
