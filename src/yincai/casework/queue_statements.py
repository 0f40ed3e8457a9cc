"""The statements behind the officers' list, each made once (private to `queue`).

The values of a lane are columns of arrays: one statement whatever the number of lanes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from yincai.casework.models import Case
from yincai.foundation.statements import Rows

MOST = 500
"""How far is counted; beyond it the list says that there are more."""


class Whose(StrEnum):
    """Which of the waiting cases."""

    ALL = "all"
    MINE = "mine"
    FREE = "free"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Asked:
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
COUNTS = f"""
    SELECT {_COUNT_OF_LANE}
    FROM unnest(%(publications)s::uuid[], %(states)s::text[], %(variants)s::text[], %(offices)s::text[])
        WITH ORDINALITY AS lane (publication, state, variant, office, number)
    ORDER BY lane.number
"""  # noqa: S608 - no value is in it
_MINE_ROWS = f"""
    casework_case one WHERE one.id IN ({_MINE}) AND one.ended_at IS NULL AND one.submitted_at IS NOT NULL
    AND one.account_id <> %(me)s AND one.id <> ALL(%(barred)s)
    AND (one.publication_id, one.state, one.variant) IN (SELECT publication, state, variant FROM {_LANES})
"""  # noqa: S608 - no value is in it
MINE_COUNT = f"SELECT count(*) FROM (SELECT FROM {_MINE_ROWS} LIMIT {MOST}) x"  # noqa: S608 - as above


@lru_cache(maxsize=128)
def statement(asked: Asked) -> Rows[Case]:
    """The rows of one page of the list."""
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
