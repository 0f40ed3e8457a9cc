"""One officer holds a case at a time, for a lease that ends by itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yincai.casework.models import Case
from yincai.casework.permissions import access_case
from yincai.casework.views import case_view
from yincai.casework.vocabulary import CLAIMED, RELEASED, CaseView, Verb
from yincai.foundation import clock
from yincai.foundation.errors import SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor

LEASE = timedelta(hours=4)


def claim_case(case_id: UUID, *, actor: Actor) -> CaseView:
    """Take the case in hand for four hours; claiming one's own again renews the lease.

    `SomeoneWasFirst` when another officer holds it.
    """
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.CLAIM)
        now = clock.now()
        free = Q(claimed_by__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_by=actor.id)
        taken = Case.objects.filter(free, id=case.id).update(claimed_by=actor.id, claimed_until=now + LEASE)
        if taken != 1:
            raise SomeoneWasFirst("这件申请刚被另一位同事领取。请从队列另选一件。")
        if case.claimed_by_id != actor.id:
            record(chain=case.id, event=CLAIMED, actor=actor, payload={})
        case.refresh_from_db()
    return case_view(case)


def release_case(case_id: UUID, *, actor: Actor) -> CaseView:
    """Give the case back to the queue; nothing happens when the actor does not hold it."""
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.CLAIM)
        freed = Case.objects.filter(id=case.id, claimed_by=actor.id).update(
            claimed_by=None, claimed_until=None
        )
        if freed:
            record(chain=case.id, event=RELEASED, actor=actor, payload={})
        case.refresh_from_db()
    return case_view(case)
