"""Counting what happened on each day, once the day is over (private to the room; its doors are `statistics`
and `actions`).

A day is counted in one transaction that marks it as counted; counted again it gives the same rows.  What is
not marked, today among it, is counted at each look from the index of the steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from yincai.casework.models import CountedDay, StepCount, TimeCount
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.statements import value

LONGEST_STAGE = timedelta(days=3 * 366)
"""A stage that began longer than this before the time asked for is left out of the working times."""
SETTLED = timedelta(minutes=30)
"""How long after midnight no step of the day before can still be on its way."""
ONE_DAY = timedelta(days=1)
ASKED = """
    JOIN casework_case c ON c.id = s.case_id
    WHERE s.at >= %(begin)s AND s.at < %(end)s
      AND (s.at AT TIME ZONE 'Asia/Shanghai')::date = ANY(%(asked)s::date[])
      AND (%(place)s = '' OR c.place = %(place)s)
      AND (%(programme)s = '' OR c.programme = %(programme)s)
      AND (%(office)s = '' OR s.office = %(office)s)
"""
STEPS_LIVE = f"""
    SELECT (s.at AT TIME ZONE 'Asia/Shanghai')::date AS day, c.place, c.programme, s.office,
           c.publication_id, s.transition, count(*) AS number
    FROM casework_step s {ASKED} GROUP BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - no value is in it
TIMES_LIVE = f"""
    WITH calendar AS MATERIALIZED (
        SELECT * FROM unnest(%(days)s::date[], %(works)s::int[], %(before)s::int[]) AS d(day, works, before)
    ), taken AS (
        SELECT c.place, c.programme, s.office, c.publication_id, s.source,
               s.at AT TIME ZONE 'Asia/Shanghai' AS ended, b.at AT TIME ZONE 'Asia/Shanghai' AS begun
        FROM casework_step s
        CROSS JOIN LATERAL (
            SELECT p.at FROM casework_step p
            WHERE p.case_id = s.case_id AND p.number < s.number AND p.source <> p.target
            ORDER BY p.number DESC LIMIT 1
        ) b {ASKED} AND s.source <> s.target
    ), times AS (
        SELECT t.ended::date AS day, t.place, t.programme, t.office, t.publication_id, t.source,
               (e.before + e.works * extract(epoch FROM t.ended - e.day) / 86400.0)
             - (b.before + b.works * extract(epoch FROM t.begun - b.day) / 86400.0) AS days
        FROM taken t JOIN calendar e ON e.day = t.ended::date JOIN calendar b ON b.day = t.begun::date
    )
    SELECT day, place, programme, office, publication_id, source AS state,
           -- rounded up to what is shown: a tenth of an hour below one day, a tenth of a day from there
           CASE WHEN days < 1 THEN ceil(days * 240 - 0.000001) ELSE ceil(days * 10 - 0.000001) * 24 END::int
               AS tenths,
           count(*) AS number
    FROM times GROUP BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608 - no value is in it
COLUMNS = "day, place, programme, office, publication_id"
KEEP_STEPS = f"INSERT INTO casework_stepcount ({COLUMNS}, transition, number) {STEPS_LIVE}"  # noqa: S608
KEEP_TIMES = f"INSERT INTO casework_timecount ({COLUMNS}, state, tenths, number) {TIMES_LIVE}"  # noqa: S608
FIRST_STEP = "SELECT min(at) FROM casework_step"


def count_days() -> int:
    """Count every day that is over and not counted yet, newest first; returns how many."""
    return sum(count_day(day) for day in _uncounted())


def count_day(day: date) -> bool:
    """Count one day unless it is counted; whether it was done now.  Two at once do it once."""
    with transaction.atomic():
        _, is_new = CountedDay.objects.get_or_create(day=day, defaults={"counted_at": clock.now()})
        if is_new:
            StepCount.objects.filter(day=day).delete()
            TimeCount.objects.filter(day=day).delete()
            asked = live_values([day])
            with connection.cursor() as cursor:
                cursor.execute(KEEP_STEPS, asked)
                cursor.execute(KEEP_TIMES, {**asked, **calendar_values(day, day)})
    return is_new


def forget_days(since: date) -> None:
    """Have the days from one on counted anew: the calendar, by which working time is counted, changed."""
    CountedDay.objects.filter(day__gte=since).delete()


def live_values(
    days: list[date], *, place: str = "", programme: str = "", office: str = ""
) -> dict[str, Any]:
    """The values of the statements that count from the steps; `days` is not empty."""
    return {
        "asked": days,
        "begin": clock.start_of(min(days)),
        "end": clock.start_of(max(days) + ONE_DAY),
        "place": place,
        "programme": programme,
        "office": office,
    }


def calendar_values(begin: date, end: date) -> dict[str, Any]:
    """Every day that a stage may touch, whether it is worked, and how many worked days came before it."""
    calendar, day, worked = load_calendar(), begin - LONGEST_STAGE, 0
    days: list[date] = []
    works: list[int] = []
    before: list[int] = []
    while day <= end:
        is_worked = calendar.is_working_day(day)
        days.append(day)
        works.append(int(is_worked))
        before.append(worked)
        worked += is_worked
        day += ONE_DAY
    return {"days": days, "works": works, "before": before}


def _uncounted() -> Iterator[date]:
    first = value(FIRST_STEP)
    if first is None:
        return
    day, last = clock.day_of(clock.now() - SETTLED) - ONE_DAY, clock.day_of(first)
    counted = set(CountedDay.objects.values_list("day", flat=True))
    while day >= last:
        if day not in counted:
            yield day
        day -= ONE_DAY
