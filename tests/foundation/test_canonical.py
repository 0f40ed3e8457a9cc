from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yincai.foundation.canonical import canonical_hash, canonical_json

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": [1, 2.5, None], "a": True}, '{"a":true,"b":[1,2.5,null]}'),
        ('张三\n\u0007"\\/\x7f', '"张三\\n\\u0007\\"\\\\/\x7f"'),
        ({"\U0001f600": 1, "\ufb33": 2}, '{"\U0001f600":1,"\ufb33":2}'),  # UTF-16 order, RFC 8785 3.2.3
        ((), "[]"),
        (10**30, "1" + "0" * 30),
    ],
)
def test_canonical_json_is_the_one_form(value: object, expected: str) -> None:
    assert canonical_json(value) == expected.encode()


@pytest.mark.parametrize(
    ("number", "expected"),
    [  # RFC 8785, appendix B
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (-5e-324, "-5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (1e21, "1e+21"),
        (999999999999999700000.0, "999999999999999700000"),
        (0.000001, "0.000001"),
        (9.999999999999997e-7, "9.999999999999997e-7"),
        (333333333.3333332, "333333333.3333332"),
        (-0.0000033333333333333333, "-0.0000033333333333333333"),
        (1424953923781206.2, "1424953923781206.2"),
    ],
)
def test_canonical_number_is_written_as_in_the_standard(number: float, expected: str) -> None:
    assert canonical_json(number) == expected.encode()


@given(values)
def test_canonical_json_read_back_is_written_the_same(value: Any) -> None:
    written = canonical_json(value)

    assert canonical_json(json.loads(written)) == written


@given(st.dictionaries(st.text(), st.integers()))
def test_canonical_hash_does_not_mind_the_order_of_keys(value: dict[str, int]) -> None:
    assert canonical_hash(dict(reversed(value.items()))) == canonical_hash(value)


@pytest.mark.parametrize("value", [Decimal(1), b"x", {1: 2}, {"a": {1}}, object()])
def test_canonical_json_refuses_what_is_not_json(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"\ud800": 1}])
def test_canonical_json_refuses_what_json_cannot_hold(value: object) -> None:
    with pytest.raises(ValueError, match="JSON|surrogates"):
        canonical_json(value)
