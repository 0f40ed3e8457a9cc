"""Questions about accounts: who somebody is here, what they hold, how to reach them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from allauth.account.models import EmailAddress

from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.foundation.once import once
from yincai.foundation.statements import lines
from yincai.ledger.vocabulary import ANONYMOUS, Actor
from yincai.people.agreements import AgreementView as AgreementView
from yincai.people.agreements import accepted_agreements as accepted_agreements
from yincai.people.agreements import agreement_of as agreement_of
from yincai.people.applications import applications_of as applications_of
from yincai.people.applications import holds_application as holds_application
from yincai.people.code_reset import code_to_send as code_to_send
from yincai.people.code_reset import contact_of as contact_of
from yincai.people.household import StaffDocumentView as StaffDocumentView
from yincai.people.household import document_indexes as document_indexes
from yincai.people.household import staff_documents as staff_documents
from yincai.people.household import without_own_document as without_own_document
from yincai.people.human_check import Asked as Asked
from yincai.people.human_check import ask as ask
from yincai.people.human_check import new_work as new_work
from yincai.people.identities import IdentityView as IdentityView
from yincai.people.identities import Proof as Proof
from yincai.people.identities import account_of_document as account_of_document
from yincai.people.identities import assurance_of as assurance_of
from yincai.people.identities import identity_of as identity_of
from yincai.people.identities import proofs_of as proofs_of
from yincai.people.leaves import LeaveView as LeaveView
from yincai.people.leaves import covered_by as covered_by
from yincai.people.leaves import leaves as leaves
from yincai.people.models import Account, SecondFactorReset, StaffAppointment
from yincai.people.reading_limits import reading_passes as reading_passes
from yincai.people.reading_limits import readings_today as readings_today
from yincai.people.vocabulary import RESET_OPEN_FOR

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment in force."""

    id: UUID
    place: str
    office: str
    role: str
    since: datetime


def actor_of(user: Account | AnonymousUser, *, place: str | None = None, role: str | None = None) -> Actor:
    """Who this user is to an action: staff while an appointment (in `place`) is in force, else applicant.

    A member of staff acts in one role: the one asked for with `role` if they hold it, the only one they hold,
    or none ("") when they hold several and nothing was asked, so that no right is taken by chance.
    """
    if not isinstance(user, Account):
        return ANONYMOUS
    roles = staff_roles(user, place=place)
    if not roles:
        return applicant_of(user)
    if role is not None:
        return Actor("staff", user.pk, role if role in roles else "")
    return Actor("staff", user.pk, next(iter(roles)) if len(roles) == 1 else "")


def applicant_of(user: Account | AnonymousUser) -> Actor:
    """The same person acting for themselves, whatever they are appointed to: for the residents' door."""
    return Actor("applicant", user.pk, "applicant") if isinstance(user, Account) else ANONYMOUS


def appointments(account: Account | UUID, *, place: str | None = None) -> tuple[Appointment, ...]:
    """The appointments in force, oldest first."""
    account_id = account if isinstance(account, UUID) else account.pk
    held = once(("appointments", account_id), lambda: _held(account_id))
    return tuple(one for one in held if place in (None, one.place))


def _held(account_id: UUID) -> tuple[Appointment, ...]:
    rows = StaffAppointment.in_force().filter(account_id=account_id).order_by("since", "id")
    return tuple(Appointment(row.pk, row.place, row.office, row.role, row.since) for row in rows)


def staff_roles(account: Account | UUID, *, place: str | None = None) -> frozenset[str]:
    """The roles that the account holds now, in `place` or anywhere."""
    return frozenset(held.role for held in appointments(account, place=place))


def account_named(username: str) -> Account | None:
    """The account of a user name, whatever its letter case."""
    return Account.objects.filter(username__iexact=username).first()


def phone_of(account_id: UUID) -> str | None:
    """The phone of an account in E.164, or None.  Personal data: never log it or put it into a job."""
    return _account(account_id).phone or None


def email_of(account_id: UUID) -> str | None:
    """The e-mail address of an account, or None."""
    return _account(account_id).email or None


def proven_email_of(account_id: UUID) -> str | None:
    """The e-mail address that the account has proven to be its own, or None.  Personal data."""
    proven = EmailAddress.objects.filter(user_id=account_id, verified=True).order_by("-primary", "pk")
    address: str | None = proven.values_list("email", flat=True).first()
    return address


def display_name(account_id: UUID) -> str:
    """What others see of the person: the user name."""
    return _account(account_id).username


def display_names(account_ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    """The user names of several accounts, asked for at once."""
    wanted = [one for one in account_ids if one is not None]
    if not wanted:
        return {}
    return dict(lines("SELECT id, username FROM people_account WHERE id = ANY(%(ids)s)", ids=wanted))


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff of a place, with the roles that they hold there."""

    account_id: UUID
    username: str
    roles: frozenset[str]
    offices: frozenset[str]


def colleagues(place: str) -> list[Colleague]:
    """Everybody who is appointed in a place now, by user name."""
    found: dict[UUID, list[StaffAppointment]] = {}
    rows = StaffAppointment.in_force().filter(place=place).select_related("account")
    for row in rows.order_by("account__username", "role"):
        found.setdefault(row.account_id, []).append(row)
    return [
        Colleague(
            account_id,
            held[0].account.username,
            frozenset(one.role for one in held),
            frozenset(one.office for one in held),
        )
        for account_id, held in found.items()
    ]


def _account(account_id: UUID) -> Account:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


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
    held: tuple[HeldAppointment, ...]


@dataclass(frozen=True, slots=True)
class OpenReset:
    """A second factor that one administrator asked to have removed."""

    id: UUID
    account_id: UUID
    username: str
    reason: str
    asked_by_id: UUID
    asked_by: str
    asked_at: datetime


STAFF_OF = """
    SELECT a.id, a.username FROM people_account a
    WHERE EXISTS (SELECT FROM people_staffappointment s WHERE s.account_id = a.id AND s.place = %(place)s)
      AND UPPER(a.username) > UPPER(%(after)s)
      AND UPPER(a.username) LIKE '%%' || UPPER(%(search)s) || '%%'
    ORDER BY UPPER(a.username) LIMIT %(size)s
"""
STAFF_PAGE = 30


def staff_of(place: str, *, search: str = "", after: str = "") -> tuple[list[StaffMember], str]:
    """Who works or worked in a place, by user name; and the `after` of the next page, empty at the end.

    `search` is a part of the user name, whatever its letter case.
    """
    literal = search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_").replace("\0", "")
    found = lines(STAFF_OF, place=place, after=after, search=literal, size=STAFF_PAGE + 1)
    shown = found[:STAFF_PAGE]
    held = _held_by([account_id for account_id, _ in shown], place)
    people = [StaffMember(account_id, name, tuple(held.get(account_id, ()))) for account_id, name in shown]
    return people, (shown[-1][1] if len(found) > STAFF_PAGE else "")


def staff_member(account_id: UUID, *, place: str) -> StaffMember:
    """One of `staff_of`; `NotFound` for somebody who never worked there."""
    held = _held_by([account_id], place).get(account_id)
    if not held:
        raise NotFound
    return StaffMember(account_id, display_name(account_id), tuple(held))


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
            row.account.username,
            row.reason,
            row.asked_by_id,
            row.asked_by.username,
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
