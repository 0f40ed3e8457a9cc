"""A new password by a code on the account's phone.

What is asked for is only looked up by the worker, so that the answer, and the time it takes, is the same
whoever is registered.  A code lives ten minutes, is compared five times at most, and opens one account once.
The second factor stays what it was.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare

from yincai.foundation import clock
from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import YincaiError
from yincai.foundation.identifiers import normalise_phone
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import ANONYMOUS, Actor
from yincai.people.credentials import change_password
from yincai.people.identities import account_of_document
from yincai.people.models import Account, PasswordReset
from yincai.people.phones import prove_phone
from yincai.people.sending import may_send_to
from yincai.people.throttle import Attempt, count_attempt
from yincai.people.vocabulary import (
    CODE_GOOD_FOR,
    CODE_TRIES,
    PASSWORD_PER_ACCOUNT,
    PHONE_PURPOSE,
    CodeOver,
    Event,
    TooManyAttempts,
    WhichAccount,
    WrongCode,
    plain_name,
)

FORGOTTEN_AFTER = timedelta(days=1)
DOCUMENT = "document:"  # no user name and no phone begins so


def contact_of(typed: str) -> str:
    """A user name or phone in the one way in which it is counted."""
    try:
        return normalise_phone(typed)
    except YincaiError:
        return plain_name(typed).casefold()


def ask_reset_code(*, name_or_phone: str = "", document: tuple[str, str] | None = None) -> UUID:
    """Note that a code is asked for, and let the worker find out whose phone it goes to; the request's id.

    Whose it is: a user name or phone as typed, or the kind and number (normal form) of an identity document.
    """
    from yincai.people.tasks import make_reset_code

    with transaction.atomic():
        asked_for = f"{DOCUMENT}{document[0]}:{document[1]}" if document else name_or_phone
        asked = PasswordReset.objects.create(asked_for=asked_for, asked_at=clock.now())
        make_reset_code.defer(reset_id=str(asked.pk))
    return asked.pk


def make_reset_code(reset_id: UUID) -> None:
    """Make the code and record it for each account that is meant, once; `messages` sends it.

    Nothing for a name that nobody has, an account without a phone, and a phone that got its codes already.
    """
    with transaction.atomic():
        asked = PasswordReset.objects.select_for_update().filter(pk=reset_id).first()
        if asked is None or not asked.asked_for:
            return
        found = _accounts_meant(asked.asked_for)
        asked.asked_for = ""
        if found and may_send_to(found[0].phone):
            asked.code = f"{secrets.randbelow(1_000_000):06}"
            asked.accounts = [account.pk for account in found]
        asked.save()
        for account_id in asked.accounts:
            record(
                chain=account_id,
                event=Event.RESET_CODE_SENT,
                actor=ANONYMOUS,
                payload={"reset": str(asked.pk)},
            )


def reset_password_by_code(
    reset_id: UUID, *, code: str, password: str, username: str = "", known: Collection[UUID] = ()
) -> None:
    """Give the account the new password; its sessions end and it is told (`account.password_changed`).  The
    code also proves the phone, unless another account proved it before.

    Raises `WrongCode`, `CodeOver`, `WhichAccount` while several accounts with the phone are left to choose
    from, or `Invalid` at `password`; the code stays good after the last two.
    """
    found = _show_code(reset_id, plain_name(code), known=known)
    if len(found) > 1:
        chosen = [account for account in found if account.username == username]
        if not chosen:
            raise WhichAccount([account.username for account in found])
        found = chosen
    account = found[0]
    with transaction.atomic():
        mine = PasswordReset.objects.select_for_update().filter(pk=reset_id, ended_at=None)
        if not mine.exists():
            raise CodeOver
        owner = Actor("applicant", account.pk, "applicant")
        change_password(account, actor=owner, password=password, how="sms")
        prove_phone(account, actor=owner)
        open_for_it = PasswordReset.objects.filter(accounts__contains=[account.pk], ended_at=None)
        open_for_it.update(ended_at=clock.now(), code="")


def code_to_send(reset_id: UUID) -> str | None:
    """The code of a request that is still open, for its SMS.  Never log it or put it into a job."""
    asked = PasswordReset.objects.filter(
        pk=reset_id, ended_at=None, asked_at__gt=clock.now() - CODE_GOOD_FOR
    ).first()
    return asked.code or None if asked is not None else None


def forget_old_resets() -> int:
    """Delete requests of yesterday and before; returns how many."""
    return PasswordReset.objects.filter(asked_at__lt=clock.now() - FORGOTTEN_AFTER).delete()[0]


def _accounts_meant(typed: str) -> list[Account]:
    """The account of this name or document, else those that gave this phone; none without a phone."""
    if typed.startswith(DOCUMENT):
        kind, _, number = typed.removeprefix(DOCUMENT).partition(":")
        account_id = account_of_document(kind, number)
        owned = Account.objects.filter(pk=account_id, is_active=True) if account_id else ()
        return [account for account in owned if account.phone]
    named = Account.objects.filter(username__iexact=plain_name(typed), is_active=True)
    if found := [account for account in named if account.phone]:
        return found
    try:
        index = blind_index(normalise_phone(typed), purpose=PHONE_PURPOSE)
    except YincaiError:
        return []
    return list(Account.objects.filter(phone_index=index, is_active=True).order_by("pk"))


def _show_code(reset_id: UUID, code: str, *, known: Collection[UUID]) -> list[Account]:
    """The accounts that this code opens; a wrong one is counted before it is compared.

    It is counted with the passwords that were tried for these accounts, so that no mixture of ways gives a
    stranger more than five guesses.  What is not compared is answered like a wrong one: anything else would
    tell that this document or phone belongs to the name whose password was just guessed at.
    """
    with transaction.atomic():
        asked = PasswordReset.objects.select_for_update().filter(pk=reset_id).first()
        too_old = clock.now() - CODE_GOOD_FOR
        if asked is None or asked.ended_at or asked.tries >= CODE_TRIES or asked.asked_at <= too_old:
            raise CodeOver
        asked.tries += 1
        asked.save(update_fields=["tries"])
    counted = _count_guess(reset_id, asked.accounts, known)
    if counted is None or not (constant_time_compare(asked.code or "-", code) and asked.accounts):
        raise WrongCode(CODE_TRIES - asked.tries)
    for attempt in counted:
        attempt.give_back()
    PasswordReset.objects.filter(pk=reset_id).update(tries=F("tries") - 1)
    return list(Account.objects.filter(pk__in=asked.accounts, is_active=True).order_by("registered_at"))


def _count_guess(reset_id: UUID, accounts: Collection[UUID], known: Collection[UUID]) -> list[Attempt] | None:
    """One more guess at each of these accounts (at nobody, where there are none); None at the limit.

    An account that signed in on this device before (`known`) is not counted: its owner always gets in.
    """
    names = Account.objects.filter(pk__in=set(accounts) - set(known)).values_list("username", flat=True)
    subjects = [name.casefold() for name in names]
    if not accounts:
        subjects = [str(reset_id)]
    counted: list[Attempt] = []
    try:
        for subject in sorted(subjects):
            counted.append(count_attempt(PASSWORD_PER_ACCOUNT, subject=subject))
    except TooManyAttempts:
        for attempt in counted:
            attempt.give_back()
        return None
    return counted
