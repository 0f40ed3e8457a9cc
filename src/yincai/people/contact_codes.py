"""Codes to a phone that need not be any account's: whoever types one is who can read that phone now.

One code at a time for one thing (`about`), ten minutes, five comparisons, once.  The number lies sealed until
the code is used or forgotten.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare

from yincai.foundation import clock
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import ContactCode
from yincai.people.sending import may_send_to
from yincai.people.throttle import count_attempt
from yincai.people.vocabulary import (
    CODE_GOOD_FOR,
    CODE_TRIES,
    CONTACT_CODE_PER_SUBJECT,
    CodeUse,
    Event,
    NoContactCode,
    WrongPhoneCode,
    plain_name,
)

FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CodeToSend:
    """A code that is still good, for its SMS.  Personal data: never log it or put it into a job."""

    phone: str
    code: str
    use: CodeUse


def ask_contact_code(phone: str, *, use: CodeUse, about: UUID, actor: Actor) -> None:
    """Have a code sent to a phone (E.164); an older one about the same is over.

    Recorded on the chain of `about`, without the number.  Raises `NoContactCode` where the phone got as many
    codes as it may; call it outside a transaction, or that count is lost with it.
    """
    if not may_send_to(phone):
        raise NoContactCode
    with transaction.atomic():
        ContactCode.objects.update_or_create(
            about=about,
            defaults={
                "use": use.value,
                "phone": phone,
                "code": f"{secrets.randbelow(1_000_000):06}",
                "tries": 0,
                "asked_at": clock.now(),
            },
        )
        record(chain=about, event=Event.CONTACT_CODE_SENT, actor=actor, payload={"use": use.value})


def show_contact_code(about: UUID, *, use: CodeUse, code: str) -> str:
    """Spend the code that was sent about this; the phone (E.164) that it was sent to.

    A try is counted before it is compared.  Raises `WrongPhoneCode`, also for none, an old and a used one,
    and `TooManyAttempts` after many codes about the same thing.
    """
    count_attempt(CONTACT_CODE_PER_SUBJECT, subject=str(about))
    with transaction.atomic():
        row = ContactCode.objects.select_for_update().filter(about=about, use=use.value).first()
        good = row is not None and row.tries < CODE_TRIES and clock.now() < row.asked_at + CODE_GOOD_FOR
        if row is not None and good:
            row.tries += 1
            row.save(update_fields=["tries"])
            if constant_time_compare(row.code, plain_name(code)):
                phone: str = row.phone
                row.delete()
                return phone
    raise WrongPhoneCode


def contact_code_to_send(about: UUID) -> CodeToSend | None:
    """The code about this that is still good, with its phone; None when it is over."""
    row = ContactCode.objects.filter(about=about).first()
    if row is None or clock.now() >= row.asked_at + CODE_GOOD_FOR:
        return None
    return CodeToSend(row.phone, row.code, CodeUse(row.use))


def forget_old_contact_codes() -> int:
    """Delete the codes of yesterday and before, numbers and all; returns how many."""
    return ContactCode.objects.filter(asked_at__lt=clock.now() - FORGOTTEN_AFTER).delete()[0]
