"""Who works in a place, for colleagues and administrators (private to the room; its door is `queries`)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.foundation.statements import lines
from yincai.people.models import Account, SecondFactorReset, StaffAppointment
from yincai.people.vocabulary import RESET_OPEN_FOR


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff of a place, with the roles that they hold there."""

    account_id: UUID
    name: str
    roles: frozenset[str]
    offices: frozenset[str]


def colleagues(place: str) -> list[Colleague]:
    """Everybody who is appointed in a place now, by user name.

    Of two with one name the user name is said too, so that work goes to the one who is meant.
    """
    found: dict[UUID, list[StaffAppointment]] = {}
    rows = StaffAppointment.in_force().filter(place=place).select_related("account")
    for row in rows.order_by("account__username", "role"):
        found.setdefault(row.account_id, []).append(row)
    met = Counter(held[0].account.shown_name for held in found.values())
    return [
        Colleague(
            account_id,
            _told_apart(held[0].account, met),
            frozenset(one.role for one in held),
            frozenset(one.office for one in held),
        )
        for account_id, held in found.items()
    ]


def _told_apart(account: Account, met: Counter[str]) -> str:
    name = account.shown_name
    return name if met[name] == 1 or name == account.username else f"{name}（{account.username}）"


@dataclass(frozen=True, slots=True)
class HeldAppointment:
    """An appointment of any time; `until` None: still, without an end."""

    id: UUID
    place: str
    office: str
    role: str
    since: datetime
    until: datetime | None

    def state(self, *, at: datetime) -> str:
        """`held`, `coming` or `ended` at that moment."""
        if self.until is not None and self.until <= at:
            return "ended"
        return "held" if self.since <= at else "coming"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works or worked in a place, with everything that they held there, newest first."""

    account_id: UUID
    username: str
    name: str
    held: tuple[HeldAppointment, ...]


@dataclass(frozen=True, slots=True)
class OpenReset:
    """A second factor that one administrator asked to have removed."""

    id: UUID
    account_id: UUID
    name: str
    reason: str
    asked_by_id: UUID
    asked_by: str
    asked_at: datetime


STAFF_OF = """
    SELECT a.id, a.username, COALESCE(NULLIF(a.staff_name, ''), a.username) FROM people_account a
    WHERE EXISTS (SELECT FROM people_staffappointment s WHERE s.account_id = a.id AND s.place = %(place)s)
      AND UPPER(a.username) > UPPER(%(after)s)
      AND (UPPER(a.username) LIKE '%%' || UPPER(%(search)s) || '%%'
           OR UPPER(a.staff_name) LIKE '%%' || UPPER(%(search)s) || '%%')
    ORDER BY UPPER(a.username) LIMIT %(size)s
"""
STAFF_PAGE = 30


def staff_of(place: str, *, search: str = "", after: str = "") -> tuple[list[StaffMember], str]:
    """Who works or worked in a place, by user name; and the `after` of the next page, empty at the end.

    `search` is a part of the name or the user name, whatever its letter case.
    """
    literal = search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_").replace("\0", "")
    found = lines(STAFF_OF, place=place, after=after, search=literal, size=STAFF_PAGE + 1)
    shown = found[:STAFF_PAGE]
    held = _held_by([one[0] for one in shown], place)
    people = [
        StaffMember(account_id, username, name, tuple(held.get(account_id, ())))
        for account_id, username, name in shown
    ]
    return people, (shown[-1][1] if len(found) > STAFF_PAGE else "")


def staff_member(account_id: UUID, *, place: str) -> StaffMember:
    """One of `staff_of`; `NotFound` for somebody who never worked there."""
    held = _held_by([account_id], place).get(account_id)
    if not held:
        raise NotFound
    account = Account.objects.get(pk=account_id)
    return StaffMember(account_id, account.username, account.shown_name, tuple(held))


def open_resets(place: str, *, account_id: UUID | None = None) -> list[OpenReset]:
    """The second factors of a place that wait for a second administrator, oldest first."""
    rows = SecondFactorReset.objects.filter(
        place=place, ended_at=None, asked_at__gt=clock.now() - RESET_OPEN_FOR
    ).select_related("account", "asked_by")
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    return [
        OpenReset(
            row.pk,
            row.account_id,
            row.account.shown_name,
            row.reason,
            row.asked_by_id,
            row.asked_by.shown_name,
            row.asked_at,
        )
        for row in rows.order_by("asked_at", "id")
    ]


def _held_by(account_ids: list[UUID], place: str) -> dict[UUID, list[HeldAppointment]]:
    rows = StaffAppointment.objects.filter(account_id__in=account_ids, place=place)
    found: dict[UUID, list[HeldAppointment]] = {}
    for row in rows.order_by("-since", "id"):
        one = HeldAppointment(row.pk, row.place, row.office, row.role, row.since, row.until)
        found.setdefault(row.account_id, []).append(one)
    return found
