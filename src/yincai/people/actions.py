"""What changes accounts and appointments.  Each verb checks, writes, and records in one transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from yincai.foundation import clock
from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem, SomeoneWasFirst
from yincai.foundation.identifiers import normalise_phone
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people.models import Account, StaffAppointment
from yincai.people.second_factor import (
    check_new_authenticator,
    enrolled_second_factor,
    hold_recovery_codes,
    removed_second_factor,
    show_code,
    spend_step,
)
from yincai.people.throttle import Attempt, count_attempt, forget_old_attempts
from yincai.people.vocabulary import PHONE_PURPOSE, Event, UsernameTaken

__all__ = [
    "Attempt",
    "appoint_staff",
    "change_password",
    "check_new_authenticator",
    "count_attempt",
    "end_appointment",
    "enrol_totp",
    "enrolled_second_factor",
    "forget_old_attempts",
    "record_verified_email",
    "register_account",
    "removed_second_factor",
    "hold_recovery_codes",
    "show_code",
    "spend_step",
]

APPOINTING_ROLE = "administrator"


def register_account(
    *,
    username: str,
    password: str | None,
    phone: str = "",
    email: str = "",
    actor: Actor | None = None,
    check_password: bool = True,
) -> Account:
    """Open an account and record it; the person registers themselves unless `actor` says otherwise.

    `password=None`: nobody can sign in with a password.  `phone` as typed; kept in E.164.
    An address or phone that another account also gave is accepted without a word (see `Account`).
    Raises `UsernameTaken`, or `Invalid` with problems at `username`, `password`, `phone`, `email`.
    """
    account = Account(username=username, email=email.lower())
    _set_phone(account, phone)
    if password is not None and check_password:
        _check_new_password(password, account)
    account.set_password(password)
    _check_fields(account)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            if email:
                EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=False)
            record(
                chain=account.pk,
                event=Event.REGISTERED,
                actor=actor or Actor("applicant", account.pk, "applicant"),
                payload={},
            )
    except IntegrityError as error:
        if "account_username_whatever_case" in str(error):
            raise UsernameTaken from error
        raise
    return account


def record_verified_email(account_id: UUID) -> None:
    """Record that the account has proven its e-mail address.  Needs a transaction."""
    record(
        chain=account_id,
        event=Event.EMAIL_VERIFIED,
        actor=Actor("applicant", account_id, "applicant"),
        payload={},
    )


def change_password(account: Account, *, actor: Actor, password: str, how: str) -> None:
    """Give the account a new password and record it; its sessions end (Django's session hash).

    `how` is "changed" (the old one was known) or "reset" (by letter).  The caller keeps its own session, if
    it may, with `update_session_auth_hash`.  Raises `Invalid`.
    """
    _check_new_password(password, account)
    account.set_password(password)
    with transaction.atomic():
        account.save(update_fields=["password"])
        record(chain=account.pk, event=Event.PASSWORD_CHANGED, actor=actor, payload={"how": how})


def appoint_staff(
    account: Account | UUID,
    *,
    actor: Actor,
    place: str,
    office: str,
    role: str,
    since: datetime | None = None,
) -> StaffAppointment:
    """Let the account hold `role` in `office` of `place` from `since` (aware; default now) and record it.

    Only the system or an administrator appoints, and nobody appoints themselves.  Holding the role already
    is no error: the standing appointment is returned and nothing is recorded.
    """
    account_id = account if isinstance(account, UUID) else account.pk
    _may_appoint(actor, account_id)
    with transaction.atomic():
        appointment, is_new = StaffAppointment.objects.get_or_create(
            account_id=account_id,
            place=place,
            office=office,
            role=role,
            until=None,
            defaults={"since": since or clock.now()},
        )
        if is_new:
            record(
                chain=account_id,
                event=Event.STAFF_APPOINTED,
                actor=actor,
                office=office,
                payload={
                    "appointment": str(appointment.pk),
                    "place": place,
                    "role": role,
                    "since": appointment.since.isoformat(),
                },
            )
    return appointment


def end_appointment(appointment: StaffAppointment | UUID, *, actor: Actor) -> None:
    """End the appointment now: the next request of its holder is already refused.  Recorded.

    Raises `NotFound` for an unknown one and `SomeoneWasFirst` for one that has ended.
    """
    appointment_id = appointment if isinstance(appointment, UUID) else appointment.pk
    held = StaffAppointment.objects.filter(pk=appointment_id).first()
    if held is None:
        raise NotFound
    _may_appoint(actor, held.account_id)
    with transaction.atomic():
        now = max(clock.now(), held.since)
        if StaffAppointment.objects.filter(pk=held.pk, until=None).update(until=now) != 1:
            raise SomeoneWasFirst
        record(
            chain=held.account_id,
            event=Event.APPOINTMENT_ENDED,
            actor=actor,
            office=held.office,
            payload={"appointment": str(held.pk), "place": held.place, "role": held.role},
        )


def enrol_totp(account: Account, *, actor: Actor = SYSTEM, secret: str | None = None) -> str:
    """Give the account an authenticator app's secret (base32) and return it: for a place set up by command.

    People enrol themselves on the account pages.  An account that has one keeps it: `SomeoneWasFirst`.
    """
    secret = secret or generate_totp_secret()
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists():
            raise SomeoneWasFirst
        TOTP.activate(account, secret)
        enrolled_second_factor(account.pk, actor=actor)
    return secret


def _may_appoint(actor: Actor, account_id: UUID) -> None:
    if actor.kind == "system":
        return
    if actor.kind != "staff" or actor.role != APPOINTING_ROLE or actor.id == account_id:
        raise NotAllowed


def _set_phone(account: Account, phone: str) -> None:
    if phone:
        account.phone = normalise_phone(phone)
        account.phone_index = blind_index(account.phone, purpose=PHONE_PURPOSE)


def _check_new_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid(problems=[Problem("password", sentence) for sentence in error.messages]) from error


def _check_fields(account: Account) -> None:
    try:
        account.clean_fields(exclude=["password"])
    except ValidationError as error:
        problems = [Problem(name, text) for name, texts in error.message_dict.items() for text in texts]
        raise Invalid(problems=problems) from error
