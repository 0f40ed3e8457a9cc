"""The second factor: codes that count once, records of enrolment, and whether this session has shown one."""

from __future__ import annotations

from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import Account
from yincai.people.throttle import count_attempt
from yincai.people.vocabulary import CODE_PER_ACCOUNT, Event

SECOND_FACTORS = frozenset({"totp", "recovery_codes", "webauthn"})


def has_second_factor(account_id: UUID) -> bool:
    """Whether the account can be asked for a second factor."""
    return Authenticator.objects.filter(user_id=account_id, type__in=("totp", "webauthn")).exists()


def session_shows_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session, by the account that is signed in."""
    return any(
        step.get("method") == "mfa" and step.get("type") in SECOND_FACTORS
        for step in get_authentication_records(request, request.user)  # type: ignore[arg-type]  # anonymous: none
    )


def show_code(account: Account, code: str) -> Authenticator | None:
    """`spend_code`, counted: at most 5 wrong ones in 15 minutes, whoever tries; raises `TooManyAttempts`."""
    attempt = count_attempt(CODE_PER_ACCOUNT, subject=str(account.pk))
    authenticator = spend_code(account, code)
    if authenticator is not None:
        attempt.give_back()
    return authenticator


def is_code_of(account_id: UUID, code: str) -> bool:
    """Whether a code of the second factor was shown, for a step that asks for it again; counted and spent
    like `show_code`, and raises the same."""
    account = Account.objects.filter(pk=account_id).first()
    return account is not None and show_code(account, code) is not None


def check_new_authenticator(account: Account, *, secret: str, code: str) -> int | None:
    """The time step of the first code of an app that is being enrolled, or None; counted like `show_code`.

    Whoever enrols it hands the step to `spend_step`, so that the code does not open anything a second time.
    """
    attempt = count_attempt(CODE_PER_ACCOUNT, subject=str(account.pk))
    step = step_of_code(secret, code)
    if step is not None:
        attempt.give_back()
    return step


def spend_code(account: Account, code: str) -> Authenticator | None:
    """The authenticator whose code this is, with the code used up; None for a wrong or used one.

    A code of an authenticator app counts for its 30 seconds and the 30 before and after (clocks differ), and
    once: a time step that was accepted, and every earlier one, is spent (RFC 6238, section 5.2).
    """
    authenticator: Authenticator
    for authenticator in Authenticator.objects.filter(user_id=account.pk).order_by("-type"):
        if authenticator.type == Authenticator.Type.TOTP and _spend_totp(authenticator, code):
            return authenticator
        if authenticator.type == Authenticator.Type.RECOVERY_CODES and _spend_recovery(authenticator, code):
            return authenticator
    return None


def step_of_code(secret: str, code: str) -> int | None:
    """The time step whose code this is, among those that count now."""
    given = normalize_user_code(code)
    for step in yield_hotp_counters_from_time():
        if constant_time_compare(given, format_hotp_value(hotp_value(secret, step))):
            return int(step)
    return None


def spend_step(authenticator: Authenticator, step: int) -> bool:
    """Use up `step`; False when it, or a later one, was used before."""
    with transaction.atomic():
        locked = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        if step <= locked.data.get("spent_step", -1):
            return False
        locked.data["spent_step"] = step
        locked.save(update_fields=["data"])
    return True


def enrolled_second_factor(account_id: UUID, *, actor: Actor, kind: str = "totp") -> None:
    """Record that the account has a second factor from now on.  Needs a transaction."""
    record(chain=account_id, event=Event.SECOND_FACTOR_ENROLLED, actor=actor, payload={"type": kind})


def removed_second_factor(account_id: UUID, *, actor: Actor, kind: str = "totp") -> None:
    """Record that the account gave up its second factor.  Needs a transaction."""
    record(chain=account_id, event=Event.SECOND_FACTOR_REMOVED, actor=actor, payload={"type": kind})


def hold_recovery_codes(account_id: UUID) -> None:
    """Let nobody spend one of the account's recovery codes until the end of this transaction.

    allauth notes that the codes were looked at by writing the row back as it read it: a code spent in between
    would count again.
    """
    held = Authenticator.objects.select_for_update()
    held.filter(user_id=account_id, type=Authenticator.Type.RECOVERY_CODES).first()


def _spend_recovery(authenticator: Authenticator, code: str) -> bool:
    """allauth locks the row before it looks, so that of two at once one finds the code used."""
    codes: RecoveryCodes = authenticator.wrap()  # type: ignore[no-untyped-call]  # allauth
    return codes.validate_code(code)


def _spend_totp(authenticator: Authenticator, code: str) -> bool:
    step = step_of_code(decrypt(authenticator.data["secret"]), code)
    return step is not None and spend_step(authenticator, step)
