from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yincai.engine.expressions import UNKNOWN, ExpressionError, Truth, parse, parse_in, truth
from yincai.engine.kinds import Kind, Type
from yincai.engine.parts import Scope

NAMES = {
    "points": Kind.NUMBER,
    "agrees": Kind.CHECKBOX,
    "born": Kind.DATE,
    "today": Kind.DATE,
    "since": Kind.MONTH,
    "sex": Kind.CODE,
    "note": Kind.TEXT,
    "story": Kind.RICH_TEXT,
    "paper": Kind.IDENTITY_DOCUMENT,
    "family": Kind.ROWS,
    "family.age": Kind.NUMBER,
    "family.born": Kind.DATE,
}
CHOICES = {"sex": frozenset({"1", "2"}), "paper.type": frozenset({"111", "414"})}


def value_of(text, **facts):
    return parse(text, names=NAMES, choices=CHOICES).evaluate(facts)


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("points >= 60", {"points": 60}, True),
        ("points >= 60", {"points": "59.99"}, False),
        ("points >= 60", {"points": ""}, UNKNOWN),
        ("points == 0.1 + 0.2", {"points": 0.3}, True),
        ("0 < points <= 5", {"points": 5}, True),
        ("0 < points <= 5", {"points": 0}, False),
        ("points / 0 > 1", {"points": 5}, UNKNOWN),
        ("-points < -4", {"points": 5}, True),
        ("points * 2 - 1", {"points": 5}, 9),
        ("points / 4", {"points": 5}, Decimal("1.25")),
        ("agrees", {"agrees": True}, True),
        ("agrees", {"agrees": "true"}, UNKNOWN),
        ("not agrees", {}, UNKNOWN),
        ("agrees == False", {"agrees": False}, True),
        ("agrees and points > 1", {"points": 0}, False),
        ("agrees or points > 1", {"points": 2}, True),
        ("agrees and points > 1", {"points": 2}, UNKNOWN),
        ('sex == "1"', {"sex": "1"}, True),
        ('sex in ("1", "2")', {"sex": "2"}, True),
        ('sex not in ("1",)', {"sex": "2"}, True),
        ('sex not in ("1",)', {}, UNKNOWN),
        ('sex != "1"', {}, UNKNOWN),
        ('note == "借"', {"note": "借"}, True),
        ('note in ("3a", "1.5x", "0x1")', {"note": "3a"}, True),
        ('paper.type == "111"', {"paper": {"type": "111", "number": ""}}, True),
        ('paper.number == "A1"', {"paper": {"type": "414", "number": "A1"}}, True),
        ("is_known(paper)", {"paper": {"type": "414", "number": ""}}, False),
        ("is_known(points)", {"points": 0}, True),
        ("is_known(points)", {}, False),
        ("len(note) <= 2", {"note": "图书"}, True),
        ("len(story)", {"story": "<p>读 书&amp;</p>"}, 3),
        ('born < date("2000-01-01")', {"born": "1999-12-31"}, True),
        ('born < date("2000-01-01")', {"born": "1999-13-31"}, UNKNOWN),
        ('since <= month("2026-01")', {"since": "2026-01"}, True),
        ('since <= month("2026-01")', {"since": "2026-00"}, UNKNOWN),
        ("max(points, 3)", {"points": 2}, 3),
        ("min(born, today)", {"born": "2000-01-01", "today": "2020-01-01"}, date(2000, 1, 1)),
        ("count(family)", {"family": [{}, {}]}, 2),
        ("count(family)", {}, UNKNOWN),
        ("any(row.age < 18 for row in family)", {"family": []}, False),
        ("all(row.age < 18 for row in family)", {"family": []}, True),
        ("any(row.age < 18 for row in family)", {"family": [{"age": 3}, {}]}, True),
        ("any(row.age < 18 for row in family)", {"family": [{"age": 30}, {}]}, UNKNOWN),
        ("all(row.age < 18 for row in family)", {"family": [{"age": 30}, {}]}, False),
        ("count(row.age < 18 for row in family) >= 2", {"family": [{"age": 3}, {"age": 4}]}, True),
        ("count(row.age < 18 for row in family) >= 2", {"family": [{"age": 3}, {}]}, UNKNOWN),
        (
            "any(age(row.born, today) >= points for row in family)",
            {"family": [{"born": "2000-05-01"}], "today": "2026-05-01", "points": 26},
            True,
        ),
    ],
)
def test_expression_gives_value(text, facts, expected):
    assert value_of(text, **facts) == expected


@pytest.mark.parametrize(
    ("born", "on", "years", "months"),
    [
        ("2000-05-10", "2018-05-09", 17, 215),
        ("2000-05-10", "2018-05-10", 18, 216),
        ("2004-02-29", "2022-02-27", 17, 215),
        ("2004-02-29", "2022-02-28", 18, 216),
        ("2026-01-31", "2026-02-28", 0, 1),
        ("2026-01-31", "2026-03-30", 0, 1),
        ("2026-05-10", "2025-05-10", -1, -12),
        ("9999-12-01", "9999-12-31", 0, 0),
    ],
)
def test_whole_years_and_months(born, on, years, months):
    facts = {"born": born, "today": on}

    assert value_of("age(born, today)", **facts) == years
    assert value_of("years_between(born, today)", **facts) == years
    assert value_of("months_between(born, today)", **facts) == months


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pionts > 1", "nothing is called pionts; did you mean points?"),
        ("points", None),
        (
            'points > "1"',
            "points > '1' compares a number with a text; put codes in quotes and leave numbers bare",
        ),
        (
            'born == "2020-01-01"',
            "born == '2020-01-01' compares a date with a text; write dates as date(\"2026-01-31\")",
        ),
        (
            'since > "2020-01"',
            "since > '2020-01' compares a month with a text; write months as month(\"2026-01\")",
        ),
        ("born > since", "born > since compares a date with a month; compare values of one type"),
        ('sex == "3"', "sex can never be '3'; use one of: 1, 2"),
        ('sex in ("1", "9")', "sex can never be '9'; use one of: 1, 2"),
        ('paper.type == "112"', "paper.type can never be '112'; did you mean 111?"),
        (
            "paper == paper",
            "paper == paper compares a document in a way it cannot be; see docs/programmes",
        ),
        ("family > 3", "family > 3 compares a table of rows with a number; compare values of one type"),
        ("family.age > 3", "family.age is a column of a table; write any(row.age ... for row in family)"),
        ("any(row.agee > 3 for row in family)", "family has no column agee; did you mean age?"),
        ("any(row > 3 for row in family)", "row is a whole row; name one of its columns, such as row.column"),
        (
            "any(points > 3 for points in family)",
            'the loop\'s name is a fact or no name; write any(row.column == "x" for row in table)',
        ),
        (
            "any(row.age > 1 for row in family if row.age)",
            'the loop over rows is too complicated; write any(row.column == "x" for row in table)',
        ),
        ("any(agrees)", 'any goes over no rows; write any(row.column == "x" for row in table)'),
        ("min(row.age for row in family)", "min does not go over rows; use any, all or count"),
        ("points and agrees", "points is a number, not a condition; compare it with something"),
        ("not points", "points is a number, not a condition; compare it with something"),
        ("note + 1", "note is a text; put a number there"),
        ("points ** 9", "points ** 9 uses an unknown operator; use + - * or /"),
        ("~points", "~points uses an unknown operator; use not or a minus sign"),
        ("agee(born, today)", "there is no function agee; did you mean age?"),
        ("age(born)", "age has 1 values; write age(earlier, later)"),
        ("age(since, today)", "since is a month; put a date there"),
        ("age(born, on=today)", "age is called with name=value; give plain values in order"),
        ("len(note, note)", "len has 2 values; write len(one)"),
        ("is_known()", "is_known has 0 values; write is_known(one)"),
        ("max(points)", "max needs values of one type; write max(first, second)"),
        ("max(points, born)", "max needs values of one type; write max(first, second)"),
        ('date("2026-02-30")', 'date(...) holds no date; write date("2026-01-31")'),
        ("month(born)", 'month(...) holds no month; write month("2026-01")'),
        ("points in 3", '`in` is not followed by a list; write: name in ("a", "b")'),
        ("points in (points, 3)", "the list after `in` holds points; list values only"),
        ('note == ""', "an empty text is compared; write is_known(...) or not is_known(...)"),
        ("None", "None is no value of the language; use is_known(...) to ask for absence"),
        (
            "1e5 > points",
            "the expression is not well formed; check brackets, quotes and the operators and/or/not",
        ),
        (
            "1in (1, 2)",
            "the expression is not well formed; check brackets, quotes and the operators and/or/not",
        ),
        ("points is points", "points is points uses an unknown comparison; use == != < <= > >= or in"),
        ("points if agrees else 1", "IfExp is not part of the language; see docs/programmes"),
        ("[1, 2]", "List is not part of the language; see docs/programmes"),
        ("(lambda: points)()", None),
        ("paper.number.x", "a name has more than one dot; write fact, table column or rule.name"),
        (
            "points >",
            "the expression is not well formed; check brackets, quotes and the operators and/or/not",
        ),
        (
            'sex == "\\d"',
            "the expression is not well formed; check brackets, quotes and the operators and/or/not",
        ),
        (" ", "the expression is empty; write a condition or leave the key out"),
        ("1" * 2001, "the expression has 2001 characters; keep it within 2000; use a rule"),
        (
            "not " * 40 + "agrees",
            "the expression is too deep or too long; split it into rules under rules.yaml",
        ),
        (
            " and ".join(["agrees"] * 400),
            "the expression has 4395 characters; keep it within 2000; use a rule",
        ),
    ],
)
def test_expression_mistake_is_named(text, message):
    with pytest.raises(ExpressionError) as caught:
        parse(text, names=NAMES, choices=CHOICES, wants=Type.BOOL)

    if message is not None:
        assert str(caught.value) == message


def test_expression_collects_every_problem():
    with pytest.raises(ExpressionError) as caught:
        parse('pionts > 1 and sex == "3"', names=NAMES, choices=CHOICES)

    assert [wrong for wrong, _fix in caught.value.problems] == [
        "nothing is called pionts",
        "sex can never be '3'",
    ]


def test_expression_names_the_facts_it_reads():
    expression = parse("any(row.age > points for row in family) or agrees", names=NAMES)

    assert expression.names == {"family", "points", "agrees"}


@pytest.mark.parametrize("value", [None, UNKNOWN, 1, 0, "yes", Decimal(1)])
def test_truth_of_anything_but_true_and_false_is_unknown(value):
    assert truth(value) is Truth.UNKNOWN


def test_unknown_refuses_to_be_a_condition():
    with pytest.raises(TypeError):
        bool(UNKNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('paper.type == "111"', True),
        ("points > 5", True),
        ("points > 5 and agrees", True),
        ("is_known(note)", False),
    ],
)
def test_names_of_columns_are_read_from_the_row_at_hand(text, expected):
    scope = Scope(NAMES, columns=frozenset({"paper", "points", "note"}))
    facts = {"paper": {"type": "414", "number": "A1"}, "points": 1, "note": "外", "agrees": True}
    row = {"paper": {"type": "111", "number": "B2"}, "points": 9}

    assert parse_in(text, scope).evaluate(facts, row) is expected


def test_value_of_a_hidden_fact_is_unknown():
    scope = Scope(NAMES)
    expression = parse_in("is_known(points) or is_known(paper.number)", scope)
    scope.conditions["points"] = scope.conditions["paper"] = parse("agrees", names=NAMES).run
    facts = {"points": 1, "paper": {"type": "414", "number": "A1"}}

    assert expression.evaluate({**facts, "agrees": True}) is True
    assert expression.evaluate({**facts, "agrees": False}) is False
    assert expression.evaluate(facts) is False


def test_loop_inside_a_condition_of_a_row_is_refused():
    with pytest.raises(ExpressionError, match="the loop over rows is too complicated"):
        parse_in("any(r.age > 1 for r in family)", Scope(NAMES, columns=frozenset({"note"})))
