"""How names are written to be found: one width, one case, each character three times, and by pinyin.

PostgreSQL's trigrams need three characters, Chinese words have two and sometimes one.  Written three times
each, every character and every pair of neighbours is a trigram of its own (ADR 0007).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from yincai.foundation.names import is_han

LINE = "\n"
"""Between the spellings of a name; no query holds one."""
ANYTHING = "%"
"""Between two parts of a pattern, as LIKE writes it; no query holds one."""
LONGEST_QUERY = 60
LONG = {"grams": 6, "latin": 14}
"""The most characters, or letters, of a query for which the index is asked whole."""
PART = {"grams": 2, "latin": 3}
"""How many in a row the parts of a longer query have for which it is asked."""
PARTS = {"grams": 4, "latin": 5}
"""For how many of them: with fewer too many names are left to compare, with more too long lists to read."""
Met = Mapping[str, int]
"""How many of some names have a part."""
_APART = {ord(sign): ord("а") + number for number, sign in enumerate("abcdefghijklmnopqrstuvwxyz")}  # noqa: RUF001 - Cyrillic
"""Initials written thrice have letters of their own: the trigrams of other spellings are not theirs."""


def fold(text: str) -> str:
    """Letters, digits and Chinese characters of a text, in one width and small letters; nothing else."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in narrow if is_han(sign) or unicodedata.category(sign)[0] in "LN")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a name is written to be found: `grams` its characters, `latin` its initials, pinyin and code."""

    folded: str
    grams: str
    latin: str


def spelling_of(name: str, code: str = "") -> Spelling:
    """All spellings of a name."""
    folded = fold(name)
    return spelt(folded, pinyin_of(folded), code)


def spelt(folded: str, syllables: list[str], code: str) -> Spelling:
    """The same of a name whose syllables are known."""
    initials = "".join(one[0] for one in syllables)
    latin = LINE.join([initials, _thrice(initials).translate(_APART), "".join(syllables), fold(code)])
    return Spelling(folded, _thrice(folded), latin)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What every matching name has in the spelling `column`; `rare` is enough of it for the index."""

    column: str
    rare: str
    whole: str


def pattern_of(query: str, *, met: Callable[[str], Met] = lambda column: {}) -> Pattern | None:
    """What to look for; None for a query of signs alone.

    Three letters and more are looked for in pinyin, initials and codes; one or two in initials.  `met` tells
    how many names have which parts, by column; it is asked for long queries alone.
    """
    folded = fold(query)[:LONGEST_QUERY]
    if not folded:
        return None
    if folded.isascii() and len(folded) < 3:
        apart = _pairs(folded).translate(_APART)
        return Pattern("latin", apart, apart)
    column = "latin" if folded.isascii() else "grams"
    parts = [folded] if len(folded) <= LONG[column] else _rarest(folded, column, met(column))
    written = parts if column == "latin" else map(_pairs, parts)
    return Pattern(column, ANYTHING.join(written), folded)


def grams_of(text: str) -> str:
    """How a longer text is written to be found by any part of its words."""
    return _thrice(fold(text))


def grams_sought(query: str) -> list[str]:
    """What stands in `grams_of` a text exactly when it has every word of a query; none for signs alone."""
    words = [fold(word)[:LONGEST_QUERY] for word in query.split()]
    return [_pairs(word) for word in words if word]


def parts_of(text: str, size: int) -> set[str]:
    """Every so many characters in a row."""
    return {text[start : start + size] for start in range(len(text) - size + 1)}


def _rarest(folded: str, column: str, met: Met) -> list[str]:
    """The parts of a long query that fewest names have, in their order, none over another.

    The index reads a list for every trigram that it is asked for, and those of 有限 or `ang` are long.
    """
    size, chosen = PART[column], list[int]()
    starts = range(len(folded) - size + 1)
    for start in sorted(starts, key=lambda at: met.get(folded[at : at + size], 0)):
        if len(chosen) < PARTS[column] and all(abs(start - other) >= size for other in chosen):
            chosen.append(start)
    return [folded[start : start + size] for start in sorted(chosen)]


def _pairs(text: str) -> str:
    """What stands among thrice written characters exactly where these stand in the name."""
    return _thrice(text) if len(text) < 2 else text[0] * 2 + _thrice(text[1:-1]) + text[-1] * 2


def pinyin_of(folded: str) -> list[str]:
    """The syllable of each Chinese character, without tones, and each other sign as it is."""
    from pypinyin import lazy_pinyin  # half a second and 30 MB: only where names are written

    return [one for part in lazy_pinyin(folded) for one in ([part] if part not in folded else part)]


@lru_cache(maxsize=4096)
def _thrice(text: str) -> str:
    return "".join(sign * 3 for sign in text)
