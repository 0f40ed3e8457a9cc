"""Inside a block a question is asked once; outside, and in the next block, anew."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from yincai.foundation.once import asked_once, once


@pytest.fixture
def numbers() -> Iterator[int]:
    return count(1)


def test_answer_is_kept_inside_and_forgotten_after(numbers: Iterator[int]) -> None:
    def ask() -> int:
        return once("which", lambda: next(numbers))

    assert [ask(), ask()] == [1, 2]
    with asked_once():
        assert [ask(), ask()] == [3, 3]
        with asked_once():
            assert ask() == 3
        assert ask() == 3
    with asked_once():
        assert ask() == 4


def test_nothing_is_an_answer_too_and_other_questions_are_others(numbers: Iterator[int]) -> None:
    asked: list[str] = []
    with asked_once():
        for _ in range(2):
            assert once(("a", 1), lambda: asked.append("a")) is None
        assert once(("a", 2), lambda: next(numbers)) == 1

    assert asked == ["a"]


def test_failed_block_leaves_nothing_behind(numbers: Iterator[int]) -> None:
    @asked_once()
    def fail() -> None:
        once("which", lambda: next(numbers))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert once("which", lambda: next(numbers)) == 2
