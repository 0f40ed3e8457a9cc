"""The officers' list: filtered, counted up to a bound, paged by key in both directions (private to the
room; its door is `queries`).

Every lane is read from one index in the order of the list and no further than the page, so that a list costs
the same among ten thousand cases and among a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from yincai.casework.ageing import Ageing, ageing_of
from yincai.casework.finding import cases_concerning
from yincai.casework.lanes import Lane, lanes_of
from yincai.casework.models import Case
from yincai.casework.queue_statements import COUNTS, MINE_COUNT, Asked, Whose, statement
from yincai.casework.queue_statements import MOST as MOST
from yincai.casework.sealing import name_of
from yincai.casework.views import case_view
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.masking import mask_name
from yincai.foundation.statements import lines, value
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people

PAGE = 30
ONE_DAY = timedelta(days=1)
Key = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the officer chose; empty says nothing.  `since` and `until` are days of receipt, both with."""

    whose: Whose = Whose.ALL
    programme: str = ""
    variant: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def order(self) -> str:
        """The column by which the list is ordered: each way of asking has its index."""
        if self.since or self.until:
            return "submitted_at"
        return "due_at" if self.whose is Whose.OVERDUE else "state_since"

    def takes(self, lane: Lane) -> bool:
        """Whether a lane passes."""
        return (
            self.programme in ("", lane.programme)
            and self.variant in ("", lane.variant)
            and self.state in ("", lane.state)
        )


@dataclass(frozen=True)
class QueueRow:
    """One line of the officers' list: nothing that identifies a person beyond the masked name."""

    case: CaseView
    applicant: str
    ageing: Ageing
    claimed_by: str = ""
    assigned_to: str = ""


@dataclass(frozen=True)
class QueuePage:
    """One page of the list; `after` and `before` are the keys of the pages beside it, None at the ends."""

    rows: list[QueueRow]
    after: Key | None
    before: Key | None = None


@dataclass(frozen=True)
class LaneCount:
    """How many wait in a lane, of any kind and by `Whose`; never more than `MOST`."""

    lane: Lane
    of: dict[Whose, int] = field(default_factory=dict)


def queue(
    actor: Actor,
    *,
    place: str,
    chosen: Filters | None = None,
    after: Key | None = None,
    before: Key | None = None,
    size: int = PAGE,
) -> QueuePage:
    """The cases that wait for one of the actor's roles in their offices, or whose work they hand out; for an
    auditor, every case that is on its way.

    Longest waiting first; those overdue by the end of their limit, those of certain days by their receipt.
    Nobody's own case is in it, nor one that concerns them.
    """
    chosen = chosen or Filters()
    lanes = [lane for lane in lanes_of(actor, place, reading=True) if chosen.takes(lane)]
    found = _rows(actor, place, chosen, lanes, after=after, before=before, size=size + 1)
    more, shown = len(found) > size, found[:size]
    if before:
        shown = shown[::-1]
    first = _key(shown[0], chosen) if shown and (more if before else after) else None
    last = _key(shown[-1], chosen) if shown and (before or more) else None
    return QueuePage(rows_of(shown), last, first)


def following(actor: Actor, *, place: str, chosen: Filters, key: Key) -> UUID | None:
    """The next case of a list after a key that no colleague holds."""
    page = queue(actor, place=place, chosen=chosen, after=key, size=PAGE)
    now = clock.now()
    for row in page.rows:
        held = row.case.claimed_until is not None and row.case.claimed_until > now
        if not held or row.case.claimed_by_id == actor.id:
            return row.case.id
    return None


def counts(actor: Actor, *, place: str) -> tuple[list[LaneCount], int]:
    """How many wait in each lane, and how many of all are the actor's own."""
    lanes = lanes_of(actor, place, reading=True)
    asked = {**_who(actor, place), **_columns(lanes)}
    found = [
        LaneCount(lane, {Whose.ALL: every, Whose.FREE: free, Whose.OVERDUE: overdue})
        for lane, (every, free, overdue) in zip(lanes, lines(COUNTS, **asked), strict=True)
    ]
    return found, int(value(MINE_COUNT, **asked))


def total(found: Iterable[LaneCount], whose: Whose, chosen: Filters) -> int:
    """The sum over the lanes that pass."""
    return sum(one.of.get(whose, 0) for one in found if chosen.takes(one.lane))


def rows_of(cases: Sequence[Case]) -> list[QueueRow]:
    """Lines to show, whoever may see them."""
    names = people.display_names({one for case in cases for one in (case.claimed_by_id, case.assigned_to_id)})
    now, calendar = clock.now(), load_calendar()
    return [
        QueueRow(
            view := case_view(case),
            masked_name(case),
            ageing_of(view, at=now, calendar=calendar),
            names.get(case.claimed_by_id, ""),
            names.get(case.assigned_to_id, ""),
        )
        for case in cases
    ]


def masked_name(case: Case) -> str:
    """The applicant's name with all but its first character hidden; empty for a form that asks for none."""
    return mask_name(name_of(case))


def key_of(case: CaseView, chosen: Filters) -> Key | None:
    """Where a case stands in a list."""
    moment = getattr(case, chosen.order)
    return (moment, case.id) if moment else None


def _rows(
    actor: Actor,
    place: str,
    chosen: Filters,
    lanes: Sequence[Lane],
    *,
    after: Key | None,
    before: Key | None,
    size: int,
) -> list[Case]:
    key = before or after
    asked = Asked(
        chosen.order,
        chosen.whose,
        before is not None,
        key is not None,
        bool(chosen.since),
        bool(chosen.until),
    )
    values: dict[str, Any] = {**_who(actor, place), **_columns(lanes), "size": size}
    if key:
        values |= {"at": key[0], "key": key[1]}
    if chosen.since:
        values["since"] = clock.start_of(chosen.since)
    if chosen.until:
        values["until"] = clock.start_of(chosen.until + ONE_DAY)
    return statement(asked).all(**values)


def _who(actor: Actor, place: str) -> dict[str, Any]:
    covered = people.covered_by(actor.id, place=place) if actor.id else frozenset()
    return {
        "me": actor.id,
        "mine": [actor.id, *covered],
        "barred": cases_concerning(actor),
        "now": clock.now(),
    }


def _columns(lanes: Sequence[Lane]) -> dict[str, Any]:
    return {
        "publications": [lane.publication_id for lane in lanes],
        "states": [lane.state for lane in lanes],
        "variants": [lane.variant for lane in lanes],
        "offices": [lane.office for lane in lanes],
    }


def _key(case: Case, chosen: Filters) -> Key:
    return getattr(case, chosen.order), case.id
