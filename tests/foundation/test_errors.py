from __future__ import annotations

import pytest

from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem, SomeoneWasFirst, YincaiError


@pytest.mark.parametrize("kind", [NotAllowed, NotFound, SomeoneWasFirst, Invalid])
def test_error_has_a_sentence_of_its_own_and_takes_a_better_one(kind: type[YincaiError]) -> None:
    plain, told = kind(), kind("请先登录。")  # type: ignore[call-arg]  # every kind has a default sentence

    assert plain.sentence.endswith("。")
    assert told.sentence == str(told) == "请先登录。"


def test_invalid_lists_its_problems() -> None:
    problems = [Problem("family.1.name", "还没有填写姓名。")]

    assert Invalid(problems=problems).problems == problems
