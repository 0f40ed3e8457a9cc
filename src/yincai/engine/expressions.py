"""Conditions and values written in a small subset of Python syntax, decided in three-valued logic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from yincai.engine.kinds import UNKNOWN, Facts, Truth, truth

__all__ = ["UNKNOWN", "Expression", "Truth", "truth"]


@dataclass(frozen=True, slots=True)
class Expression:
    """One parsed expression. Equal when the text is equal; safe to share between threads."""

    text: str
    names: frozenset[str]
    run: Callable[[Facts], object] = field(compare=False, repr=False)

    def evaluate(self, facts: Facts) -> object:
        """Return the value for these facts, or ``UNKNOWN``; never raises for an unreadable fact."""
        return self.run(facts)

    def truth(self, facts: Facts) -> Truth:
        """Return the answer of a condition for these facts."""
        return truth(self.run(facts))
