"""How much came in, what became of it, and how long it took: counted by the database, never case by case.

Straight from the steps; how long that takes at 1,000,000 cases says docs/operations.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from yincai.engine.workflow import APPLICANT, Effect, Menu, Transition, Workflow
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.statements import lines
from yincai.programmes import queries as programmes

LONGEST_STAGE = timedelta(days=3 * 366)
"""A stage that began longer than this before the time asked for is left out of the working times."""

ASKED = """
    JOIN casework_case c ON c.id = s.case_id
    WHERE s.at >= %(begin)s AND s.at < %(end)s AND c.place = %(place)s
      AND (%(programme)s = '' OR c.programme = %(programme)s)
      AND (%(office)s = '' OR s.office = %(office)s)
"""
STEPS_PER_DAY = f"""
    SELECT (s.at AT TIME ZONE 'Asia/Shanghai')::date, c.publication_id, s.transition, count(*)
    FROM casework_step s {ASKED} GROUP BY 1, 2, 3
"""  # noqa: S608 - no value is in it
WORKING_TIMES = f"""
    WITH calendar AS MATERIALIZED (
        SELECT * FROM unnest(%(days)s::date[], %(works)s::int[], %(before)s::int[]) AS d(day, works, before)
    ), taken AS (
        SELECT c.publication_id, s.source,
               s.at AT TIME ZONE 'Asia/Shanghai' AS ended, b.at AT TIME ZONE 'Asia/Shanghai' AS begun
        FROM casework_step s
        CROSS JOIN LATERAL (
            SELECT p.at FROM casework_step p
            WHERE p.case_id = s.case_id AND p.number < s.number ORDER BY p.number DESC LIMIT 1
        ) b {ASKED}
    ), times AS (
        SELECT t.publication_id, t.source,
               (e.before + e.works * extract(epoch FROM t.ended - e.day) / 86400.0)
             - (b.before + b.works * extract(epoch FROM t.begun - b.day) / 86400.0) AS days
        FROM taken t JOIN calendar e ON e.day = t.ended::date JOIN calendar b ON b.day = t.begun::date
    )
    SELECT publication_id, source, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY days)
    FROM times GROUP BY 1, 2
"""  # noqa: S608 - no value is in it
OVERDUE = """
    SELECT publication_id, state, count(*) FROM casework_case
    WHERE place = %(place)s AND (%(programme)s = '' OR programme = %(programme)s)
      AND ended_at IS NULL AND submitted_at IS NOT NULL AND deleted_at IS NULL AND due_at < %(now)s
    GROUP BY 1, 2
"""


class Happened(StrEnum):
    """What is counted."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED = "refused"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which cases: a place, one programme or all (""), one office or all, from a day to a day."""

    place: str
    begin: date
    end: date
    programme: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class StageTimes:
    """How long a stage was worked on, in working days of 24 hours; never one of the applicant's own."""

    programme: str
    state: str
    count: int
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Overdue:
    """Cases whose limit has passed, now."""

    programme: str
    state: str
    count: int


def per_day(asked: Asked) -> Mapping[tuple[date, Happened], int]:
    """How many of what happened on which day in China.

    With an office only its own acts: what an applicant hands in is handed in to no office.
    """
    counts: Counter[tuple[date, Happened]] = Counter()
    for day, publication_id, name, number in lines(STEPS_PER_DAY, **_values(asked)):
        for kind in _meaning(publication_id).get(name, ()):
            counts[day, kind] += number
    return counts


def stage_times(asked: Asked) -> list[StageTimes]:
    """Median and 90th percentile of the working time of every stage that ended in this time.

    Versions of a programme count together when the stage has the same name.
    """
    found = []
    for publication_id, name, number, median, p90 in lines(
        WORKING_TIMES, **_values(asked), **_calendar(asked)
    ):
        programme = programmes.version(publication_id).programme
        state = programme.workflow.state(name)
        if state.holder not in (APPLICANT, "system"):
            found.append(StageTimes(programme.title, state.title, number, float(median), float(p90)))
    return sorted(found, key=lambda one: (one.programme, -one.count))


def overdue_now(asked: Asked) -> list[Overdue]:
    """The cases of the place that are past their limit at this moment, by stage; offices and days do not
    matter."""
    values = {"place": asked.place, "programme": asked.programme, "now": clock.now()}
    counts: Counter[tuple[str, str]] = Counter()
    for publication_id, name, number in lines(OVERDUE, **values):
        programme = programmes.version(publication_id).programme
        counts[programme.title, programme.workflow.state(name).title] += number
    return [Overdue(*key, number) for key, number in sorted(counts.items())]


@lru_cache(maxsize=256)
def _meaning(publication_id: UUID) -> Mapping[str, tuple[Happened, ...]]:
    """What each transition of a version is counted as; kept, because a published version never changes."""
    table = programmes.version(publication_id).programme.workflow
    return {way.name: tuple(kind for kind in Happened if _is(kind, way, table)) for way in table.transitions}


def _is(kind: Happened, way: Transition, table: Workflow) -> bool:
    target = table.state(way.target)
    handed_in = {one.target for one in table.transitions if Effect.ASSIGN_REFERENCE in one.effects}
    before = {table.state(name).menu for name in way.sources}
    match kind:
        case Happened.RECEIVED:
            return Effect.ASSIGN_REFERENCE in way.effects
        case Happened.ACCEPTED:
            return bool(handed_in & set(way.sources)) and target.menu is Menu.IN_REVIEW
        case Happened.RETURNED:
            return target.menu is Menu.CORRECTION
        case Happened.REFUSED:
            return target.menu is Menu.REFUSED
        case Happened.APPROVED:
            return target.menu is Menu.APPROVED and Menu.APPROVED not in before


def _values(asked: Asked) -> dict[str, object]:
    return {
        "place": asked.place,
        "programme": asked.programme,
        "office": asked.office,
        "begin": clock.start_of(asked.begin),
        "end": clock.start_of(asked.end + timedelta(days=1)),
    }


def _calendar(asked: Asked) -> dict[str, object]:
    """Every day that a stage may touch, whether it is worked, and how many worked days came before it."""
    calendar, day, worked = load_calendar(), asked.begin - LONGEST_STAGE, 0
    days: list[date] = []
    works: list[int] = []
    before: list[int] = []
    while day <= asked.end:
        is_worked = calendar.is_working_day(day)
        days.append(day)
        works.append(int(is_worked))
        before.append(worked)
        worked += is_worked
        day += timedelta(days=1)
    return {"days": days, "works": works, "before": before}
