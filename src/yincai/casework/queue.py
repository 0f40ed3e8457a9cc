"""The officers' list: filtered, counted up to a bound, paged by key in both directions (private to the
room; its door is `queries`).

Every lane is read from one index in the order of the list and no further than the page, so that a list costs
the same among ten thousand cases and among a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from yincai.casework.ageing import Ageing, ageing_of
from yincai.casework.finding import cases_concerning
from yincai.casework.lanes import Lane, lanes_of
from yincai.casework.models import Case
from yincai.casework.sealing import unseal
from yincai.casework.views import case_view
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.masking import mask_name
from yincai.foundation.statements import Rows, lines, value
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people

PAGE = 30
MOST = 500
"""How far is counted; beyond it the list says that there are more."""
ONE_DAY = timedelta(days=1)
Key = tuple[datetime, UUID]


class Whose(StrEnum):
    """Which of the waiting cases."""

    ALL = "all"
    MINE = "mine"
    FREE = "free"
    OVERDUE = "overdue"


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What distinguishes one statement from another."""

    order: str
    whose: Whose
    backward: bool
    key: bool
    since: bool
    until: bool


_LANES = """
    unnest(%(publications)s::uuid[], %(states)s::text[], %(variants)s::text[], %(offices)s::text[])
        AS lane (publication, state, variant, office)
"""
_IN_LANE = """
    one.publication_id = lane.publication AND one.state = lane.state AND one.variant = lane.variant
    AND one.office = lane.office AND one.ended_at IS NULL AND one.submitted_at IS NOT NULL
    AND one.account_id <> %(me)s AND one.id <> ALL(%(barred)s)
"""
_FREE = "(one.claimed_until IS NULL OR one.claimed_until <= %(now)s) AND one.assigned_to_id IS NULL"
_OVERDUE = "one.due_at <= %(now)s"
_MINE = """
    SELECT id FROM casework_case WHERE assigned_to_id = ANY(%(mine)s)
    UNION SELECT id FROM casework_case WHERE claimed_by_id = %(me)s AND claimed_until > %(now)s
"""
_COUNTED = (("", "state_since"), (f" AND {_FREE}", "state_since"), (f" AND {_OVERDUE}", "due_at"))
_COUNT_OF_LANE = ", ".join(
    # ordered, so that the planner reads the index of the lane and stops, not the table until it has enough
    f"(SELECT count(*) FROM (SELECT FROM casework_case one WHERE {_IN_LANE}{further}"  # noqa: S608 - no value
    f" ORDER BY one.{order}, one.id LIMIT {MOST}) found)"
    for further, order in _COUNTED
)
_COUNTS = f"""
    SELECT {_COUNT_OF_LANE}
    FROM unnest(%(publications)s::uuid[], %(states)s::text[], %(variants)s::text[], %(offices)s::text[])
        WITH ORDINALITY AS lane (publication, state, variant, office, number)
    ORDER BY lane.number
"""  # noqa: S608 - no value is in it


def queue(
    actor: Actor,
    *,
    place: str,
    chosen: Filters | None = None,
    after: Key | None = None,
    before: Key | None = None,
    size: int = PAGE,
) -> QueuePage:
    """The cases that wait for one of the actor's roles in their offices, or whose work they hand out.

    Longest waiting first; those overdue by the end of their limit, those of certain days by their receipt.
    Nobody's own case is in it, nor one that concerns them.
    """
    chosen = chosen or Filters()
    lanes = [lane for lane in lanes_of(actor, place) if chosen.takes(lane)]
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
    lanes = lanes_of(actor, place)
    asked = {**_who(actor, place), **_columns(lanes)}
    found = [
        LaneCount(lane, {Whose.ALL: every, Whose.FREE: free, Whose.OVERDUE: overdue})
        for lane, (every, free, overdue) in zip(lanes, lines(_COUNTS, **asked), strict=True)
    ]
    return found, int(value(_MINE_COUNT, **asked))


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
    return mask_name(unseal(case, case.subject_name, context="subject_name")) if case.subject_name else ""


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
    asked = _Asked(
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
    return _statement(asked).all(**values)


@lru_cache(maxsize=128)
def _statement(asked: _Asked) -> Rows[Case]:
    direction, sign = ("DESC", "<") if asked.backward else ("ASC", ">")
    conditions = [
        f"(one.{asked.order}, one.id) {sign} (%(at)s, %(key)s)" if asked.key else "",
        "one.submitted_at >= %(since)s" if asked.since else "",
        "one.submitted_at < %(until)s" if asked.until else "",
        {Whose.FREE: _FREE, Whose.OVERDUE: _OVERDUE}.get(asked.whose, ""),
    ]
    further = "".join(f" AND {one}" for one in conditions if one)
    order = f"ORDER BY one.{asked.order} {direction}, one.id {direction} LIMIT %(size)s"
    outer = order.replace("one.", "")
    if asked.whose is Whose.MINE:
        ids = f"SELECT one.id FROM {_MINE_ROWS}{further} {order}"  # noqa: S608 - no value is in it
    else:
        columns = f"one.id, one.{asked.order}"
        inner = f"SELECT {columns} FROM casework_case one WHERE {_IN_LANE}{further} {order}"  # noqa: S608
        ids = f"SELECT one.id FROM {_LANES} CROSS JOIN LATERAL ({inner}) one {order}"  # noqa: S608
    return Rows(Case, f"id IN ({ids}) {outer}")


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


_MINE_ROWS = f"""
    casework_case one WHERE one.id IN ({_MINE}) AND one.ended_at IS NULL AND one.submitted_at IS NOT NULL
    AND one.account_id <> %(me)s AND one.id <> ALL(%(barred)s)
    AND (one.publication_id, one.state, one.variant) IN (SELECT publication, state, variant FROM {_LANES})
"""  # noqa: S608 - no value is in it
_MINE_COUNT = f"SELECT count(*) FROM (SELECT FROM {_MINE_ROWS} LIMIT {MOST}) x"  # noqa: S608 - as above
