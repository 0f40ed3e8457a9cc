"""Questions about accounts: who somebody is here, what they hold, how to reach them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from allauth.account.models import EmailAddress

from yincai.foundation.errors import NotFound
from yincai.foundation.once import once
from yincai.foundation.statements import lines
from yincai.ledger.vocabulary import ANONYMOUS, Actor
from yincai.people.agreements import AgreementView as AgreementView
from yincai.people.agreements import accepted_agreements as accepted_agreements
from yincai.people.agreements import agreement_of as agreement_of
from yincai.people.applications import applications_of as applications_of
from yincai.people.applications import holds_application as holds_application
from yincai.people.closing import Closing as Closing
from yincai.people.closing import closed_with_key as closed_with_key
from yincai.people.closing import closing_of as closing_of
from yincai.people.closing import due_closings as due_closings
from yincai.people.closing import is_closed as is_closed
from yincai.people.closing import is_closed_name as is_closed_name
from yincai.people.code_reset import code_to_send as code_to_send
from yincai.people.code_reset import contact_of as contact_of
from yincai.people.contact_codes import CodeToSend as CodeToSend
from yincai.people.contact_codes import contact_code_to_send as contact_code_to_send
from yincai.people.held import held_about as held_about
from yincai.people.history import SignInView as SignInView
from yincai.people.history import kind_of_device as kind_of_device
from yincai.people.history import sign_ins as sign_ins
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
from yincai.people.identities import check_identity as check_identity
from yincai.people.identities import identity_of as identity_of
from yincai.people.identities import proofs_of as proofs_of
from yincai.people.leaves import LeaveView as LeaveView
from yincai.people.leaves import covered_by as covered_by
from yincai.people.leaves import leaves as leaves
from yincai.people.models import CLOSED, Account, StaffAppointment
from yincai.people.phones import phone_code_to_send as phone_code_to_send
from yincai.people.proven import account_proven as account_proven
from yincai.people.proven import is_linked as is_linked
from yincai.people.proven import is_owner as is_owner
from yincai.people.reading_limits import reading_passes as reading_passes
from yincai.people.reading_limits import readings_today as readings_today
from yincai.people.roster import Colleague as Colleague
from yincai.people.roster import HeldAppointment as HeldAppointment
from yincai.people.roster import OpenReset as OpenReset
from yincai.people.roster import StaffMember as StaffMember
from yincai.people.roster import colleagues as colleagues
from yincai.people.roster import open_resets as open_resets
from yincai.people.roster import staff_member as staff_member
from yincai.people.roster import staff_of as staff_of
from yincai.people.staffing import appointments_over as appointments_over

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SHOWN_NAMES = """
    SELECT id, COALESCE(NULLIF(staff_name, ''), CASE WHEN closed_at IS NULL THEN username ELSE %(closed)s END)
    FROM people_account WHERE id = ANY(%(ids)s)
"""


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
    """What others see of the person: their name as staff, for residents the user name."""
    return _account(account_id).shown_name


def display_names(account_ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    """What others see of several people, asked for at once."""
    wanted = [one for one in account_ids if one is not None]
    return dict(lines(SHOWN_NAMES, ids=wanted, closed=CLOSED)) if wanted else {}


def _account(account_id: UUID) -> Account:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account
