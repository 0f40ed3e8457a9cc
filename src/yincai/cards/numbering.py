"""Numbers that follow a pattern without gaps or repeats, and verification codes that nobody can guess."""

from __future__ import annotations

import base64
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from yincai.cards.models import NumberSeries
from yincai.engine.patterns import Pattern
from yincai.foundation import clock, encryption
from yincai.foundation.errors import Invalid, Problem

CODE_BYTES = 10  # 80 random bits, 16 characters of base32
_CODE = re.compile(r"[A-Z2-7]{16}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
# What people type instead of the letters that base32 uses.
_LOOKALIKES = str.maketrans({"0": "O", "1": "I", "8": "B"})


@dataclass(frozen=True)
class Counter:
    """A number series, locked for the rest of the caller's transaction."""

    row: NumberSeries
    shape: Pattern
    at: datetime
    variant: str

    def take(self) -> str:
        """The next number; a rolled-back order gives it back."""
        self.row.last += 1
        self.row.save(update_fields=["last"])
        return read_number(self.shape.render(at=self.at, variant=self.variant, serial=self.row.last))


def lock_counter(*, place: str, pattern: str, variant: str) -> Counter:
    """The counter of a number pattern, waiting until nobody else holds it.

    A serial restarts with every other piece of the pattern (year, date, variant).  `Invalid` for a pattern
    without a serial or with an unknown piece.
    """
    shape = Pattern(pattern)
    if not shape.has_serial:
        raise _bad_pattern(shape)
    at = clock.local(clock.now())
    try:
        series = shape.render(at=at, variant=variant)
    except KeyError:
        raise _bad_pattern(shape) from None
    row = _locked_series(place=place, series=series, year=at.year if "year" in shape.pieces else 0)
    return Counter(row=row, shape=shape, at=at, variant=variant)


def index_of(code: str) -> bytes:
    """The blind index by which a grouped code is looked up."""
    return encryption.blind_index(code, purpose="cards.code")


def new_code() -> str:
    """A fresh verification code: 80 random bits as 16 base32 characters in four groups."""
    return grouped(base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode())


def grouped(plain: str) -> str:
    """`ABCDEFGHIJKLMNOP` as `ABCD-EFGH-IJKL-MNOP`."""
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def read_code(text: str) -> str | None:
    """What somebody typed as the grouped code, or None when it cannot be one.

    Width, case, spaces and dashes of any kind do not matter; 0, 1 and 8 count as O, I and B.
    """
    folded = read_words(text[:100])
    plain = "".join(char for char in folded if char.isascii() and char.isalnum()).translate(_LOOKALIKES)
    return grouped(plain) if _CODE.fullmatch(plain) else None


def read_number(text: str) -> str:
    """A card number as stored: full width folded, spaces dropped, upper case, dashes made plain."""
    return "".join(read_words(text[:100]).split())


def read_words(text: str) -> str:
    """Text with full width folded, upper case and every dash plain; white space stays."""
    return unicodedata.normalize("NFKC", text).upper().translate(_DASHES)


def _locked_series(*, place: str, series: str, year: int) -> NumberSeries:
    """The series' row, made when absent, locked for update."""
    NumberSeries.objects.bulk_create(
        [NumberSeries(place=place, series=series, year=year)], ignore_conflicts=True
    )
    return NumberSeries.objects.select_for_update().get(place=place, series=series, year=year)


def _bad_pattern(shape: Pattern) -> Invalid:
    pieces = "、".join(shape.pieces) or "无"
    problem = Problem(
        "number_pattern",
        f"卡号规则里的占位是 {pieces}；应有流水号 {{serial:05}}，另可用 {{year}}、{{date}}、{{variant}}。",
    )
    return Invalid("卡号规则有误，没有取号。请改正该事项的 card.yaml 后再签发。", problems=[problem])
