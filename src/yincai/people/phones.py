"""A phone that is shown to be its owner's (private to the room)."""

from __future__ import annotations

from yincai.foundation import clock
from yincai.foundation.statements import hold
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.identities import note_assurance
from yincai.people.models import Account
from yincai.people.vocabulary import Event, Level


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
