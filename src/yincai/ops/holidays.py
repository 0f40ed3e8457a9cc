"""The working calendar as an operator keeps it: what a year holds, one day set on record, what is missing."""

from __future__ import annotations

from datetime import date, timedelta

from yincai.casework.actions import CALENDAR_CHAIN, set_calendar_day
from yincai.foundation import calendar_table, clock
from yincai.ledger.vocabulary import SYSTEM

CHAIN = CALENDAR_CHAIN
AHEAD = timedelta(days=60)
"""How far limits reach that are being counted now."""


def set_day(day: date, *, is_working: bool, source: str, note: str = "") -> None:
    """Set whether a day is worked, on the authority of `source` (the notice's name), and record it."""
    set_calendar_day(day, actor=SYSTEM, is_working=is_working, source=source, note=note)


def days_of(year: int) -> list[tuple[date, bool]]:
    """The days on which a year differs from Monday to Friday, in order; True for worked ones."""
    exceptions = calendar_table.load_calendar().exceptions
    return sorted((day, worked) for day, worked in exceptions.items() if day.year == year)


def warnings() -> list[str]:
    """A sentence for each year without official data into which limits reach that are counted now."""
    calendar, today = calendar_table.load_calendar(), clock.today()
    found = (calendar.warning_for(day) for day in (today, today + AHEAD))
    return list(dict.fromkeys(sentence for sentence in found if sentence))
