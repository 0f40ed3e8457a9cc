"""The administrator's table of holidays and worked weekends, and the calendar read from it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple, cast

from chinese_calendar.constants import Holiday, holidays, workdays

from yincai.foundation.models import CalendarDay
from yincai.foundation.working_days import Calendar

CACHE_SECONDS = 60
SEED_SOURCE = "国务院办公厅节假日安排（chinesecalendar 1.11）"


class _Read(NamedTuple):
    calendar: Calendar
    at: float


_cached: _Read | None = None


def load_calendar() -> Calendar:
    """The calendar of the table, read at most once in 60 seconds; `set_day` shows at once in its process."""
    global _cached
    if _cached is None or time.monotonic() - _cached.at > CACHE_SECONDS:
        days = dict(CalendarDay.objects.values_list("date", "is_working"))
        _cached = _Read(Calendar(days, frozenset(day.year for day in days)), time.monotonic())
    return _cached.calendar


def forget_calendar() -> None:
    """Read the table again at the next `load_calendar`."""
    global _cached
    _cached = None


def seed_calendar() -> int:
    """Add the published days of 2004 and after that the table lacks; rows that are there stay as they are.

    Returns how many days the seed holds.  Safe to repeat.
    """
    rows = list(_seed())
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    forget_calendar()
    return len(rows)


def set_day(day: date, *, is_working: bool, source: str, note: str = "") -> None:
    """Record whether `day` is worked, on the authority of `source`; replaces what the table said.

    The caller authorises and records: this is the table's own write, not an act of an administrator.
    """
    CalendarDay.objects.update_or_create(
        date=day, defaults={"is_working": is_working, "source": source, "note": note}
    )
    forget_calendar()


class NotedDay(NamedTuple):
    """One day of the table: whether it is worked, who says so, and what it is."""

    day: date
    is_working: bool
    source: str
    note: str


def days_of_year(year: int) -> dict[date, NotedDay]:
    """The days of a year that the table holds, read now."""
    rows = CalendarDay.objects.filter(date__year=year).order_by("date")
    return {row.date: NotedDay(row.date, row.is_working, row.source, row.note) for row in rows}


def _seed() -> Iterator[CalendarDay]:
    names = {kind.value: kind.chinese for kind in cast(Iterable[Any], Holiday)}
    for days, is_working, suffix in ((holidays, False, ""), (workdays, True, "调休上班")):
        for day, name in days.items():
            yield CalendarDay(date=day, is_working=is_working, source=SEED_SOURCE, note=names[name] + suffix)
