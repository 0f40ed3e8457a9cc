"""How much a member of staff may look into in a day, and how they get more (private to the room)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from yincai.foundation import clock
from yincai.foundation.errors import Invalid, Problem
from yincai.foundation.statements import value
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, Actor
from yincai.people.models import Account, ReadingPass
from yincai.people.second_factor import show_code
from yincai.people.vocabulary import Event, ReadingLimitReached

LONGEST_REASON = 200
_KNOWN = """
    SELECT EXISTS (
        SELECT FROM people_reading
        WHERE account_id = %(account)s AND place = %(place)s AND day = %(day)s AND subject = %(subject)s
    )
"""
_COUNT = """
    SELECT count(*) FROM people_reading
    WHERE account_id = %(account)s AND place = %(place)s AND day = %(day)s
"""
_PASSES = _COUNT.replace("people_reading", "people_readingpass")
_NOTE = """
    INSERT INTO people_reading (account_id, place, day, subject)
    VALUES (%(account)s, %(place)s, %(day)s, %(subject)s) ON CONFLICT DO NOTHING RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class PassView:
    """One further allowance: whose, for which day, the how-manieth, why."""

    name: str
    day: date
    number: int
    reason: str
    at: datetime


def note_reading(account_id: UUID, *, place: str, subject: UUID, daily: int, further: int) -> None:
    """Count a look of today; `ReadingLimitReached` when it would be one too many, and nothing is counted.

    What was looked into earlier today is free.  Two looks at once may both be the last one: the limit is for
    those who read on and on, not for a single case.
    """
    asked = {"account": account_id, "place": place, "day": clock.today(), "subject": subject}
    if value(_KNOWN, **asked):
        return
    if value(_COUNT, **asked) >= daily + further * value(_PASSES, **asked):
        raise ReadingLimitReached
    value(_NOTE, **asked)


def readings_today(account_id: UUID, *, place: str) -> int:
    """How many different things the account looked into today."""
    return int(value(_COUNT, account=account_id, place=place, day=clock.today()))


def extend_reading(account: Account, *, actor: Actor, place: str, code: str, reason: str) -> None:
    """A further allowance for today, for a code of the second factor and a reason; recorded.

    `Invalid` with problems at `code` and `reason`; `TooManyAttempts` as everywhere codes are asked for.
    """
    reason = reason.replace("\0", "").strip()
    problems = []
    if not 0 < len(reason) <= LONGEST_REASON:
        problems.append(Problem("reason", f"请写明需要继续查看的理由（{LONGEST_REASON} 字以内）。"))
    elif show_code(account, code) is None:
        problems.append(Problem("code", "验证码不正确或已经用过。请输入验证器上的最新验证码。"))
    if problems:
        raise Invalid(problems=problems)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        today = clock.today()
        number = int(value(_PASSES, account=account.pk, place=place, day=today)) + 1
        ReadingPass.objects.create(account=account, place=place, day=today, number=number, reason=reason)
        payload: dict[str, JSON] = {"place": place, "day": today.isoformat(), "number": number}
        record(chain=account.pk, event=Event.READING_EXTENDED, actor=actor, payload=payload)


def reading_passes(place: str, *, size: int = 100) -> list[PassView]:
    """Who took further allowances, newest first: for administrators."""
    rows = ReadingPass.objects.filter(place=place).select_related("account").order_by("-at")[:size]
    return [PassView(row.account.shown_name, row.day, row.number, row.reason, row.at) for row in rows]
