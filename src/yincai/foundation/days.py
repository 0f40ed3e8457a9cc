"""Days and moments: as people read them, and as they type them or addresses carry them, within the years with
which the platform reckons.

Python and PostgreSQL know years 1 to 9999, but at both ends midnight in China, the day after and a change of
time zone overflow: nothing outside of these years is let in.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from yincai.foundation import clock
from yincai.foundation.errors import Invalid, Problem

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def is_reckoned(day: date) -> bool:
    """Whether a day lies within the years with which the platform reckons, 1900 to 2199."""
    return FIRST_DAY <= day <= LAST_DAY


def day_in(text: str, *, path: str, label: str, advice: str = "请核对年份。") -> date | None:
    """The day that a form carried, None for an empty one.

    `Invalid` with a problem at `path` for what is no date or lies outside of 1900 to 2199; `advice` says what
    to do about the latter.
    """
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        sentence = f"{label}不是有效的日期。请按 2026-11-22 的样子填写。"
        raise Invalid(sentence, problems=[Problem(path, sentence)]) from error
    if not is_reckoned(day):
        sentence = f"{label}只能在 {FIRST_DAY.year} 年到 {LAST_DAY.year} 年之间。{advice}"
        raise Invalid(sentence, problems=[Problem(path, sentence)])
    return day


def day_or_none(text: str) -> date | None:
    """The day that an address carries; None for what cannot be read as one."""
    try:
        return day_in(text, path="", label="")
    except Invalid:
        return None


def moment_or_none(text: str) -> datetime | None:
    """The moment, with its time zone, that an address carries; None for what cannot be read as one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and is_reckoned(moment.date()) else None


def day_in_words(day: date | datetime) -> str:
    """2026年11月22日; of a moment, the day in China."""
    if isinstance(day, datetime):
        day = clock.day_of(day)
    return f"{day.year}年{day.month}月{day.day}日"


def moment_in_words(at: datetime) -> str:
    """2026年11月22日 15:04, on a Chinese clock."""
    return f"{day_in_words(at)} {clock.local(at):%H:%M}"


def last_day_in_words(end: datetime) -> str:
    """2026年11月22日: the last day of a time that ends with a midnight in China."""
    return day_in_words(end - timedelta(microseconds=1))
