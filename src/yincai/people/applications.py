"""Which business systems (应用) an account has added.  Doors: `actions` and `queries`."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.foundation.once import once
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import Account, ApplicationGrant
from yincai.people.vocabulary import Event


def add_application(account_id: UUID, *, actor: Actor, place: str, application: str) -> bool:
    """添加应用: let the account enter a business system; whether it could not before."""
    with transaction.atomic():
        if not Account.objects.select_for_update().filter(pk=account_id).exists():
            raise NotFound
        _, is_new = ApplicationGrant.objects.get_or_create(
            account_id=account_id, place=place, application=application, until=None
        )
        if is_new:
            payload = {"place": place, "application": application}
            record(chain=account_id, event=Event.APPLICATION_ADDED, actor=actor, payload=payload)
    return is_new


def remove_application(account_id: UUID, *, actor: Actor, place: str, application: str) -> bool:
    """Take a business system off the account; whether it was there.  What was applied for in it stays."""
    with transaction.atomic():
        held = ApplicationGrant.objects.filter(
            account_id=account_id, place=place, application=application, until=None
        )
        if not held.update(until=clock.now()):
            return False
        payload = {"place": place, "application": application}
        record(chain=account_id, event=Event.APPLICATION_REMOVED, actor=actor, payload=payload)
    return True


def applications_of(account_id: UUID) -> frozenset[tuple[str, str]]:
    """The business systems that the account has added, as (place, name)."""
    return once(("applications", account_id), lambda: _held(account_id))


def holds_application(account_id: UUID, *, place: str, application: str) -> bool:
    """Whether the account has added this business system."""
    return (place, application) in applications_of(account_id)


def _held(account_id: UUID) -> frozenset[tuple[str, str]]:
    rows = ApplicationGrant.objects.filter(account_id=account_id, until=None)
    return frozenset(rows.values_list("place", "application"))
