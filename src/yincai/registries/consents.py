"""Consent per registry and purpose: asked for, kept with its wording, withdrawn at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from yincai.foundation import clock
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.registries.models import Consent
from yincai.registries.vocabulary import WORDING, Event, Registry, Why


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent; `withdrawn_at` None: in force."""

    registry: Registry
    why: Why
    wording: int
    given_at: datetime
    withdrawn_at: datetime | None


def give_consent(account_id: UUID, *, actor: Actor, registry: Registry, why: Why) -> None:
    """Keep that the owner allows `registry` to be asked for `why`, in the present words.

    The same consent again changes nothing; to a new wording it is given anew.  Recorded; `consent.given`
    has the question asked (`ops.wiring`).
    """
    wording = WORDING[registry, why]
    with transaction.atomic():
        standing = _in_force(account_id, registry, why).select_for_update().first()
        if standing is not None and standing.wording == wording:
            return
        if standing is not None:
            standing.withdrawn_at = clock.now()
            standing.save(update_fields=["withdrawn_at"])
        made = Consent.objects.bulk_create(
            [Consent(account_id=account_id, registry=registry, purpose=why, wording=wording)],
            ignore_conflicts=True,
        )
        if not _in_force(account_id, registry, why).filter(pk=made[0].pk).exists():
            return  # another request was faster with the same
        _record(account_id, Event.CONSENT_GIVEN, actor, registry, why)


def withdraw_consent(account_id: UUID, *, actor: Actor, registry: Registry, why: Why) -> bool:
    """From now on `registry` is not asked for `why` any more; False where there was no consent."""
    with transaction.atomic():
        ended = _in_force(account_id, registry, why).update(withdrawn_at=clock.now())
        if ended:
            _record(account_id, Event.CONSENT_WITHDRAWN, actor, registry, why)
    return bool(ended)


def has_consent(account_id: UUID, registry: Registry, why: Why) -> bool:
    """Whether the registry may be asked now."""
    return _in_force(account_id, registry, why).exists()


def consents_of(account_id: UUID) -> list[ConsentView]:
    """Every consent that was ever given, newest first."""
    rows = Consent.objects.filter(account_id=account_id).order_by("-given_at", "-id")
    return [
        ConsentView(Registry(row.registry), Why(row.purpose), row.wording, row.given_at, row.withdrawn_at)
        for row in rows
    ]


def _in_force(account_id: UUID, registry: Registry, why: Why) -> models.QuerySet[Consent]:
    return Consent.objects.filter(
        account_id=account_id, registry=registry, purpose=why, withdrawn_at__isnull=True
    )


def _record(account_id: UUID, event: Event, actor: Actor, registry: Registry, why: Why) -> None:
    payload = {"registry": registry.value, "purpose": why.value}
    record(chain=account_id, event=event, actor=actor, payload=payload)
