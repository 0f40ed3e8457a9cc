"""What one version of a text changed against another, word by word, as people read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import zip_longest

TOKEN = re.compile(r"[0-9A-Za-z]+|\s+|.")
LARGEST = 500_000
"""Pairs of equal words or paragraphs that comparing two texts may look at, all their lines together; what
would take more stands for the other whole."""
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
    ours, theirs = ([line for line in text.split("\n") if line] for text in (before, after))
    return list(_folded(list(_paragraphs(ours, theirs, _Work(LARGEST)))))


def reworded_line(before: str, after: str) -> tuple[Piece, ...]:
    """One line with what went and what came."""
    return _line(before, after, _Work(LARGEST))


@dataclass(slots=True)
class _Work:
    """How many pairs may still be looked at."""

    left: int


class _TooMuch(Exception):  # noqa: N818 - nothing went wrong
    """To go on would take more than is left."""


class _Matcher(SequenceMatcher[str]):
    """Counts every pair of equal elements before `difflib` looks at it: their number alone costs time."""

    b2j: dict[str, list[int]]

    def __init__(self, ours: Sequence[str], theirs: Sequence[str], work: _Work) -> None:
        super().__init__(None, ours, theirs, autojunk=False)
        self.ours, self.work = ours, work

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """Like that of `difflib`; raises `_TooMuch`, and then no work is taken."""
        wanted: int = sum(1 + len(self.b2j.get(one, ())) for one in self.ours[alo:ahi])
        if wanted > self.work.left:
            raise _TooMuch
        self.work.left -= wanted
        return super().find_longest_match(alo, ahi, blo, bhi)


def _changes(
    ours: Sequence[str], theirs: Sequence[str], work: _Work
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Runs of both, in order: whether they are the same, and what either has."""
    head = _same_at_start(ours, theirs)
    tail = _same_at_start(ours[head:][::-1], theirs[head:][::-1])
    ends = len(ours) - tail, len(theirs) - tail
    inner = ours[head : ends[0]], theirs[head : ends[1]]
    if head:
        yield True, ours[:head], theirs[:head]
    try:
        for kind, a, b, c, d in _Matcher(*inner, work).get_opcodes():
            yield kind == "equal", inner[0][a:b], inner[1][c:d]
    except _TooMuch:  # before the first run was given: all are found together
        yield False, *inner
    if tail:
        yield True, ours[ends[0] :], theirs[ends[1] :]


def _same_at_start(ours: Sequence[str], theirs: Sequence[str]) -> int:
    pairs = enumerate(zip(ours, theirs, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(ours), len(theirs)))


def _line(before: str, after: str, work: _Work) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for is_same, gone, come in _changes(TOKEN.findall(before), TOKEN.findall(after), work):
        shown = ((SAME, come),) if is_same else ((GONE, gone), (COME, come))
        pieces += [Piece(kind, "".join(words)) for kind, words in shown if words]
    return tuple(pieces)


def _paragraphs(before: Sequence[str], after: Sequence[str], work: _Work) -> Iterator[Paragraph]:
    for is_same, gone, come in _changes(before, after, work):
        if is_same:
            yield from (Paragraph((Piece(SAME, line),)) for line in come)
            continue
        for was, now in zip_longest(gone, come, fillvalue=""):
            if pieces := _line(was, now, work):
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
