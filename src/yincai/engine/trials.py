"""Runs the cases of ``tests.yaml``: what the programme decides against what its owner expects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from yincai.engine.forms import missing, visible_fields, with_context
from yincai.engine.kinds import Facts, Truth
from yincai.engine.rules import evaluate
from yincai.engine.spec import LegalCase, Programme

WORDS: Final = {Truth.TRUE: "met", Truth.FALSE: "not met", Truth.UNKNOWN: "cannot tell"}


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that came out differently: ``str()`` gives ``tests.yaml:line: case: what differs``."""

    title: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"tests.yaml:{self.line}: {self.title}: {self.message}"


def failures(programme: Programme) -> list[Failure]:
    """Return every difference between the cases of a programme and its decisions; empty when all agree."""
    return [
        Failure(case.title, case.line, message)
        for case in programme.tests
        for message in _differences(programme, case)
    ]


def _differences(programme: Programme, case: LegalCase) -> Iterator[str]:
    on = date.fromisoformat(case.on)
    facts = with_context(_with_row_ids(case.answers), today=on, variant=case.variant)
    for rule in programme.rules:
        if rule.name in case.rules:
            found = WORDS[evaluate(rule, facts, on).truth]
            if found != case.rules[rule.name]:
                yield f"rule {rule.name} is {found}, expected {case.rules[rule.name]}"
    shown = {field.name for section in programme.sections for field in visible_fields(section, facts)}
    for name, expected in case.visible.items():
        if (name in shown) is not expected:
            yield f"{name} is {'visible' if name in shown else 'hidden'}"
    if case.missing is not None:
        yield from _missing_differences(programme, case, facts, on)


def _missing_differences(programme: Programme, case: LegalCase, facts: Facts, on: date) -> Iterator[str]:
    found = {
        item.path.removesuffix(".number")
        for item in missing(programme, facts, documents=case.documents, today=on, variant=case.variant)
    }
    expected = set(case.missing or ())
    for path in sorted(found - expected):
        yield f"{path} is missing, not expected"
    for path in sorted(expected - found):
        yield f"{path} is not missing, expected to be"


def _with_row_ids(answers: Facts) -> dict[str, Any]:
    """Number the rows of tables 1, 2, … where the case gives them no id."""
    return {name: _numbered(value) if isinstance(value, list) else value for name, value in answers.items()}


def _numbered(rows: list[Any]) -> list[Any]:
    return [
        {"_row": str(number), **row} if isinstance(row, dict) else row
        for number, row in enumerate(rows, start=1)
    ]
