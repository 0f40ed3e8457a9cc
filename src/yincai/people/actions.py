"""What changes accounts and appointments.  Each verb checks, writes, and records in one transaction."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import Invalid, Problem, SomeoneWasFirst
from yincai.foundation.identifiers import normalise_phone
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people.agreements import accept_agreement, publish_agreement
from yincai.people.applications import add_application, remove_application
from yincai.people.closing import (
    ask_closing,
    close_account,
    hold_closing,
    is_closed_name,
    stop_closing,
    take_back_closing,
)
from yincai.people.code_reset import (
    ask_reset_code,
    forget_old_resets,
    make_reset_code,
    reset_password_by_code,
)
from yincai.people.contact_codes import ask_contact_code, forget_old_contact_codes, show_contact_code
from yincai.people.credentials import change_password, check_new_password
from yincai.people.factor_reset import ask_factor_reset, confirm_factor_reset, refuse_factor_reset
from yincai.people.forgetting import destroy_again, destroy_key
from yincai.people.history import forget_sign_ins, note_sign_in
from yincai.people.household import note_staff_document, remove_staff_document
from yincai.people.human_check import check as check_human
from yincai.people.identities import check_identity, give_identity, note_assurance
from yincai.people.leaves import arrange_leave, end_leave
from yincai.people.models import Account
from yincai.people.phones import ask_phone_code, prove_phone_by_code
from yincai.people.proven import link_proof
from yincai.people.reading_limits import extend_reading, note_reading
from yincai.people.registering import Person, check_profile, complete_person
from yincai.people.replacing import replace_identity
from yincai.people.second_factor import (
    check_new_authenticator,
    enrolled_second_factor,
    hold_recovery_codes,
    is_code_of,
    removed_second_factor,
    show_code,
    spend_step,
)
from yincai.people.sessions import end_other_sessions, end_session, renew_session
from yincai.people.staffing import appoint_staff, end_appointment, name_staff, transfer_staff
from yincai.people.throttle import Attempt, count_attempt, forget_old_attempts
from yincai.people.vocabulary import PHONE_PURPOSE, Event, UsernameTaken

__all__ = [
    "Attempt",
    "Person",
    "accept_agreement",
    "add_application",
    "appoint_staff",
    "arrange_leave",
    "ask_closing",
    "ask_contact_code",
    "ask_factor_reset",
    "ask_phone_code",
    "ask_reset_code",
    "change_password",
    "check_human",
    "check_identity",
    "check_new_authenticator",
    "check_profile",
    "close_account",
    "complete_person",
    "confirm_factor_reset",
    "count_attempt",
    "destroy_again",
    "destroy_key",
    "end_appointment",
    "end_leave",
    "enrol_totp",
    "enrolled_second_factor",
    "end_other_sessions",
    "end_session",
    "extend_reading",
    "forget_old_attempts",
    "forget_old_contact_codes",
    "forget_old_resets",
    "forget_sign_ins",
    "give_identity",
    "hold_closing",
    "hold_recovery_codes",
    "is_code_of",
    "link_proof",
    "make_reset_code",
    "name_staff",
    "note_assurance",
    "note_reading",
    "note_sign_in",
    "note_staff_document",
    "prove_phone_by_code",
    "publish_agreement",
    "record_verified_email",
    "refuse_factor_reset",
    "register_account",
    "register_person",
    "remove_application",
    "remove_staff_document",
    "removed_second_factor",
    "renew_session",
    "replace_identity",
    "reset_password_by_code",
    "show_code",
    "show_contact_code",
    "spend_step",
    "stop_closing",
    "take_back_closing",
    "transfer_staff",
]


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
        check_new_password(password, account)
    account.set_password(password)
    _check_fields(account)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            if is_closed_name(username):  # asked within the transaction: whoever closes it has committed
                raise UsernameTaken
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


def register_person(
    *, username: str, password: str, phone: str, email: str, person: Person, agreement: UUID
) -> Account:
    """Open an account for somebody who says who they are; all of it or nothing.

    Raises as `register_account` and `complete_person` do.
    """
    with transaction.atomic():
        account = register_account(username=username, password=password, phone=phone, email=email)
        actor = Actor("applicant", account.pk, "applicant")
        complete_person(account, person=person, agreement=agreement, actor=actor)
    return account


def record_verified_email(account_id: UUID) -> None:
    """Record that the account has proven its e-mail address.  Needs a transaction."""
    record(
        chain=account_id,
        event=Event.EMAIL_VERIFIED,
        actor=Actor("applicant", account_id, "applicant"),
        payload={},
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


def _set_phone(account: Account, phone: str) -> None:
    if phone:
        account.phone = normalise_phone(phone)
        account.phone_index = blind_index(account.phone, purpose=PHONE_PURPOSE)


def _check_fields(account: Account) -> None:
    try:
        account.clean_fields(exclude=["password"])
    except ValidationError as error:
        problems = [Problem(name, text) for name, texts in error.message_dict.items() for text in texts]
        raise Invalid(problems=problems) from error
