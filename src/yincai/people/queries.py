"""Questions about accounts: who somebody is here, what they hold, how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import NotFound
from yincai.foundation.identifiers import normalise_phone
from yincai.ledger.vocabulary import ANONYMOUS, Actor
from yincai.people.models import Account, StaffAppointment
from yincai.people.vocabulary import PHONE_PURPOSE

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
    rows = StaffAppointment.in_force().filter(account_id=account_id).order_by("since", "id")
    if place is not None:
        rows = rows.filter(place=place)
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


def display_name(account_id: UUID) -> str:
    """What others see of the person: the user name."""
    return _account(account_id).username


def accounts_with_phone(phone: str) -> tuple[UUID, ...]:
    """The accounts that gave this phone (as typed or E.164); several may."""
    index = blind_index(normalise_phone(phone), purpose=PHONE_PURPOSE)
    return tuple(
        Account.objects.filter(phone_index=index).order_by("registered_at").values_list("pk", flat=True)
    )


def _account(account_id: UUID) -> Account:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account
