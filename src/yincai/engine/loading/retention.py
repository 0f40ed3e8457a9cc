"""Reads retention.yaml: how long each kind of personal data is kept, and by what law."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from yincai.engine.loading.marked import Node, read_yaml
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader, is_map
from yincai.engine.retention import OF_PLACES, OF_PROGRAMMES, Kept, Period, Retention, Rule, Unit

FILE: Final = "retention.yaml"
KEEP: Final = re.compile(r"([1-9][0-9]{0,4}) (days|months|years)")
SHORTEST_SIGN_INS: Final = 6
"""Months for which logs are kept at least (网络安全法 第二十一条)."""
LONGEST_COOLING_OFF: Final = 15
"""Days within which an account must be erased (《App违法违规收集使用个人信息行为认定方法》，15 个工作日)."""


def read_retention(
    text: str, problems: Problems, *, of_place: bool, programmes: Collection[str] = ()
) -> Retention:
    """Return what a text declares; what is wrong is noted.

    The platform's own declaration names every kind; a place only what it keeps otherwise, and may add what
    differs for one of its `programmes`.
    """
    node = read_yaml(FILE, text, problems)
    if node is None or not is_map(node, "the file", problems):
        return Retention({})
    reader = Reader(node, "the file", problems)
    allowed = OF_PLACES if of_place else frozenset(Kept)
    rules = _rules(reader, allowed, problems, required=not of_place)
    if of_place:
        retention = Retention(rules, programmes=_programmes(reader, problems, programmes))
    else:
        for lacking in sorted(set(Kept) - set(rules)):
            reader.wrong("kinds", f"{lacking} is not declared", f"add `- kind: {lacking}`")
        cooling_off = reader.whole("cooling_off_days", default=7, least=1, most=LONGEST_COOLING_OFF)
        retention = Retention(rules, cooling_off)
    reader.done()
    return retention


def _programmes(reader: Reader, problems: Problems, known: Collection[str]) -> dict[str, dict[Kept, Rule]]:
    found: dict[str, dict[Kept, Rule]] = {}
    for node in reader.maps("programmes", required=False):
        inner = Reader(node, "programme", problems)
        name = inner.one_of("name", sorted(known))
        if name in found:
            inner.wrong("name", f"{name} is written twice", "write its kinds in one place")
        found[name] = _rules(inner, OF_PROGRAMMES, problems, required=True)
        inner.done()
    return found


def _rules(
    reader: Reader, allowed: Collection[Kept], problems: Problems, *, required: bool
) -> dict[Kept, Rule]:
    found: dict[Kept, Rule] = {}
    for node in reader.maps("kinds", required=required):
        rule = _rule(node, allowed, problems)
        if rule is None:
            continue
        if rule.kind in found:
            problems.add(node, f"kind: {rule.kind} is written twice", "keep one of them")
        found[rule.kind] = rule
    return found


def _rule(node: Node, allowed: Collection[Kept], problems: Problems) -> Rule | None:
    reader = Reader(node, "kind", problems)
    name = reader.one_of("kind", sorted(allowed))
    keep = reader.text("keep", longest=20)
    law = reader.text("law", longest=200)
    reader.done()
    period = _period(reader, keep)
    if not name or period is None:
        return None
    kind = Kept(name)
    if kind is Kept.SIGN_IN and _in_days(period) < SHORTEST_SIGN_INS * 30:
        reader.wrong(
            "keep", f"sign_in is kept for {keep}", f"keep it for {SHORTEST_SIGN_INS} months at least"
        )
    return Rule(kind, period, law)


def _period(reader: Reader, text: str) -> Period | None:
    found = KEEP.fullmatch(text)
    if found is None:
        if text:
            reader.wrong("keep", f"keep is {text}", "write it such as 7 days, 6 months or 30 years")
        return None
    period = Period(int(found[1]), Unit(found[2]))
    if _in_days(period) > 100 * 366:
        reader.wrong("keep", f"keep is {text}", "write 100 years at most")
        return None
    return period


def _in_days(period: Period) -> int:
    return period.amount * {Unit.DAYS: 1, Unit.MONTHS: 30, Unit.YEARS: 365}[period.unit]
