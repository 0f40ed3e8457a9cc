"""Destroying a person's own key: what is sealed under it can be opened by nobody, in no copy anywhere.

The vault is outside the database, so the key goes only once the order is committed, by a job of the same
transaction.  The order stays (`DestroyedKey`): a vault that was restored from its backup is told again.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from yincai.foundation import vault
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import Account, DestroyedKey
from yincai.people.vocabulary import Event

DESTROY = "people.destroy_key"


def destroy_key(account_id: UUID, *, actor: Actor) -> None:
    """Have the account's key destroyed for good, on record; ordered again it is destroyed once.

    For when its rows have been emptied of what the law does not keep: what is left sealed under the key opens
    no more, within `vault.REMEMBERED` of the commit, and nothing can be sealed for the person.  Raises
    `NotFound`, and `NotAllowed` for anybody but the owner or the platform itself.
    """
    if actor.kind != "system" and actor.id != account_id:
        raise NotAllowed
    with transaction.atomic():
        if not Account.objects.select_for_update(of=("self",)).filter(pk=account_id).exists():
            raise NotFound
        _, first = DestroyedKey.objects.get_or_create(account_id=account_id)
        if first:
            record(chain=account_id, event=Event.KEY_DESTROYED, actor=actor, payload={})
        app.configure_task(DESTROY, queue="default", lock=f"vault:{account_id}").defer(
            account=str(account_id)
        )


def destroy_again() -> int:
    """Destroy every key whose destruction was ever ordered and that is there (again); how many were."""
    ordered = DestroyedKey.objects.values_list("account_id", flat=True).iterator()
    there = [account for account in ordered if not vault.is_destroyed(account)]
    for account in there:
        vault.destroy(account)
    return len(there)
