"""Some names of a place, kept in the process for an hour: what many of them have, many others have too."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from yincai.directory.spelling import LINE, PART, Met, Pattern, parts_of
from yincai.directory.vocabulary import Sort
from yincai.foundation import clock
from yincai.foundation.statements import lines

NAMES = 3000
KEPT_FOR, TOO_FEW_FOR = timedelta(hours=1), timedelta(minutes=1)
_SOME = """
    SELECT folded, latin FROM directory_version WHERE sort = %(sort)s AND place = %(place)s
    ORDER BY id LIMIT %(names)s
"""
_kept: dict[tuple[str, Sort], tuple[datetime, Names | None]] = {}


@dataclass(frozen=True)
class Names:
    """`NAMES` of a place, in both spellings; their ids are random, so that they are as good as any."""

    folded: tuple[str, ...]
    latin: tuple[str, ...]

    def holding(self, pattern: Pattern) -> int:
        """How many of them hold a query."""
        spelt = self.folded if pattern.column == "grams" else self.latin
        return sum(pattern.whole in one for one in spelt)

    def met(self, column: str) -> Met:
        """How many of them have each part, of characters or of the letters of their pinyin."""
        return self._characters if column == "grams" else self._letters

    @cached_property
    def _characters(self) -> Met:
        return Counter(part for one in self.folded for part in parts_of(one, PART["grams"]))

    @cached_property
    def _letters(self) -> Met:
        pinyin = (one.split(LINE)[2] for one in self.latin)
        return Counter(part for one in pinyin for part in parts_of(one, PART["latin"]))


def some_names(place: str, sort: Sort) -> Names | None:
    """Names of a place as they were within the last hour; None while it has fewer than `NAMES`."""
    now = clock.now()
    until, names = _kept.get((place, sort), (now, None))
    if until <= now:
        rows = lines(_SOME, place=place, sort=sort.value, names=NAMES)
        names = Names(*zip(*rows, strict=True)) if len(rows) == NAMES else None
        _kept[place, sort] = (now + (KEPT_FOR if names else TOO_FEW_FOR), names)
    return names
