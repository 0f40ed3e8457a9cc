"""One officer holds a case at a time, for a lease that ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yincai.casework.models import Case
from yincai.casework.permissions import access_case, office_of, ways_open_to
from yincai.casework.views import case_view
from yincai.casework.vocabulary import CLAIMED, RELEASED, CaseView, FourEyes, Verb
from yincai.foundation import clock
from yincai.foundation.errors import SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor

LEASE = timedelta(hours=4)


def claim_case(case_id: UUID, *, actor: Actor) -> CaseView:
    """Take the case in hand for four hours; claiming one's own again renews the lease.

    `SomeoneWasFirst` when another officer holds it, `FourEyes` when nothing here is left for this one to do.
    """
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.CLAIM, lock=True)
        ways = ways_open_to(actor, case)
        if not ways:
            raise FourEyes
        now = clock.now()
        free = Q(claimed_by__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_by=actor.id)
        taken = Case.objects.filter(free, id=case.id).update(claimed_by=actor.id, claimed_until=now + LEASE)
        if taken != 1:
            raise SomeoneWasFirst("这件申请刚被另一位同事领取。请从队列另选一件。")
        if not case_view(case).is_claimed_by(actor.id, at=now):
            _record(case, CLAIMED, replace(actor, role=ways[0].by))
        case.refresh_from_db()
    return case_view(case)


def release_case(case_id: UUID, *, actor: Actor) -> CaseView:
    """Give the case back to the queue, wherever it is by now; nothing happens when the actor holds it not."""
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.READ, lock=True)
        held = Case.objects.filter(id=case.id, claimed_by=actor.id)
        if held.update(claimed_by=None, claimed_until=None):
            _record(case, RELEASED, actor)
        case.refresh_from_db()
    return case_view(case)


def _record(case: Case, event: str, actor: Actor) -> None:
    record(chain=case.id, event=event, actor=actor, payload={}, office=office_of(actor, case.place))
