"""One attempt at one delivery: sent, tried again later, or parked for a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yincai.foundation import clock
from yincai.foundation.canonical import canonical_json
from yincai.partners.calling import Outcome, post
from yincai.partners.models import Delivery, Endpoint, Event
from yincai.partners.signing import headers_of
from yincai.partners.vocabulary import PAUSES, DeliveryState

GIVE_UP_AFTER = timedelta(days=3)
"""How old an event may become before it is parked although attempts are left."""
FIRST_REST, LONGEST_REST = 5, 600
"""Seconds for which nothing is sent to an endpoint that failed, doubled with every further failure."""
GONE = 410


class Again(Exception):  # noqa: N818 - it asks for something, it is not a mistake
    """The delivery is to be tried again in so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


def attempt(delivery_id: UUID) -> None:
    """Try once; raises `Again` when another attempt is due later.

    An endpoint that failed rests: its other deliveries wait without being tried, so that a dead receiver
    costs one call now and then, and holds nobody up.  The call is made outside any transaction.
    """
    row = Delivery.objects.select_related("endpoint", "event").filter(pk=delivery_id).first()
    if row is None or row.state != DeliveryState.WAITING.value:
        return
    now = clock.now()
    if row.event.at < now - GIVE_UP_AFTER:
        _settle(row, DeliveryState.PARKED, row.status, row.reason or "三天内没有送达")
        return
    rests = row.endpoint.rests_until
    if rests is not None and rests > now:
        raise Again(int((rests - now).total_seconds()) + 1)
    outcome = post(row.endpoint.address, body_of(row.event), headers=_headers(row, now))
    if outcome.is_good:
        _delivered(row, outcome)
    else:
        _failed(row, outcome)


def body_of(event: Event) -> bytes:
    """What is sent, the same bytes at every attempt."""
    return canonical_json(
        {
            "id": str(event.id),
            "type": event.kind,
            "timestamp": event.at.isoformat(),
            "cursor": event.cursor,
            "data": event.data,
        }
    )


def _headers(row: Delivery, now: datetime) -> dict[str, str]:
    """Both secrets sign while the endpoint is given another one."""
    end, before = row.endpoint.previous_until, row.endpoint.previous_secret
    keys = [row.endpoint.secret, *([before] if before and end and end > now else [])]
    signed = headers_of(f"evt_{row.event.id}", body_of(row.event), at=now, keys=keys)
    return {"Content-Type": "application/json", **signed}


def _delivered(row: Delivery, outcome: Outcome) -> None:
    with transaction.atomic():
        _settle(row, DeliveryState.DELIVERED, outcome.status, "")
        Endpoint.objects.filter(pk=row.endpoint_id).exclude(failures=0).update(failures=0, rests_until=None)


def _failed(row: Delivery, outcome: Outcome) -> None:
    """Note why, let the endpoint rest, and ask for another attempt or park."""
    now = clock.now()
    made = row.attempts + 1
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update().get(pk=row.endpoint_id)
        rest = max(min(FIRST_REST << min(endpoint.failures, 10), LONGEST_REST), outcome.wait)
        endpoint.failures += 1
        endpoint.rests_until = now + timedelta(seconds=rest)
        endpoint.is_on = endpoint.is_on and outcome.status != GONE
        endpoint.save(update_fields=["failures", "rests_until", "is_on"])
        if made > len(PAUSES) or not endpoint.is_on:
            _settle(row, DeliveryState.PARKED, outcome.status, outcome.reason)
            return
        pause = max(PAUSES[made - 1], outcome.wait)
        Delivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING.value).update(
            attempts=made,
            status=outcome.status,
            reason=outcome.reason,
            next_at=now + timedelta(seconds=pause),
        )
    raise Again(pause)


def _settle(row: Delivery, state: DeliveryState, status: int | None, reason: str) -> None:
    waiting = Delivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING.value)
    waiting.update(
        state=state.value,
        attempts=row.attempts + 1,
        status=status,
        reason=reason,
        next_at=None,
        settled_at=clock.now(),
    )
