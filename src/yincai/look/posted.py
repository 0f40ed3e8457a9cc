"""Reads what forms post beside their fields."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)


def whole_number(text: str) -> int | None:
    """The number that a hidden input carries; None for anything but one to nine plain digits."""
    return int(text) if _DIGITS.fullmatch(text) else None
