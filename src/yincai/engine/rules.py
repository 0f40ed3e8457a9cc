"""Rule trees: conditions joined by all / any / not / count, each with its clause and its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yincai.engine.expressions import Expression


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a node comes from: the legal source, in force from/until (both days included), plain words."""

    source: str = ""
    starts: date | None = None
    until: date | None = None
    says: str = ""


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
