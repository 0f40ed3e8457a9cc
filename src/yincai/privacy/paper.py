"""A copy as a PDF that a person can read (private to the room)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final

from yincai.cards import queries as cards
from yincai.foundation import clock
from yincai.foundation.held import HeldPart

LAYOUT: Final = Path(__file__).parent / "layouts" / "copy.typ"
TITLE: Final = "个人信息副本"
LONG_WORD: Final = re.compile(r"[!-~]{65,}")


def as_paper(found: Mapping[str, tuple[HeldPart, ...]], *, at: datetime) -> bytes:
    """Every part under its heading, every row with its Chinese labels; what is empty is left out."""
    data = {
        "title": TITLE,
        "made_at": _moment(at),
        "parts": [
            {"title": part.title, "rows": [list(_lines(part.labels, row)) for row in part.rows]}
            for parts in found.values()
            for part in parts
        ],
    }
    text = json.dumps(data, ensure_ascii=False)
    return cards.typeset(LAYOUT.read_bytes(), name="copy", data=text, at=at)


def _lines(labels: Mapping[str, str], row: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        words = _words(labels, value, f"{start}{name}.")
        if words:
            yield labels.get(f"{start}{name}", name), words


def _words(labels: Mapping[str, str], value: Any, start: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Enum):
        return _words(labels, value.value, start)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if "shown" in value:  # an answer: its name and its words say all of it
            return f"{value['label']}：{value['shown']}"
        return "；".join(f"{label}：{words}" for label, words in _lines(labels, value, start))
    if isinstance(value, list | tuple):
        return "\n".join(filter(None, (_words(labels, one, start) for one in value)))
    return LONG_WORD.sub(_broken, str(value))


def _broken(found: re.Match[str]) -> str:
    """A word that is longer than a line, in pieces."""
    return "\n".join(found[0][at : at + 64] for at in range(0, len(found[0]), 64))


def _moment(at: datetime) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}"
