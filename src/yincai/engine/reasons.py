"""Why something must be put right: the reasons that a place offers its officers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Pin(StrEnum):
    """What a reason can be about."""

    FIELD = "field"
    ROW = "row"
    TABLE = "table"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. ``about`` says where it can be chosen; with ``note_required`` it needs words beside it."""

    code: str
    label: str
    about: frozenset[Pin] = frozenset(Pin)
    note_required: bool = False
