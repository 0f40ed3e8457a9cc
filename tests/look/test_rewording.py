"""What a version changes, word by word: both texts can be read out of it, whatever they are."""

from __future__ import annotations

from difflib import Match, SequenceMatcher
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yincai.look.rewording import COME, GONE, LARGEST, SAME, Piece, reworded, reworded_line

TEXTS = st.text(alphabet="工作日 a1\n，", max_size=40)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("休息 3 天", "休息 15 天", [(SAME, "休息 "), (GONE, "3"), (COME, "15"), (SAME, " 天")]),
        ("", "新", [(COME, "新")]),
        ("旧", "", [(GONE, "旧")]),
        ("一样", "一样", [(SAME, "一样")]),
        ("", "", []),
    ],
)
def test_line_is_compared_by_characters_and_whole_numbers(
    before: str, after: str, pieces: list[tuple[str, str]]
) -> None:
    assert list(reworded_line(before, after)) == [Piece(*one) for one in pieces]


@given(TEXTS, TEXTS)
def test_both_lines_can_be_read_out_of_what_is_shown(before: str, after: str) -> None:
    before, after = before.replace("\n", ""), after.replace("\n", "")
    found = reworded_line(before, after)

    assert "".join(one.text for one in found if one.kind != COME) == before
    assert "".join(one.text for one in found if one.kind != GONE) == after


@given(TEXTS, TEXTS)
def test_no_paragraph_is_lost(before: str, after: str) -> None:
    found = reworded(before, after)

    shown = sum(one.skipped or 1 for one in found)
    assert shown >= max(len([line for line in text.split("\n") if line]) for text in (before, after))
    lines = [[line for line in text.split("\n") if line] for text in (before, after)]
    assert lines[0] == lines[1] or any(one.is_changed for one in found)


def test_runs_without_a_change_are_folded() -> None:
    lines = [f"第{number}段" for number in range(10)]
    found = reworded("\n".join(lines), "\n".join([*lines[:5], "改了", *lines[6:]]))

    assert [one.skipped for one in found] == [4, 0, 0, 0, 3]


def test_longest_texts_stand_for_each_other_whole() -> None:
    before, after = "一" * 20_000, "二" * 20_000

    assert reworded_line(before, after) == (Piece(GONE, before), Piece(COME, after))


WORD = Random(7)  # noqa: S311 - no secret
HARD = ["".join(WORD.choices("一二", k=20_000)) for _ in range(2)]
"""Two texts of the longest allowed that are alike everywhere, and nowhere for long."""


@pytest.mark.parametrize(
    "texts",
    [
        HARD,
        [text[:800] for text in HARD],
        ["\n".join(text[:1_500]) for text in HARD],
        ["\n".join(text[:10_000]) for text in HARD],
        ["\n".join(text[at : at + 100] for at in range(0, 20_000, 100)) for text in HARD],
        ["一\n" * 10_000, "一" * 20_000],
    ],
)
def test_work_is_bounded_whatever_the_texts(monkeypatch: pytest.MonkeyPatch, texts: list[str]) -> None:
    looked_at: list[int] = []
    plain = SequenceMatcher.find_longest_match

    def counted(self: Any, alo: int, ahi: int, blo: int, bhi: int) -> Match:
        looked_at.append(sum(len(self.b2j.get(one, ())) for one in self.a[alo:ahi]))
        return plain(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counted)
    found = reworded(*texts)

    assert sum(looked_at) <= LARGEST
    for text, other in zip(texts, (COME, GONE), strict=True):
        shown = "".join(piece.text for one in found for piece in one.pieces if piece.kind != other)
        assert shown == text.replace("\n", "") or any(one.skipped for one in found)


def test_long_text_with_a_word_changed_is_compared_word_by_word() -> None:
    before = HARD[0][:10_000] + "旧" + HARD[1][:9_000]

    found = reworded_line(before, before.replace("旧", "新"))

    assert [one.text for one in found if one.kind != SAME] == ["旧", "新"]
