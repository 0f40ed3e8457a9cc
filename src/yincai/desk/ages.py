"""How much of its working days something that waits has used, as the signs of a list show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar


@dataclass(frozen=True, slots=True)
class Age:
    """`used` of `amount` working days are gone."""

    age: str
    used: int
    amount: int
    unit: str = "working_days"


def age_of(since: datetime, due: datetime, working_days: int) -> Age:
    """Where it stands today: the last day counts as soon, after it as over."""
    today, last = clock.today(), clock.day_of(due - timedelta(seconds=1))
    used = load_calendar().count(clock.day_of(since), today)
    age = "over" if today > last else "soon" if today == last else "normal"
    return Age(age, max(used, 0), working_days)
