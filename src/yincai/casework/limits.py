"""Until when a case may rest in a state (private to the room)."""

from __future__ import annotations

from datetime import datetime

from yincai.engine.workflow import State, Unit
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.working_days import AtEnd, Deadline
from yincai.foundation.working_days import Unit as DeadlineUnit


def due(state: State, since: datetime, *, longer: int = 0) -> datetime | None:
    """When the limit of a state ends, counted from `since`; None when it has none.

    `longer`: by how much it was extended, in its own unit.
    """
    if state.limit is None:
        return None
    unit = {Unit.HOURS: DeadlineUnit.HOURS, Unit.WORKING_DAYS: DeadlineUnit.WORKING_DAYS}[state.limit.unit]
    at_end = AtEnd.EXPIRE if state.limit.at_end else AtEnd.REMIND
    return Deadline(state.limit.amount + longer, unit, since, at_end).due_at(load_calendar())
