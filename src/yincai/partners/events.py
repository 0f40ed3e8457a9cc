"""What happened, in the order in which partners can see it, without personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from yincai.foundation import clock
from yincai.foundation.statements import hold
from yincai.ledger.vocabulary import JSON
from yincai.partners.models import Delivery, Endpoint, Event, Partner
from yincai.partners.views import event_view
from yincai.partners.vocabulary import EVENTS_KEPT_FOR, PAGE, EventView, Kind, PartnerView

DELIVER = "partners.deliver"
QUEUE = "webhooks"


def note_event(
    kind: Kind, *, place: str, office: str, at: datetime, data: Mapping[str, JSON], entry: int | None = None
) -> None:
    """Keep an event and enqueue its deliveries, in the transaction of the caller.

    Written one after the other, so that whoever has read up to a cursor never misses a smaller one that
    commits later.  An entry of the ledger makes one event.
    """
    hold("partners.events")
    event = Event.objects.create(kind=kind, place=place, office=office, at=at, data=dict(data), entry=entry)
    told = Endpoint.objects.filter(is_on=True, kinds__contains=[kind.value], partner__place=place)
    deliver_to(event, _of_office(told, office))


def ping(endpoint: Endpoint, partner: Partner) -> Event:
    """A test event for one endpoint, seen by its partner alone."""
    hold("partners.events")
    event = Event.objects.create(
        kind=Kind.PING,
        place=partner.place,
        office="",
        at=clock.now(),
        data={"endpoint": str(endpoint.id)},
        only_for=partner,
    )
    deliver_to(event, Endpoint.objects.filter(pk=endpoint.pk))
    return event


def deliver_to(event: Event, endpoints: QuerySet[Endpoint]) -> None:
    """A delivery an endpoint, with its job."""
    made = Delivery.objects.bulk_create([Delivery(endpoint=one, event=event) for one in endpoints])
    enqueue([one.id for one in made])


def enqueue(deliveries: list[UUID]) -> None:
    """The jobs of these deliveries, in the present transaction."""
    jobs: list[JSONDict] = [{"delivery": str(one)} for one in deliveries]
    if jobs:
        app.configure_task(DELIVER, allow_unknown=False, queue=QUEUE).batch_defer(*jobs)


def events_after(partner: PartnerView, cursor: int, *, size: int = PAGE) -> tuple[list[EventView], bool]:
    """What this partner may see after this cursor, oldest first, and whether there is more."""
    seen = Event.objects.filter(place=partner.place, cursor__gt=cursor)
    seen = seen.filter(Q(only_for__isnull=True) | Q(only_for_id=partner.id))
    if partner.office:
        seen = seen.filter(office__in=["", partner.office])
    rows = list(seen.order_by("cursor")[: size + 1])
    return [event_view(row) for row in rows[:size]], len(rows) > size


def forget_old_events() -> int:
    """Delete events, with their deliveries, that nobody can fetch any more; how many."""
    return Event.objects.filter(at__lt=clock.now() - EVENTS_KEPT_FOR).delete()[0]


def _of_office(endpoints: QuerySet[Endpoint], office: str) -> QuerySet[Endpoint]:
    """Those whose partner sees the cases of this office; what is of no office everybody sees."""
    return endpoints.filter(partner__office__in=["", office]) if office else endpoints
