"""How much came in, what became of it, and how long it took: counted by the database, never case by case.

Days that are over come from the tables that a job fills at night (`counting`), the others from the steps;
both give the same figures, and a day that nobody counted is only slower.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import Any
from uuid import UUID

from yincai.casework.counting import STEPS_LIVE, TIMES_LIVE, calendar_values, live_values
from yincai.engine.workflow import APPLICANT, Effect, Menu, Transition, Workflow
from yincai.foundation import clock
from yincai.foundation.statements import lines
from yincai.programmes import queries as programmes

TENTHS_A_DAY = 240
KEPT = """
    SELECT {columns}, sum(number) FROM {table}
    WHERE day = ANY(%(asked)s) AND place = %(place)s
      AND (%(programme)s = '' OR programme = %(programme)s) AND (%(office)s = '' OR office = %(office)s)
    GROUP BY {columns}
"""
STEPS_KEPT = KEPT.format(columns="day, publication_id, transition", table="casework_stepcount")
TIMES_KEPT = KEPT.format(columns="publication_id, state, tenths", table="casework_timecount")
COUNTED = "SELECT day FROM casework_countedday WHERE day >= %(begin)s AND day <= %(end)s"
STEPS_SINCE = f"SELECT day, publication_id, transition, number FROM ({STEPS_LIVE}) live"  # noqa: S608
TIMES_SINCE = f"SELECT publication_id, state, tenths, number FROM ({TIMES_LIVE}) live"  # noqa: S608
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
    kept, live = _days(asked)
    found = lines(STEPS_KEPT, **kept) if kept["asked"] else []
    if live["asked"]:
        found += lines(STEPS_SINCE, **live)
    for day, publication_id, name, number in found:
        for kind in _meaning(publication_id).get(name, ()):
            counts[day, kind] += int(number)
    return counts


def stage_times(asked: Asked) -> list[StageTimes]:
    """Median and 90th percentile of the working time of every stage that ended in this time.

    Versions of a programme count together when the stage has the same name.  Times are rounded up to a tenth
    of an hour, from one day on to a tenth of a day.
    """
    kept, live = _days(asked)
    found = lines(TIMES_KEPT, **kept) if kept["asked"] else []
    if live["asked"]:
        found += lines(TIMES_SINCE, **live, **calendar_values(asked.begin, asked.end))
    stages: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for publication_id, name, tenths, number in found:
        programme = programmes.version(publication_id).programme
        state = programme.workflow.state(name)
        if state.holder not in (APPLICANT, "system"):
            stages[programme.title, state.title][tenths] += int(number)
    listed = [_times(*stage, times) for stage, times in stages.items()]
    return sorted(listed, key=lambda one: (one.programme, -one.count, one.state))


def _times(programme: str, state: str, times: Counter[int]) -> StageTimes:
    ordered, number = sorted(times.items()), times.total()
    return StageTimes(programme, state, number, _within(ordered, number / 2), _within(ordered, number * 0.9))


def _within(ordered: Sequence[tuple[int, int]], wanted: float) -> float:
    """The smallest time, in working days, within which so many ended."""
    seen = accumulate(number for _, number in ordered)
    at = next(at for at, so_far in enumerate(seen) if so_far >= wanted - 1e-9)
    return ordered[at][0] / TENTHS_A_DAY


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


def _days(asked: Asked) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values with which to ask for the days that are counted, and for those that are not."""
    counted = {day for (day,) in lines(COUNTED, begin=asked.begin, end=asked.end)}
    length = (min(asked.end, clock.today()) - asked.begin).days + 1
    days = [asked.begin + timedelta(days=at) for at in range(length)]
    others = [day for day in days if day not in counted]
    of = {"place": asked.place, "programme": asked.programme, "office": asked.office}
    kept = {"asked": sorted(counted), **of}
    return kept, live_values(others, **of) if others else {"asked": []}
