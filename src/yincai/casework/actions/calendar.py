"""Setting a day of the working calendar, with the limits that it moves."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from yincai.casework import counting, moving_limits
from yincai.casework.models import Case
from yincai.casework.vocabulary import LIMIT_MOVED
from yincai.foundation import calendar_table
from yincai.foundation.errors import Invalid, NotAllowed, Problem, SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, Actor
from yincai.people import queries as people

CALENDAR_CHAIN = UUID("6d1f7c1e-5b1a-4a51-9f0e-2f6c6b0f7a10")
"""The ledger's chain of the calendar."""
LONGEST = 200


def set_calendar_day(
    day: date,
    *,
    actor: Actor,
    is_working: bool,
    source: str,
    note: str = "",
    move_limits: bool = False,
    seen_moved: int | None = None,
) -> int:
    """Set whether a day is worked, on the authority of `source` (the notice's name), and record it.

    Limits that run keep their end unless `move_limits`; those that move are recorded on their cases' chains.
    Working times of stages that ended from that day on are counted anew.
    Returns how many moved.  `seen_moved` is how many the administrator was shown: another number raises
    `SomeoneWasFirst`.  Raises `Invalid` without a source, `NotAllowed` for everybody but administrators.
    """
    _may_set(actor)
    source, note = source.replace("\0", "").strip(), note.replace("\0", "").strip()
    _check(source, note)
    with transaction.atomic():
        asked = move_limits or seen_moved is not None
        moved = moving_limits.moved_by(day, is_working=is_working) if asked else []
        number = sum(len(one.case_ids) for one in moved)
        if seen_moved is not None and number != seen_moved:
            raise SomeoneWasFirst("受影响的办理时限刚刚有变化，日历没有改动。请核对新的件数后再确认。")
        counting.forget_days(day)
        calendar_table.set_day(day, is_working=is_working, source=source, note=note)
        payload: dict[str, JSON] = {
            "day": day.isoformat(),
            "is_working": is_working,
            "source": source,
            "note": note,
        }
        if move_limits:
            for one in moved:
                _move(one, day, actor)
            payload["moved"] = number
        record(chain=CALENDAR_CHAIN, event="calendar_day.set", actor=actor, payload=payload)
    calendar_table.forget_calendar()
    return number if move_limits else 0


def _move(one: moving_limits.Moved, day: date, actor: Actor) -> None:
    for case_id in one.case_ids:
        still = Case.objects.filter(id=case_id, due_at=one.before, ended_at__isnull=True)
        if still.update(due_at=one.after) != 1:
            raise SomeoneWasFirst
        payload = {
            "day": day.isoformat(),
            "before": one.before.isoformat(),
            "after": one.after.isoformat(),
        }
        record(chain=case_id, event=LIMIT_MOVED, actor=actor, payload=payload)


def _may_set(actor: Actor) -> None:
    if actor.kind == "system":
        return
    if actor.kind != "staff" or actor.id is None or actor.role != "administrator":
        raise NotAllowed
    if "administrator" not in people.staff_roles(actor.id):
        raise NotAllowed


def _check(source: str, note: str) -> None:
    problems = []
    if not 0 < len(source) <= LONGEST:
        problems.append(
            Problem("source", f"请写明依据的文件名称和文号（{LONGEST} 字以内），例如 国办发明电〔2026〕7号。")
        )
    if len(note) > LONGEST:
        problems.append(Problem("note", f"说明太长了，请缩短到 {LONGEST} 字以内。"))
    if problems:
        raise Invalid(problems[0].message, problems=problems)
