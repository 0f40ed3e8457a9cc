"""Which running limits end at another moment when one day of the calendar changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from yincai.engine.workflow import State, Unit
from yincai.foundation import calendar_table, clock
from yincai.foundation.statements import lines
from yincai.foundation.working_days import Calendar, Deadline
from yincai.foundation.working_days import Unit as DeadlineUnit
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import PublishedVersion

RUNNING = """
    SELECT publication_id, state, (state_since AT TIME ZONE 'Asia/Shanghai')::date, due_at,
           array_agg(id ORDER BY id)
    FROM casework_case
    WHERE ended_at IS NULL AND deleted_at IS NULL AND due_at > %(begin)s AND state_since < %(begin)s
    GROUP BY 1, 2, 3, 4 ORDER BY 4, 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """Cases whose limit ends at `before` now and would end at `after`."""

    place: str
    programme: str
    state: str
    before: datetime
    after: datetime
    case_ids: tuple[UUID, ...]


def moved_by(day: date, *, is_working: bool) -> list[Moved]:
    """The running limits that would move if `day` were set so; earliest end first.

    Only limits that the workflow declares in working days, and that end now where it says: a date that
    somebody set by hand is nobody's to count again.
    """
    calendar_table.forget_calendar()
    now = calendar_table.load_calendar()
    then = Calendar({**now.exceptions, day: is_working}, now.years_published | {day.year})
    found = []
    for publication_id, name, since, due_at, case_ids in lines(RUNNING, begin=clock.start_of(day)):
        version = programmes.version(publication_id)
        state = version.programme.workflow.state(name)
        if state.limit is None or state.limit.unit is not Unit.WORKING_DAYS:
            continue
        begun = clock.start_of(since) + timedelta(hours=12)
        possible = [Deadline(days, DeadlineUnit.WORKING_DAYS, begun) for days in _lengths(version, state)]
        deadline = next((one for one in possible if one.due_at(now) == due_at), None)
        after = deadline.due_at(then) if deadline else None
        if after is None or after == due_at:
            continue
        found.append(
            Moved(version.place, version.programme.title, state.title, due_at, after, tuple(case_ids))
        )
    return found


def _lengths(version: PublishedVersion, state: State) -> list[int]:
    """How many working days the limit of a state may have: as declared, and as it may be extended."""
    ways = version.programme.workflow.transitions
    longer = [way.extends.amount for way in ways if way.extends and way.target == state.name]
    declared = state.limit.amount if state.limit else 0
    return [declared, *(declared + days for days in longer)]
