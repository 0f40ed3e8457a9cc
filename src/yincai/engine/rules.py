"""Rule trees: conditions joined by all / any / not / count, each with its clause and its dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yincai.engine.calculus import read_date
from yincai.engine.expressions import Definition, Expression
from yincai.engine.kinds import UNKNOWN, Facts, Truth


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a node comes from: the legal source, in force from/until (both days included), plain words."""

    source: str = ""
    starts: date | None = None
    until: date | None = None
    says: str = ""

    def is_in_force(self, on: date) -> bool:
        """Whether the node counts on that day."""
        return (self.starts is None or self.starts <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition."""

    condition: Expression
    clause: Clause = Clause()


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part in force is true."""

    parts: tuple[Node, ...]
    clause: Clause = Clause()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part in force is true."""

    parts: tuple[Node, ...]
    clause: Clause = Clause()


@dataclass(frozen=True, slots=True)
class NotOf:
    """True when the part is false."""

    part: Node
    clause: Clause = Clause()


@dataclass(frozen=True, slots=True)
class CountOf:
    """True when at least ``at_least`` parts in force are true."""

    at_least: int
    parts: tuple[Node, ...]
    clause: Clause = Clause()


Node = Leaf | AllOf | AnyOf | NotOf | CountOf


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule of a programme."""

    name: str
    title: str
    root: Node


@dataclass(frozen=True, slots=True)
class Finding:
    """What one node came to. ``truth`` is None when it was not in force and so did not count.

    ``condition`` is the text of a leaf and ``names`` the facts it read; their values are not kept here.
    """

    truth: Truth | None
    clause: Clause
    condition: str = ""
    names: frozenset[str] = frozenset()
    parts: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a whole rule, with the finding of every node."""

    truth: Truth
    trace: Finding


def evaluate(rule: Rule, facts: Facts, on: date) -> Verdict:
    """Decide a rule for these facts, counting the nodes in force on that day.

    A node out of force drops out of its parent. A rule of which nothing is in force is UNKNOWN: it never
    passes by accident.
    """
    trace = _find(rule.root, facts, on)
    return Verdict(truth=trace.truth or Truth.UNKNOWN, trace=trace)


def definition_of(rule: Rule) -> Definition:
    """Return the rule as a yes-or-no value for expressions (``rule.<name>``); its day is the fact today."""

    def run(facts: Facts) -> object:
        on = read_date(facts.get("today"))
        if on is UNKNOWN:
            return UNKNOWN
        return {Truth.TRUE: True, Truth.FALSE: False}.get(evaluate(rule, facts, on).truth, UNKNOWN)

    return Definition(names=names_of(rule.root) | {"today"}, run=run)


def names_of(node: Node) -> frozenset[str]:
    """Return every fact that a tree reads."""
    match node:
        case Leaf(condition=condition):
            return condition.names
        case NotOf(part=part):
            return names_of(part)
    return frozenset().union(*(names_of(part) for part in node.parts))


def _find(node: Node, facts: Facts, on: date) -> Finding:
    if not node.clause.is_in_force(on):
        return Finding(truth=None, clause=node.clause)
    if isinstance(node, Leaf):
        condition = node.condition
        return Finding(
            truth=condition.truth(facts), clause=node.clause, condition=condition.text, names=condition.names
        )
    children = (node.part,) if isinstance(node, NotOf) else node.parts
    parts = tuple(_find(child, facts, on) for child in children)
    answers = [part.truth for part in parts if part.truth is not None]
    return Finding(truth=_join(node, answers) if answers else None, clause=node.clause, parts=parts)


def _join(node: AllOf | AnyOf | NotOf | CountOf, answers: Sequence[Truth]) -> Truth:
    met, open_ = answers.count(Truth.TRUE), answers.count(Truth.UNKNOWN)
    if isinstance(node, NotOf):
        return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(answers[0], Truth.UNKNOWN)
    match node:
        case AllOf():
            needed = len(answers)
        case AnyOf():
            needed = 1
        case CountOf(at_least=at_least):
            needed = at_least
    if met >= needed:
        return Truth.TRUE
    return Truth.UNKNOWN if met + open_ >= needed else Truth.FALSE
