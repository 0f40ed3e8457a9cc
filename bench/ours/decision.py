"""Our side: the engine decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings

from bench.baselines.decision import FORM_FACTS, RULE_FACTS, TODAY
from bench.sample import Clock, Sample
from yincai.engine.kinds import Truth
from yincai.engine.loading import load_folder
from yincai.engine.rules import evaluate
from yincai.engine.spec import Programme

RULES = ("harbour_city", "library_card")
CONDITIONS = ("shijiazhuang", "talent_green_card")


def rule_with_trace(count: int) -> Sample:
    """Every rule of the shipped programme with the most rules, each with its trace."""
    programme = _programme(*RULES)
    largest = max((_programme(*one) for one in (RULES, CONDITIONS)), key=lambda one: len(one.rules))
    if largest.name != programme.name:
        raise LookupError(f"{largest.name} has more rules by now: measure it, and write its baseline")
    facts, on, rules = dict(RULE_FACTS), date.fromisoformat(TODAY), programme.rules

    def work() -> None:
        for _ in range(count):
            for rule in rules:
                answer = evaluate(rule, facts, on)
        if answer.truth is not Truth.TRUE:
            raise ValueError("the rule is not met")

    return _timed(work, count)


def form_conditions(count: int) -> Sample:
    """Every condition of the largest shipped form: what shows, what must be answered or handed in."""
    conditions = _conditions(_programme(*CONDITIONS))
    facts = dict(FORM_FACTS)

    def work() -> None:
        for _ in range(count):
            for condition in conditions:
                condition.truth(facts)

    return _timed(work, count)


def _conditions(programme: Programme) -> list[Any]:
    fields = [field for section in programme.sections for field in section.fields]
    found = [one.visible for one in (*programme.sections, *fields, *programme.materials)]
    found += [one.required for one in (*fields, *programme.materials)]
    return [one for one in found if hasattr(one, "truth")]


def _programme(place: str, name: str) -> Programme:
    return load_folder(settings.PLACES / place / "programmes" / name)


def _timed(work: Any, count: int) -> Sample:
    clock = Clock()
    clock(work)
    return Sample(cpu=clock.seconds).each(count)
