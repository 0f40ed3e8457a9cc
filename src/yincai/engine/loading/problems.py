"""Mistakes in the files of a programme: collected, never only the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from yincai.engine.expressions import ExpressionError


@dataclass(frozen=True, slots=True, order=True)
class SpecProblem:
    """One mistake, with the line to look at and what to do. ``str()`` gives the whole sentence."""

    file: str
    line: int
    wrong: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wrong}; {self.fix}"


class SpecErrors(Exception):  # noqa: N818 - it holds several
    """The files are no programme. ``problems`` lists every mistake by file and line."""

    def __init__(self, problems: list[SpecProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class Marked(Protocol):
    """Anything that knows where it was written."""

    file: str
    line: int


class Problems:
    """Collects mistakes while reading goes on."""

    def __init__(self) -> None:
        self._found: dict[SpecProblem, None] = {}
        self._silenced: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._found)

    def __iter__(self) -> Iterator[SpecProblem]:
        return iter(self._found)

    def add(self, place: Marked, wrong: str, fix: str) -> None:
        """Note a mistake where a node was written."""
        self.at(place.file, place.line, wrong, fix)

    def at(self, file: str, line: int, wrong: str, fix: str) -> None:
        """Note a mistake on a line of a file."""
        if file not in self._silenced:
            self._found.setdefault(SpecProblem(file, line, wrong, fix))

    def silence(self, file: str) -> None:
        """Take no further mistakes of a file: it could not be read, and the rest would be echoes."""
        self._silenced.add(file)

    def add_expression(self, place: Marked, what: str, error: ExpressionError) -> None:
        """Note every mistake of an expression; ``what`` says whose expression it is."""
        for wrong, fix in error.problems:
            self.add(place, f"{what}: {wrong}", fix)

    def raise_if_any(self) -> None:
        """Raise :class:`SpecErrors`, sorted by file and line, when something was noted."""
        if self._found:
            raise SpecErrors(sorted(self._found))
