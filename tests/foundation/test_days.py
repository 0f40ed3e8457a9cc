"""Days and moments of forms and addresses, within the years with which the platform reckons."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from yincai.foundation import clock
from yincai.foundation.days import (
    FIRST_DAY,
    LAST_DAY,
    day_in,
    day_in_words,
    day_or_none,
    last_day_in_words,
    moment_in_words,
    moment_or_none,
)
from yincai.foundation.errors import Invalid
from yincai.foundation.paging import key_from, key_text


@pytest.mark.parametrize(
    ("text", "day"),
    [("", None), ("  ", None), (" 2026-11-22 ", date(2026, 11, 22)), ("1900-01-01", FIRST_DAY)],
)
def test_day_of_a_form_is_read(text: str, day: date | None) -> None:
    assert day_in(text, path="since", label="开始日期") == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gestern", "开始日期不是有效的日期。请按 2026-11-22 的样子填写。"),
        ("2026-02-30", "开始日期不是有效的日期。请按 2026-11-22 的样子填写。"),
        ("0001-01-01", "开始日期只能在 1900 年到 2199 年之间。请核对年份。"),
        ("1899-12-31", "开始日期只能在 1900 年到 2199 年之间。请核对年份。"),
        ("2200-01-01", "开始日期只能在 1900 年到 2199 年之间。请核对年份。"),
        ("9999-12-31", "开始日期只能在 1900 年到 2199 年之间。请核对年份。"),
    ],
)
def test_what_is_no_day_is_told_at_its_field(text: str, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        day_in(text, path="since", label="开始日期")

    assert [(one.path, one.message) for one in caught.value.problems] == [("since", said)]
    assert day_or_none(text) is None


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_at_both_ends_there_is_a_midnight_and_a_next_day(day: date) -> None:
    assert clock.day_of(clock.start_of(day)) == day
    assert clock.start_of(day + timedelta(days=1)) > clock.start_of(day)


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026-01-01T00:00:00", "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"],
)
def test_moment_that_cannot_be_reckoned_with_is_none(text: str) -> None:
    assert moment_or_none(text) is None


def test_moment_of_an_address_is_read() -> None:
    assert moment_or_none("2026-01-01T08:00:00+08:00") == datetime(2026, 1, 1, tzinfo=UTC)


def test_days_and_moments_are_written_as_people_read_them() -> None:
    midnight = datetime(2026, 11, 30, 16, tzinfo=UTC)  # with which 1 December begins in China

    assert day_in_words(date(2026, 3, 5)) == "2026年3月5日"
    assert day_in_words(midnight) == "2026年12月1日"
    assert moment_in_words(midnight + timedelta(hours=9, minutes=4)) == "2026年12月1日 09:04"
    assert last_day_in_words(midnight) == "2026年11月30日"


def test_key_of_a_page_survives_its_address_and_anything_else_is_the_first() -> None:
    key = (datetime(2026, 1, 1, tzinfo=UTC), UUID(int=7))

    assert key_from(key_text(key)) == key
    assert [key_from(text) for text in ("", "x", "2026-01-01_7", f"2026-01-01T00:00:00_{UUID(int=7)}")] == (
        [None] * 4
    )
    assert key_text(None) == ""
