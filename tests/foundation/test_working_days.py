from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yincai.foundation.clock import CHINA
from yincai.foundation.working_days import AtEnd, Calendar, Deadline, Pause, Unit

# National Day 2026: 1 to 7 October off, Saturday 10 October worked
CALENDAR = Calendar(
    {**{date(2026, 10, d): False for d in range(1, 8)}, date(2026, 10, 10): True}, frozenset({2026})
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def _at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


def _deadline(amount: int, unit: Unit = Unit.WORKING_DAYS, *pauses: Pause) -> Deadline:
    return Deadline(amount, unit, _at(9, 30), AtEnd.ESCALATE, pauses)


def test_holiday_is_not_worked_and_its_weekend_is() -> None:
    assert CALENDAR.is_working_day(date(2026, 9, 30))
    assert not CALENDAR.is_working_day(date(2026, 10, 1))
    assert CALENDAR.is_working_day(date(2026, 10, 10))
    assert not CALENDAR.is_working_day(date(2026, 10, 11))


def test_working_days_skip_the_holiday() -> None:
    assert CALENDAR.add_working_days(date(2026, 9, 30), 0) == date(2026, 9, 30)
    assert CALENDAR.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CALENDAR.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert CALENDAR.add_working_days(date(2026, 9, 30), 4) == date(2026, 10, 12)


def test_working_days_backwards_are_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2026, 9, 30), -1)


@given(days, st.integers(0, 60))
def test_count_undoes_add(start: date, amount: int) -> None:
    end = CALENDAR.add_working_days(start, amount)

    assert CALENDAR.count(start, end) == amount
    assert CALENDAR.count(end, start) == -amount


def test_year_without_data_falls_back_and_warns() -> None:
    assert CALENDAR.is_working_day(date(2027, 10, 1))
    assert not CALENDAR.is_working_day(date(2027, 10, 2))
    assert CALENDAR.warning_for(date(2026, 10, 1)) is None
    assert "2027 年的节假日安排尚未录入" in (CALENDAR.warning_for(date(2027, 10, 1)) or "")


def test_deadline_in_working_days_ends_with_its_last_day_in_china() -> None:
    deadline = _deadline(1)

    assert deadline.due_day(CALENDAR) == date(2026, 10, 8)
    assert deadline.due_at(CALENDAR) == datetime(2026, 10, 8, 16, tzinfo=UTC)
    assert not deadline.is_over(_at(10, 8, 23), calendar=CALENDAR)
    assert deadline.is_over(_at(10, 9, 0), calendar=CALENDAR)


def test_deadline_in_calendar_days_counts_holidays() -> None:
    assert _deadline(5, Unit.CALENDAR_DAYS).due_day(CALENDAR) == date(2026, 10, 5)


def test_deadline_starts_on_the_day_it_is_in_china() -> None:
    late = Deadline(1, Unit.CALENDAR_DAYS, datetime(2026, 9, 30, 20, tzinfo=UTC))

    assert late.due_day(CALENDAR) == date(2026, 10, 2)


def test_deadline_in_hours_is_exact() -> None:
    assert _deadline(48, Unit.HOURS).due_at(CALENDAR) == _at(10, 2)
    assert _deadline(48, Unit.HOURS).due_day(CALENDAR) == date(2026, 10, 2)


def test_deadline_in_hours_is_moved_by_its_pauses() -> None:
    pauses = (Pause(_at(10, 1), _at(10, 1, 15)), Pause(_at(10, 2, 12), _at(10, 2, 13)), Pause(_at(10, 9)))

    assert _deadline(48, Unit.HOURS, *pauses).due_at(CALENDAR) == _at(10, 2, 16)


def test_deadline_paused_is_open() -> None:
    for unit in Unit:
        paused = _deadline(100, unit).pause(_at(10, 1))

        assert paused.is_paused
        assert paused.due_at(CALENDAR) is None
        assert paused.due_day(CALENDAR) is None
        assert not paused.is_over(_at(12, 31), calendar=CALENDAR)


def test_deadline_that_passed_before_its_pause_is_over() -> None:
    assert _deadline(1).pause(_at(10, 9)).due_day(CALENDAR) == date(2026, 10, 8)


def test_deadline_does_not_count_days_touched_by_a_pause() -> None:
    resumed = _deadline(3).pause(_at(10, 9)).resume(_at(10, 12))

    assert not resumed.is_paused
    assert resumed.due_day(CALENDAR) == date(2026, 10, 14)  # 8, 13 and 14; not 9, 10 and 12


def test_deadline_is_not_paused_twice_nor_resumed_while_running() -> None:
    with pytest.raises(ValueError, match="paused already"):
        _deadline(1).pause(_at(10, 1)).pause(_at(10, 2))
    with pytest.raises(ValueError, match="not paused"):
        _deadline(1).resume(_at(10, 1))


@pytest.mark.parametrize(
    "pauses",
    [
        (Pause(_at(9, 29)),),
        (Pause(_at(10, 2), _at(10, 1)),),
        (Pause(_at(10, 1)), Pause(_at(10, 2))),
        (Pause(_at(10, 1), _at(10, 3)), Pause(_at(10, 2))),
        (Pause(datetime(2026, 10, 1)),),  # noqa: DTZ001  the missing zone is the point
    ],
)
def test_deadline_with_disordered_pauses_is_refused(pauses: tuple[Pause, ...]) -> None:
    with pytest.raises(ValueError, match="pause|time zone"):
        _deadline(1, Unit.HOURS, *pauses)


def test_deadline_with_a_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        _deadline(-1)


@given(days, st.integers(0, 30), st.integers(0, 20), st.integers(0, 20), st.sampled_from(list(Unit)))
def test_pause_never_brings_a_deadline_forward(
    start: date, amount: int, after: int, long: int, unit: Unit
) -> None:
    plain = Deadline(amount, unit, datetime(start.year, start.month, start.day, 9, tzinfo=CHINA))
    begin = plain.start + timedelta(days=after)
    paused = plain.pause(begin).resume(begin + timedelta(days=long))
    before, later = plain.due_at(CALENDAR), paused.due_at(CALENDAR)

    assert before is not None
    assert later is not None
    assert later >= before
