"""The key of the row after which a page of a list begins, as an address carries it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from yincai.foundation.days import moment_or_none

Key = tuple[datetime, UUID]
BEFORE_ALL: Key = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
"""The key after which the first page of a list begins that is read oldest first."""


def key_from(text: str) -> Key | None:
    """The key of a page; None for the first, and for what is no key."""
    moment, _, last = text.rpartition("_")
    at = moment_or_none(moment)
    try:
        return (at, UUID(last)) if at else None
    except ValueError:
        return None


def key_text(key: Key | None) -> str:
    """The same as an address carries it; empty for None."""
    return f"{key[0].isoformat()}_{key[1]}" if key else ""
