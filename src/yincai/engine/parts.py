"""What compiling passes around: the scope of names, a compiled part, and how a mistake is worded."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from yincai.engine.calculus import Run
from yincai.engine.kinds import UNKNOWN, Facts, Kind, Type

Problems = list[tuple[str, str]]

ORDERED: Final = frozenset({Type.NUMBER, Type.DATE, Type.MONTH})
COMPARABLE: Final = ORDERED | {Type.TEXT, Type.BOOL}


@dataclass(frozen=True, slots=True)
class Definition:
    """A yes-or-no value known under a dotted name, such as a rule: the facts it reads and how."""

    names: frozenset[str]
    run: Callable[[Facts], object]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name.

    ``conditions`` says when a fact counts: the value of a field that is hidden reads as unknown. It is
    looked up when an expression runs, so that it can be filled after the expression was parsed.
    ``columns`` are the names that stand for columns of the row at hand.
    """

    names: Mapping[str, Kind]
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    conditions: dict[str, Run] = field(default_factory=dict)
    columns: frozenset[str] = frozenset()


class Compiled(NamedTuple):
    """A compiled part. ``literal`` is the value of a constant; ``label`` names a fact for messages."""

    type: Type | None
    run: Run
    literal: Any = None
    label: str = ""
    choices: frozenset[str] | None = None


BROKEN: Final = Compiled(None, lambda _facts, _row: UNKNOWN)
"""Stands for a part that has a problem already, so that it causes no second one."""


def literal(kind: Type, value: Any) -> Compiled:
    """Return the compiled form of a constant."""
    return Compiled(kind, lambda _facts, _row: value, literal=value, label=str(value))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return what to write instead of an unknown name: the closest known one, or the first dozen."""
    ordered = sorted({word for word in known if word})
    close = difflib.get_close_matches(name, ordered, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"use one of: {', '.join(ordered[:12])}" if ordered else "there is nothing to name here"
