"""A new password by a code on the account's phone.

What is asked for is only looked up by the worker, so that the answer, and the time it takes, is the same
whoever is registered.  A code lives ten minutes, is compared five times at most, and opens one account once.
The second factor stays what it was.
"""

from __future__ import annotations

import secrets
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
from yincai.people.models import Account, PasswordReset
from yincai.people.phones import prove_phone
from yincai.people.throttle import count_attempt
from yincai.people.vocabulary import (
    CODE_GOOD_FOR,
    CODE_PER_PHONE,
    CODE_PER_PHONE_AND_DAY,
    CODE_TRIES,
    PHONE_PURPOSE,
    CodeOver,
    Event,
    TooManyAttempts,
    WhichAccount,
    WrongCode,
    plain_name,
)

FORGOTTEN_AFTER = timedelta(days=1)


def contact_of(typed: str) -> str:
    """A user name or phone in the one way in which it is counted."""
    try:
        return normalise_phone(typed)
    except YincaiError:
        return plain_name(typed).casefold()


def ask_reset_code(*, name_or_phone: str) -> UUID:
    """Note that a code is asked for, and let the worker find out whose phone it goes to; the request's id."""
    from yincai.people.tasks import make_reset_code

    with transaction.atomic():
        asked = PasswordReset.objects.create(asked_for=name_or_phone, asked_at=clock.now())
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
        if found and _may_send_to(found[0].phone):
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


def reset_password_by_code(reset_id: UUID, *, code: str, password: str, username: str = "") -> None:
    """Give the account the new password; its sessions end and it is told (`account.password_changed`).  The
    code also proves the phone, unless another account proved it before.

    Raises `WrongCode`, `CodeOver`, `WhichAccount` while several accounts with the phone are left to choose
    from, or `Invalid` at `password`; the code stays good after the last two.
    """
    found = _show_code(reset_id, plain_name(code))
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
    """The account of this name, else those that gave this phone; none without a phone."""
    named = Account.objects.filter(username__iexact=plain_name(typed), is_active=True)
    if found := [account for account in named if account.phone]:
        return found
    try:
        index = blind_index(normalise_phone(typed), purpose=PHONE_PURPOSE)
    except YincaiError:
        return []
    return list(Account.objects.filter(phone_index=index, is_active=True).order_by("pk"))


def _may_send_to(phone: str) -> bool:
    try:
        for limit in (CODE_PER_PHONE_AND_DAY, CODE_PER_PHONE):
            count_attempt(limit, subject=phone)
    except TooManyAttempts:
        return False
    return True


def _show_code(reset_id: UUID, code: str) -> list[Account]:
    """The accounts that this code opens; a wrong one is counted before it is compared."""
    with transaction.atomic():
        asked = PasswordReset.objects.select_for_update().filter(pk=reset_id).first()
        too_old = clock.now() - CODE_GOOD_FOR
        if asked is None or asked.ended_at or asked.tries >= CODE_TRIES or asked.asked_at <= too_old:
            raise CodeOver
        asked.tries += 1
        asked.save(update_fields=["tries"])
    if not (constant_time_compare(asked.code or "-", code) and asked.accounts):
        raise WrongCode(CODE_TRIES - asked.tries)
    PasswordReset.objects.filter(pk=reset_id).update(tries=F("tries") - 1)
    return list(Account.objects.filter(pk__in=asked.accounts, is_active=True).order_by("registered_at"))
