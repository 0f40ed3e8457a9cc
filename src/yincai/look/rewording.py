"""What one version of a text changed against another, word by word, as people read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

TOKEN = re.compile(r"[0-9A-Za-z]+|\s+|.")
LARGEST = 4_000_000
"""Pairs of words up to which two paragraphs are compared; beyond, the one stands for the other whole."""
AROUND = 1
"""Paragraphs without a change that are shown on either side of one with."""
SAME, GONE, COME = "same", "gone", "come"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that both have, or only one of them."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in pieces; or, with `skipped`, so many that did not change and are not shown."""

    pieces: tuple[Piece, ...] = ()
    skipped: int = 0

    @property
    def is_changed(self) -> bool:
        """Whether it differs."""
        return any(piece.kind != SAME for piece in self.pieces)


def reworded(before: str, after: str) -> list[Paragraph]:
    """The paragraphs of two texts with what went and what came; runs without a change are folded."""
    return list(_folded(list(_paragraphs(before.split("\n"), after.split("\n")))))


def reworded_line(before: str, after: str) -> tuple[Piece, ...]:
    """One line with what went and what came."""
    if before == after:
        return (Piece(SAME, after),) if after else ()
    ours, theirs = TOKEN.findall(before), TOKEN.findall(after)
    if len(ours) * len(theirs) > LARGEST:
        return tuple(piece for piece in (Piece(GONE, before), Piece(COME, after)) if piece.text)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(theirs[c:d])))
            continue
        pieces += [Piece(GONE, "".join(ours[a:b]))] if a < b else []
        pieces += [Piece(COME, "".join(theirs[c:d]))] if c < d else []
    return tuple(pieces)


def _paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Paragraph((Piece(SAME, line),)) for line in after[c:d] if line)
            continue
        for at in range(max(b - a, d - c)):
            was = before[a + at] if a + at < b else ""
            now = after[c + at] if c + at < d else ""
            if pieces := reworded_line(was, now):
                yield Paragraph(pieces)


def _folded(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    changed = [at for at, one in enumerate(paragraphs) if one.is_changed]
    shown = {near for at in changed for near in range(at - AROUND, at + AROUND + 1)}
    skipped = 0
    for at, one in enumerate(paragraphs):
        if at not in shown:
            skipped += 1
            continue
        if skipped:
            yield Paragraph(skipped=skipped)
            skipped = 0
        yield one
    if skipped:
        yield Paragraph(skipped=skipped)
