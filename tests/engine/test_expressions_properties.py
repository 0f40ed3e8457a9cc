from __future__ import annotations

import warnings

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.test_expressions import CHOICES, NAMES
from yincai.engine.expressions import UNKNOWN, ExpressionError, parse
from yincai.engine.kinds import Kind

LETTERS = "abc"
FLAGS = dict.fromkeys(LETTERS, Kind.CHECKBOX)
answers = st.sampled_from([True, False, None])

# The truth tables of Kleene, written out: rows a, columns b, in the order True, False, None.
AND = {
    (True, True): True, (True, False): False, (True, None): None,
    (False, True): False, (False, False): False, (False, None): False,
    (None, True): None, (None, False): False, (None, None): None,
}  # fmt: skip
OR = {
    (True, True): True, (True, False): True, (True, None): True,
    (False, True): True, (False, False): False, (False, None): None,
    (None, True): True, (None, False): None, (None, None): None,
}  # fmt: skip
NOT = {True: False, False: True, None: None}

trees = st.recursive(
    st.sampled_from(LETTERS),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner), st.tuples(st.sampled_from(["and", "or"]), inner, inner)
    ),
    max_leaves=8,
)


def spell(tree):
    if isinstance(tree, str):
        return tree
    if tree[0] == "not":
        return f"(not {spell(tree[1])})"
    return f"({spell(tree[1])} {tree[0]} {spell(tree[2])})"


def decide(tree, facts):
    if isinstance(tree, str):
        return facts[tree]
    if tree[0] == "not":
        return NOT[decide(tree[1], facts)]
    table = AND if tree[0] == "and" else OR
    return table[decide(tree[1], facts), decide(tree[2], facts)]


def known(value):
    return None if value is UNKNOWN else value


@given(trees, st.fixed_dictionaries(dict.fromkeys(LETTERS, answers)))
def test_conditions_agree_with_the_truth_tables(tree, facts):
    expression = parse(spell(tree), names=FLAGS)

    assert known(expression.evaluate(facts)) == decide(tree, facts)


@given(trees, st.fixed_dictionaries(dict.fromkeys(LETTERS, answers)))
def test_learning_more_never_overturns_an_answer(tree, facts):
    expression = parse(spell(tree), names=FLAGS)
    before = expression.evaluate(facts)

    for letter in [name for name, value in facts.items() if value is None]:
        for learnt in (True, False):
            assert before is UNKNOWN or expression.evaluate({**facts, letter: learnt}) is before


@given(st.lists(answers))
def test_rows_agree_with_joining_their_answers(column):
    names = {"rows": Kind.ROWS, "rows.a": Kind.CHECKBOX}
    facts = {"rows": [{"a": value} for value in column]}

    some = known(parse("any(row.a for row in rows)", names=names).evaluate(facts))
    every = known(parse("all(row.a for row in rows)", names=names).evaluate(facts))

    assert some == (True if True in column else None if None in column else False)
    assert every == (False if False in column else None if None in column else True)


WORDS = st.sampled_from(
    [*NAMES, "row", "row.age", "any(", "count(", "age(", "min(", "for row in family", "and", "or", "not",
     "in", "is", "(", ")", ",", "==", "<", "+", "/", "**", "1", "2.5", "1in", "0x",
     "1e5", "\\", '"1"', '"\\d"', "True", "None", "if", "else",
     "lambda", "date(", '"2026-01-01"', "[", "]", "{", "}", ".", ":", "\n", "\x00", "é", "人"]
)  # fmt: skip
texts = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=15).map(" ".join))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["age", "born", "type", "number"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=300)
@given(texts)
def test_any_text_parses_or_names_its_problems_without_a_warning(text):
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            expression = parse(text, names=NAMES, choices=CHOICES)
            problems = [("no problem", "use it")]
        except ExpressionError as error:
            problems = list(error.problems)
        else:
            assert expression.names <= NAMES.keys()

    assert warned == []
    assert problems
    assert all(wrong and fix for wrong, fix in problems)


SAMPLES = [
    "points / points - 1 > 0 or points * points < 3",
    "age(born, today) >= points and years_between(since, since) == 0",
    "any(row.age < 18 and age(row.born, today) > 3 for row in family)",
    "count(row.age == points for row in family) + count(family) > 1",
    'paper.type == "111" and paper.number == note and len(story) > len(note)',
    "max(points, 1, -points) > 2 and is_known(family) and is_known(paper)",
    'sex in ("1", "2") and not agrees and min(born, today) != date("2020-01-01")',
]


@settings(max_examples=200)
@given(st.sampled_from(SAMPLES), st.dictionaries(st.sampled_from(list(NAMES)), json_values))
def test_no_stored_fact_makes_an_expression_raise(text, facts):
    value = parse(text, names=NAMES, choices=CHOICES).evaluate(facts)

    assert value is True or value is False or value is UNKNOWN
