"""Texts with places to fill: numbers of cards and references, and messages to people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

PIECE: Final = re.compile(r"\{([^{}]*)\}")
SERIAL: Final = re.compile(r"serial:0([1-9])")
NUMBER_PIECES: Final = ("variant", "year", "date", "timestamp")
MESSAGE_PIECES: Final = (
    "place",
    "programme",
    "variant",
    "reference",
    "state",
    "office",
    "due",
    "reason",
    "card_number",
    "valid_until",
    "link",
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A number pattern such as ``RC{timestamp}`` or ``LB-{variant}-{year}-{serial:05}``.

    ``{timestamp}`` is yyyyMMddHHmmssSSS (17 digits), ``{date}`` yyyyMMdd, ``{year}`` yyyy, all in the zone
    of the moment given; ``{serial:05}`` a running number padded to five digits (more when it grows past).
    """

    text: str

    @property
    def pieces(self) -> tuple[str, ...]:
        """The names between braces, in order."""
        return tuple(PIECE.findall(self.text))

    @property
    def has_serial(self) -> bool:
        """Whether a running number is part of the pattern."""
        return any(SERIAL.fullmatch(piece) for piece in self.pieces)

    def render(self, *, at: datetime, variant: str = "", serial: int = 0) -> str:
        """Fill the pattern for a moment (give it in the place's zone), a variant and a running number."""
        stamp = f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"
        known = {"variant": variant, "year": stamp[:4], "date": stamp[:8], "timestamp": stamp}

        def fill(match: re.Match[str]) -> str:
            width = SERIAL.fullmatch(match[1])
            return f"{serial:0{width[1]}d}" if width else known[match[1]]

        return PIECE.sub(fill, self.text)

    @property
    def scope(self) -> tuple[str, ...]:
        """Which pieces a running number restarts with: ``variant``, ``year`` and ``date`` when present."""
        return tuple(piece for piece in ("variant", "year", "date") if piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Template:
    """A text for people with ``{names}`` to fill; the names were checked when it was loaded."""

    text: str

    @property
    def names(self) -> frozenset[str]:
        """The names between braces."""
        return frozenset(PIECE.findall(self.text))

    def render(self, values: Mapping[str, str]) -> str:
        """Fill every name; ``KeyError`` when a value is missing. Values are plain text, never markup."""
        return PIECE.sub(lambda match: values[match[1]], self.text)
