from __future__ import annotations

from datetime import date

import pytest

from yincai.engine.expressions import UNKNOWN, parse
from yincai.engine.kinds import Kind, Truth
from yincai.engine.rules import (
    AllOf,
    AnyOf,
    Clause,
    CountOf,
    Leaf,
    NotOf,
    Rule,
    definition_of,
    evaluate,
    names_of,
)

NAMES = dict.fromkeys("abc", Kind.CHECKBOX) | {"today": Kind.DATE}
DAY = date(2026, 11, 22)
YES, NO, OPEN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def leaf(name, **clause):
    return Leaf(parse(name, names=NAMES), Clause(**clause))


def decide(node, *, on=DAY, **facts):
    return evaluate(Rule("r", "R", node), facts, on)


A, B, C = leaf("a"), leaf("b"), leaf("c")


@pytest.mark.parametrize(
    ("node", "facts", "expected"),
    [
        (A, {"a": True}, YES),
        (A, {"a": False}, NO),
        (A, {}, OPEN),
        (AllOf((A, B)), {"a": True, "b": True}, YES),
        (AllOf((A, B)), {"a": True}, OPEN),
        (AllOf((A, B)), {"b": False}, NO),
        (AnyOf((A, B)), {"b": True}, YES),
        (AnyOf((A, B)), {"b": False}, OPEN),
        (AnyOf((A, B)), {"a": False, "b": False}, NO),
        (NotOf(A), {"a": True}, NO),
        (NotOf(A), {"a": False}, YES),
        (NotOf(A), {}, OPEN),
        (CountOf(2, (A, B, C)), {"a": True, "c": True}, YES),
        (CountOf(2, (A, B, C)), {"a": True, "b": False}, OPEN),
        (CountOf(2, (A, B, C)), {"a": False, "b": False}, NO),
    ],
)
def test_rule_answers(node, facts, expected):
    assert decide(node, **facts).truth is expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 12, 31), YES),
        (date(2026, 1, 1), NO),
        (date(2026, 6, 30), NO),
        (date(2026, 7, 1), YES),
    ],
)
def test_node_counts_between_its_dates_both_included(on, expected):
    dated = leaf("b", starts=date(2026, 1, 1), until=date(2026, 6, 30))

    assert decide(AllOf((A, dated)), on=on, a=True, b=False).truth is expected


@pytest.mark.parametrize(
    "wrap", [lambda n: n, lambda n: AllOf((n,)), lambda n: NotOf(n), lambda n: AnyOf((n,))]
)
def test_rule_of_which_nothing_is_in_force_never_passes(wrap):
    gone = leaf("a", until=date(2020, 1, 1))

    verdict = decide(wrap(gone), a=True)

    assert verdict.truth is OPEN
    assert verdict.trace.truth is None


def test_trace_shows_every_node_even_after_the_answer_is_clear():
    cited = leaf("b", source="办法 第三条", says="不得有失信记录")

    trace = decide(AllOf((A, NotOf(cited))), a=False, b=True).trace

    assert [part.truth for part in trace.parts] == [NO, NO]
    assert trace.parts[1].parts[0].clause.source == "办法 第三条"
    assert trace.parts[1].parts[0].condition == "b"
    assert trace.parts[1].parts[0].names == {"b"}


def test_rule_as_a_name_in_an_expression():
    rule = Rule("ok", "OK", AnyOf((A, leaf("b", until=date(2026, 1, 1)))))
    guard = parse("rule.ok and c", names=NAMES, definitions={"rule.ok": definition_of(rule)})

    assert guard.names == {"a", "b", "c", "today"}
    assert guard.evaluate({"b": True, "c": True, "today": "2025-01-01"}) is True
    assert guard.evaluate({"b": True, "c": True, "today": "2026-11-22"}) is UNKNOWN
    assert guard.evaluate({"a": True, "c": True}) is UNKNOWN
    assert names_of(CountOf(1, (A, NotOf(B)))) == {"a", "b"}
