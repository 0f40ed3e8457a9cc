"""How much of the time that a stage has is used up, in the unit in which it was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yincai.casework.vocabulary import CaseView
from yincai.engine.workflow import Unit
from yincai.foundation.clock import day_of
from yincai.foundation.working_days import Calendar

HOUR = timedelta(hours=1)


class Age(StrEnum):
    """What the colour, the sign and the word of a row say."""

    NORMAL = "normal"
    SOON = "soon"
    OVER = "over"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Ageing:
    """`used` of `amount` units are gone; a stage without a limit is OPEN and `used` counts working days."""

    age: Age
    used: int
    amount: int = 0
    unit: Unit = Unit.WORKING_DAYS


def ageing_of(case: CaseView, *, at: datetime, calendar: Calendar) -> Ageing:
    """Where a case stands in its limit at a moment: the last quarter, and the last day, count as SOON."""
    limit = case.current_state.limit
    if limit is None or case.due_at is None:
        return Ageing(Age.OPEN, calendar.count(day_of(case.state_since), day_of(at)))
    amount = limit.amount
    if limit.unit is Unit.HOURS:
        left = -((at - case.due_at) // HOUR)  # the hour that has begun is not used up
        few = amount / 4
    else:
        last = day_of(case.due_at - timedelta(seconds=1))
        left = calendar.count(day_of(at), last)
        amount = max(amount, calendar.count(day_of(case.state_since), last))  # it may have been extended
        few = max(1, amount / 4)
    age = Age.OVER if at >= case.due_at else Age.SOON if left <= few else Age.NORMAL
    return Ageing(age, max(0, amount - left), amount, limit.unit)
