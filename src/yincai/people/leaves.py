"""Leave cover: who is away, who stands in (private to the room; its doors are `actions` and `queries`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.foundation.once import once
from yincai.foundation.statements import hold, lines
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import Leave, StaffAppointment
from yincai.people.vocabulary import Event

LONGEST = timedelta(days=365)
COVERED = """
    SELECT account_id FROM people_leave
    WHERE substitute_id = %(substitute)s AND last_day >= %(today)s AND first_day <= %(today)s
      AND place = %(place)s AND ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class LeaveView:
    """One leave that is not over, with the names of both."""

    id: UUID
    account_id: UUID
    account: str
    substitute_id: UUID
    substitute: str
    first_day: date
    last_day: date


def arrange_leave(
    account_id: UUID, *, actor: Actor, place: str, substitute: UUID, first_day: date, last_day: date
) -> Leave:
    """Let `substitute` stand in for the account on these days, both with, and record it.

    The caller has found that the actor may.  `Invalid` for days that are past, turned round or more than
    a year, and for a substitute who holds none of the roles of the one who is away, or is away then too.
    """
    with transaction.atomic():
        hold(f"people.leave:{place}")
        _check(account_id, place, substitute, first_day, last_day)
        leave = Leave.objects.create(
            account_id=account_id,
            substitute_id=substitute,
            place=place,
            first_day=first_day,
            last_day=last_day,
        )
        days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
        payload = {"leave": str(leave.id), "place": place, "substitute": str(substitute), **days}
        record(chain=account_id, event=Event.LEAVE_ARRANGED, actor=actor, payload=payload)
    return leave


def end_leave(leave_id: UUID, *, actor: Actor) -> None:
    """End a leave now; nothing happens when it is over.  The caller has found that the actor may."""
    with transaction.atomic():
        leave = Leave.objects.select_for_update().filter(id=leave_id).first()
        if leave is None:
            raise NotFound
        if leave.ended_at is None:
            Leave.objects.filter(id=leave_id).update(ended_at=clock.now())
            record(
                chain=leave.account_id,
                event=Event.LEAVE_ENDED,
                actor=actor,
                payload={"leave": str(leave_id)},
            )


def leaves(place: str) -> list[LeaveView]:
    """The leaves of a place that are not over, the next first."""
    rows = Leave.objects.filter(place=place, ended_at__isnull=True, last_day__gte=clock.today())
    return [
        LeaveView(
            row.id,
            row.account_id,
            row.account.shown_name,
            row.substitute_id,
            row.substitute.shown_name,
            row.first_day,
            row.last_day,
        )
        for row in rows.select_related("account", "substitute").order_by("first_day", "id")
    ]


def covered_by(account_id: UUID, *, place: str) -> frozenset[UUID]:
    """Those for whom this account stands in today."""
    asked = {"substitute": account_id, "place": place, "today": clock.today()}
    found = once(("covered", *asked.values()), lambda: lines(COVERED, **asked))
    return frozenset(one for (one,) in found)


def _check(account_id: UUID, place: str, substitute: UUID, first_day: date, last_day: date) -> None:
    problems = []
    if last_day < first_day:
        problems.append(Problem("last_day", "结束日期早于开始日期，请改正。"))
    elif last_day < clock.today():
        problems.append(Problem("last_day", "这段时间已经过去，请改正日期。"))
    elif last_day - first_day > LONGEST:
        problems.append(Problem("last_day", "一次最多登记一年，请改正结束日期；还要更久的，到时再登记。"))
    if substitute == account_id or not _share_a_role(account_id, substitute, place):
        problems.append(Problem("substitute", "代办人须与休假人岗位相同，且不能是本人。请另选一位同事。"))
    elif _is_away(substitute, place, first_day, last_day):
        problems.append(Problem("substitute", "这位同事在这段时间也休假。请另选一位同事。"))
    if _is_away(account_id, place, first_day, last_day):
        problems.append(Problem("first_day", "这段时间已经登记过休假。请先撤销原来的登记。"))
    if problems:
        raise Invalid(problems=problems)


def _share_a_role(one: UUID, other: UUID, place: str) -> bool:
    held = StaffAppointment.in_force().filter(place=place)
    roles = held.filter(account_id=one).values("role")
    return held.filter(account_id=other, role__in=roles).exists()


def _is_away(account_id: UUID, place: str, first_day: date, last_day: date) -> bool:
    rows = Leave.objects.filter(account_id=account_id, place=place, ended_at__isnull=True)
    return rows.filter(first_day__lte=last_day, last_day__gte=first_day).exists()
