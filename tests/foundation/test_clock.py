from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from yincai.foundation import clock

LATE = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # past midnight in China


def test_clock_frozen_stands_still_and_tells_the_day_in_china() -> None:
    with clock.frozen(LATE):
        assert clock.now() == LATE
        assert clock.today() == date(2026, 3, 2)


def test_clock_frozen_can_be_moved_and_nested_and_runs_again() -> None:
    with clock.frozen(LATE) as hands:
        hands.move_by(timedelta(hours=1))
        assert clock.now() == LATE + timedelta(hours=1)
        with clock.frozen(LATE):
            assert clock.now() == LATE
        hands.move_to(LATE + timedelta(days=1))
        assert clock.today() == date(2026, 3, 3)

    assert clock.now() > LATE + timedelta(days=30)
    assert clock.now().tzinfo is UTC


def test_clock_refuses_a_moment_without_zone() -> None:
    naive = LATE.replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        clock.set_for_tests(naive)
    with pytest.raises(ValueError, match="time zone"):
        clock.local(naive)


def test_day_begins_at_midnight_in_china() -> None:
    assert clock.start_of(date(2026, 3, 2)) == datetime(2026, 3, 1, 16, tzinfo=UTC)
