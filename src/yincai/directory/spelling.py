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
ENOUGH, LETTERS = 6, 14
"""How many characters of a query the index is asked for; how many letters it is asked for whole."""
THREES, APART = 4, 3
"""How many threes of letters of a longer query it is asked for, and how far apart they begin."""
COMMON = frozenset(
    "省市区县有限责任公司股份集团分店部商行中心工作室科技术信息贸易发展服务管理投资咨询工程文化传播网络电子"
)
"""Characters that most names of organisations have some of."""
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


def pattern_of(query: str, *, met: Callable[[], Mapping[str, int]] = dict) -> Pattern | None:
    """What to look for; None for a query of signs alone.

    Three letters and more are looked for in pinyin, initials and codes; one or two in initials.  `met` tells
    how many names have three letters in a row; it is asked for long queries in letters alone.
    """
    folded = fold(query)[:LONGEST_QUERY]
    if not folded:
        return None
    if not folded.isascii():
        return Pattern("grams", _pairs(_rarest(folded)), folded)
    if len(folded) < 3:
        apart = _pairs(folded).translate(_APART)
        return Pattern("latin", apart, apart)
    return Pattern("latin", folded if len(folded) <= LETTERS else _rarest_letters(folded, met()), folded)


def grams_of(text: str) -> str:
    """How a longer text is written to be found by any part of its words."""
    return _thrice(fold(text))


def grams_sought(query: str) -> list[str]:
    """What stands in `grams_of` a text exactly when it has every word of a query; none for signs alone."""
    words = [fold(word)[:LONGEST_QUERY] for word in query.split()]
    return [_pairs(word) for word in words if word]


def threes_of(text: str) -> set[str]:
    """Every three letters in a row."""
    return {text[start : start + 3] for start in range(len(text) - 2)}


def _rarest_letters(folded: str, met: Mapping[str, int]) -> str:
    """The threes of a long query that fewest names have, in their order, with anything between them.

    The index reads a list for every three that it is asked for, and those of `ang` or `gongsi` are long.
    """
    chosen: list[int] = []
    for start in sorted(range(len(folded) - 2), key=lambda at: met.get(folded[at : at + 3], 0)):
        if len(chosen) < THREES and all(abs(start - other) >= APART for other in chosen):
            chosen.append(start)
    return ANYTHING.join(folded[start : start + 3] for start in sorted(chosen))


def _rarest(folded: str) -> str:
    """The part of a long query that fewest names have: the index compares every pair, and six are enough."""
    parts = [folded[start : start + ENOUGH] for start in range(max(1, len(folded) - ENOUGH + 1))]
    return min(parts, key=lambda part: sum(sign in COMMON for sign in part))


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
