"""A phone that is shown to be its owner's (private to the room)."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare

from yincai.foundation import clock
from yincai.foundation.statements import hold
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.identities import note_assurance
from yincai.people.models import Account, PhoneCheck
from yincai.people.sending import may_send_to
from yincai.people.vocabulary import (
    CODE_GOOD_FOR,
    CODE_TRIES,
    Event,
    Level,
    NoCodeSent,
    PhoneNotProven,
    WrongPhoneCode,
    plain_name,
)


def prove_phone(account: Account, *, actor: Actor) -> bool:
    """Mark the account's phone as proven by a code that was sent there; recorded, without the number.

    Needs a transaction.  False, and nothing changes, when it is proven already or by another account: a phone
    is the proof of one.
    """
    index = bytes(account.phone_index or b"")
    if not index:
        return False
    hold(f"people.phone:{index.hex()}")
    if Account.objects.filter(phone_index=index, phone_verified_at__isnull=False).exists():
        return False
    if not Account.objects.filter(pk=account.pk, phone_index=index).update(phone_verified_at=clock.now()):
        return False
    record(chain=account.pk, event=Event.PHONE_PROVEN, actor=actor, payload={"how": "sms"})
    note_assurance(account.pk, actor=actor, level=Level.SMS_VERIFIED, source="sms")
    return True


def ask_phone_code(account: Account, *, actor: Actor) -> None:
    """Have a code sent to the account's phone (`messages` does); the older one is over.  `NoCodeSent`."""
    if not account.phone or not account.phone_index or not may_send_to(account.phone):
        raise NoCodeSent
    with transaction.atomic():
        PhoneCheck.objects.update_or_create(
            account=account,
            defaults={
                "phone_index": bytes(account.phone_index),
                "code": f"{secrets.randbelow(1_000_000):06}",
                "tries": 0,
                "asked_at": clock.now(),
            },
        )
        record(chain=account.pk, event=Event.PHONE_CODE_SENT, actor=actor, payload={})


def prove_phone_by_code(account: Account, *, actor: Actor, code: str) -> None:
    """Mark the account's phone as proven by the code that was sent there.

    Raises `WrongPhoneCode` (five tries, ten minutes, once) and `PhoneNotProven` where the phone is another
    account's.
    """
    if not _shows_code(account, plain_name(code)):
        raise WrongPhoneCode
    with transaction.atomic():
        PhoneCheck.objects.filter(account=account).delete()
        account.refresh_from_db()
        if not prove_phone(account, actor=actor) and account.phone_verified_at is None:
            raise PhoneNotProven


def phone_code_to_send(account_id: UUID) -> str | None:
    """The code that is still good, for its SMS.  Never log it or put it into a job."""
    check = PhoneCheck.objects.filter(account_id=account_id).first()
    return check.code if check is not None and clock.now() < check.asked_at + CODE_GOOD_FOR else None


def _shows_code(account: Account, code: str) -> bool:
    """Whether this is the code; a try is counted before it is compared."""
    with transaction.atomic():
        check = PhoneCheck.objects.select_for_update().filter(account=account).first()
        if check is None or check.tries >= CODE_TRIES or clock.now() >= check.asked_at + CODE_GOOD_FOR:
            return False
        check.tries += 1
        check.save(update_fields=["tries"])
    same_phone = bytes(check.phone_index) == bytes(account.phone_index or b"")
    return same_phone and constant_time_compare(check.code, code)
