"""What a version of a writing changes against another, or what was typed against what was saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yincai.directory.vocabulary import VersionView
from yincai.engine.writings import Shelf
from yincai.look.rewording import COME, GONE, Paragraph, Piece, reworded, reworded_line

LABELS = {
    "shelf": "栏目",
    "title": "标题",
    "number": "文号",
    "since": "起始日期",
    "until": "有效期至",
    "new_until": "「新」标记至",
    "address": "正式文本网址",
}

WORDY = ("title", "number")
"""What is compared word by word; of the others the one stands for the other whole."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Every line that differs, with its label; and the text by paragraphs."""

    facts: tuple[tuple[str, tuple[Piece, ...]], ...]
    text: tuple[Paragraph, ...]

    @property
    def is_text(self) -> bool:
        """Whether the text differs."""
        return any(one.is_changed for one in self.text)

    @property
    def is_none(self) -> bool:
        """Whether nothing differs."""
        return not self.facts and not self.is_text


def words_of(version: VersionView | None) -> dict[str, str]:
    """What a version says, as a form carries it; of None, an empty form."""
    if version is None:
        return dict.fromkeys((*LABELS, "text"), "")
    days = {"since": version.since, "until": version.until, "new_until": version.new_until}
    return {
        "shelf": version.shelf.value,
        "title": version.title,
        "number": version.number,
        "text": version.text,
        "address": version.address,
        **{name: day.isoformat() if day else "" for name, day in days.items()},
    }


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """What `after` says otherwise than `before`, both as a form carries them."""
    facts = []
    for name, label in LABELS.items():
        was, now = _shown(name, before.get(name, "")), _shown(name, after.get(name, ""))
        if was != now:
            facts.append((label, reworded_line(was, now) if name in WORDY else _whole(was, now)))
    texts = [one.get("text", "").replace("\r\n", "\n") for one in (before, after)]
    return Changes(tuple(facts), tuple(reworded(*texts)))


def _whole(was: str, now: str) -> tuple[Piece, ...]:
    return tuple(piece for piece in (Piece(GONE, was), Piece(COME, now)) if piece.text)


def _shown(name: str, value: str) -> str:
    if name == "since" and not value:
        return "发布当天"
    return Shelf(value).label if name == "shelf" and value in list(Shelf) else value
