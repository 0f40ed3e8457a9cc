"""The bare decision: the same conditions written by hand in Python, without unknowns or trace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bench.sample import Clock, Sample

TODAY = "2026-11-22"
RULE_FACTS: Mapping[str, Any] = {
    "full_name": "张晓雨",
    "paper": {"type": "111", "number": "110101194912310022"},
    "today": date.fromisoformat(TODAY),
}
FORM_FACTS: Mapping[str, Any] = {
    "category": "4",
    "route": "introduced",
    "manner": "flexible",
    "variant": "A",
    "today": date.fromisoformat(TODAY),
}


def may_borrow(facts: Mapping[str, Any]) -> bool:
    """At least six years old (`places/harbour_city`)."""
    digits = facts["paper"]["number"]
    born, today = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])), facts["today"]
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return bool(age >= 6)


def form_answers(facts: Mapping[str, Any]) -> tuple[bool, ...]:
    """The seven conditions of the green card's form: what is asked, and what is required."""
    introduced = facts["route"] == "introduced"
    return (
        introduced,
        introduced,
        introduced,
        facts["route"] == "trained",
        introduced and facts["manner"] == "flexible",
        facts["category"] != "6",
        facts["category"] not in ("1", "2", "3"),
    )


def rule_with_trace(count: int) -> Sample:
    """The rule."""
    facts, clock = dict(RULE_FACTS), Clock()

    def work() -> None:
        for _ in range(count):
            if not may_borrow(facts):
                raise ValueError("the rule is not met")

    clock(work)
    return Sample(cpu=clock.seconds).each(count)


def form_conditions(count: int) -> Sample:
    """The conditions."""
    facts, clock = dict(FORM_FACTS), Clock()

    def work() -> None:
        for _ in range(count):
            form_answers(facts)

    clock(work)
    return Sample(cpu=clock.seconds).each(count)
