"""Working days and deadlines.  Pure: the calendar's data comes in, dates come out.

Counting: the day of the event is day 0; n days end with the end of the n-th day after it that counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from yincai.foundation.clock import day_of, start_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: Monday to Friday but for `exceptions`; `years_published` have data."""

    exceptions: Mapping[date, bool]
    years_published: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day`; in a year without data Monday to Friday."""
        return self.exceptions.get(day, day.weekday() < 5)

    def add_working_days(self, start: date, days: int) -> date:
        """The `days`-th working day after `start` (`start` itself for 0).  `ValueError` below 0."""
        if days < 0:
            raise ValueError("working days are added forward only")
        day = start
        while days:
            day += _DAY
            days -= self.is_working_day(day)
        return day

    def count(self, start: date, end: date) -> int:
        """The working days after `start` up to and with `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.count(end, start)
        return sum(self.is_working_day(start + _DAY * n) for n in range(1, (end - start).days + 1))

    def warning_for(self, day: date) -> str | None:
        """A sentence to show beside `day` when its year has no official data; else None."""
        if day.year in self.years_published:
            return None
        return f"{day.year} 年的节假日安排尚未录入，这个日期暂按周一至周五上班推算，录入后可能变动。"


class Unit(StrEnum):
    """What a deadline is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    HOURS = "hours"


class AtEnd(StrEnum):
    """What happens when a deadline passes."""

    REMIND = "remind"
    ESCALATE = "escalate"
    ACCEPT = "accept"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Pause:
    """A time during which a deadline does not run; `end` None while it lasts.  Moments are aware."""

    begin: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """`amount` of `unit` from `start` (aware), less the pauses, and what happens at the end.

    Counted in days, a day touched by a pause does not count, neither that on which it begins nor that on
    which it ends.  Counted in hours, pauses are taken off to the second.  Pauses follow each other in time.
    """

    amount: int
    unit: Unit
    start: datetime
    at_end: AtEnd = AtEnd.REMIND
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a deadline's amount is not negative")
        moments = [self.start]
        for number, pause in enumerate(self.pauses, 1):
            if pause.end is None and number < len(self.pauses):
                raise ValueError("only the last pause may still last")
            moments += [pause.begin] if pause.end is None else [pause.begin, pause.end]
        if any(moment.tzinfo is None for moment in moments):
            raise ValueError("a deadline's moments need a time zone")
        if any(later < earlier for earlier, later in zip(moments, moments[1:], strict=False)):
            raise ValueError("a deadline's pauses follow its start and each other in time")

    @property
    def is_paused(self) -> bool:
        """Whether the last pause still lasts."""
        return bool(self.pauses) and self.pauses[-1].end is None

    def pause(self, at: datetime) -> Deadline:
        """The deadline stopped at `at`; `ValueError` when it is paused already."""
        if self.is_paused:
            raise ValueError("the deadline is paused already")
        return replace(self, pauses=(*self.pauses, Pause(at)))

    def resume(self, at: datetime) -> Deadline:
        """The deadline running again from `at`; `ValueError` when it is not paused."""
        if not self.is_paused:
            raise ValueError("the deadline is not paused")
        return replace(self, pauses=(*self.pauses[:-1], replace(self.pauses[-1], end=at)))

    def due_at(self, calendar: Calendar) -> datetime | None:
        """The moment (UTC) from which it is too late; None while a pause keeps it open.

        Counted in days this is the midnight in China that ends `due_day`.
        """
        if self.unit is Unit.HOURS:
            return self._due_after_hours()
        day = self.due_day(calendar)
        return None if day is None else start_of(day + _DAY)

    def due_day(self, calendar: Calendar) -> date | None:
        """The last day (in China) on which the act is in time; None while a pause keeps it open."""
        if self.unit is Unit.HOURS:
            due = self._due_after_hours()
            return None if due is None else day_of(due)
        stopped = self._days_of_pauses()
        day, left = day_of(self.start), self.amount
        while left:
            day += _DAY
            if self.is_paused and day >= day_of(self.pauses[-1].begin):
                return None
            counts = self.unit is Unit.CALENDAR_DAYS or calendar.is_working_day(day)
            left -= counts and not any(first <= day <= last for first, last in stopped)
        return day

    def is_over(self, at: datetime, *, calendar: Calendar) -> bool:
        """Whether the deadline has passed at `at`; never while a pause keeps it open."""
        due = self.due_at(calendar)
        return due is not None and at >= due

    def _days_of_pauses(self) -> list[tuple[date, date]]:
        return [(day_of(p.begin), day_of(p.end)) for p in self.pauses if p.end is not None]

    def _due_after_hours(self) -> datetime | None:
        due = self.start + timedelta(hours=self.amount)
        for pause in self.pauses:
            if pause.begin >= due:
                break
            if pause.end is None:
                return None
            due += pause.end - pause.begin
        return due
