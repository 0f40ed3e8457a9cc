"""Whom the clock speaks to: limits that end soon and limits that have passed (private to the room)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yincai.casework.alone import alone
from yincai.casework.models import Case
from yincai.casework.vocabulary import DUE_SOON, OVERDUE
from yincai.engine.workflow import APPLICANT, State
from yincai.foundation import clock
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM
from yincai.programmes import queries as programmes

REMIND_BEFORE: Final = timedelta(days=3)
SETTLED: Final = timedelta(days=1)
"""Nobody is reminded of a limit that has only just begun."""
AT_ONCE: Final = 500
STEPS: Final = {DUE_SOON: 1, OVERDUE: 2}
"""How far the telling has come (`Case.told_of_limit`): nobody hears anything twice of one limit."""


def remind_of_limits() -> int:
    """Announce every limit that ends within three days where the applicant must act, and every one that has
    passed and ends nothing by itself; how many.  Only events for which the programme has texts."""
    now = clock.now()
    soon = _in_states(DUE_SOON, lambda state: state.holder == APPLICANT)
    late = _in_states(OVERDUE, lambda state: state.limit is not None and not state.limit.at_end)
    near = Q(due_at__gt=now, due_at__lte=now + REMIND_BEFORE, state_since__lte=now - SETTLED)
    return _announce(DUE_SOON, soon & near, now) + _announce(OVERDUE, late & Q(due_at__lte=now), now)


def _in_states(event: str, fits: Callable[[State], bool]) -> Q:
    """The cases in a state with a limit that fits, under a version that has words for the event."""
    found = Q(pk__in=[])
    for published in programmes.all_versions():
        spec = published.programme
        states = [one.name for one in spec.workflow.states if one.limit is not None and fits(one)]
        if states and spec.message(event) is not None:
            found |= Q(publication_id=published.id, state__in=states)
    return found


def _announce(event: str, waiting: Q, now: datetime) -> int:
    open_ones = Q(ended_at__isnull=True, deleted_at__isnull=True, submitted_at__isnull=False)
    untold = Case.objects.filter(waiting & open_ones, told_of_limit__lt=STEPS[event])
    rows = untold.order_by("due_at", "id").values_list("id", "due_at", "changes")[:AT_ONCE]
    told = 0
    for case_id, due_at, changes in list(rows):
        with alone(case_id, "is not told of its limit"):
            told += _tell(case_id, event, due_at, changes)
    return told


def _tell(case_id: UUID, event: str, due_at: datetime | None, changes: int) -> int:
    """Record the event once for this limit; nothing when the case moved on meanwhile."""
    with transaction.atomic():
        untold = Case.objects.filter(id=case_id, changes=changes, told_of_limit__lt=STEPS[event])
        if not untold.update(told_of_limit=STEPS[event]):
            return 0
        record(
            chain=case_id, event=event, actor=SYSTEM, payload={"due": due_at.isoformat() if due_at else ""}
        )
    return 1
