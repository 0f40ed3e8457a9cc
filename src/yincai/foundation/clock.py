"""The one source of time.  Nothing else in the platform asks the operating system what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
"""The civil time of every date that a resident or an officer reads."""

_fixed: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _fixed if _fixed is not None else datetime.now(UTC)


def today() -> date:
    """The present date in China."""
    return day_of(now())


def local(moment: datetime) -> datetime:
    """The same moment on a Chinese clock.  `ValueError` for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(CHINA)


def day_of(moment: datetime) -> date:
    """The date in China on which `moment` falls."""
    return local(moment).date()


def start_of(day: date) -> datetime:
    """Midnight in China with which `day` begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC)


def set_for_tests(at: datetime | None) -> None:
    """Stop the clock of this process at `at`; `None` lets it run again.  Prefer `frozen`."""
    global _fixed
    if at is not None and at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    _fixed = None if at is None else at.astimezone(UTC)


class Hands:
    """What `frozen` yields: the hands of the stopped clock."""

    def move_to(self, at: datetime) -> None:
        """Set the stopped clock to `at` (aware)."""
        set_for_tests(at)

    def move_by(self, step: timedelta) -> None:
        """Set the stopped clock forward, or back, by `step`."""
        set_for_tests(now() + step)


@contextmanager
def frozen(at: datetime) -> Iterator[Hands]:
    """Within the block the clock of the whole process, all threads included, stands at `at` (aware)."""
    before = _fixed
    set_for_tests(at)
    try:
        yield Hands()
    finally:
        set_for_tests(before)
