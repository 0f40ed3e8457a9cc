"""From rows to the values that cross the door (private to the room)."""

from __future__ import annotations

from yincai.foundation import clock
from yincai.partners.models import Delivery, Endpoint, Event, Handover, Key, Partner
from yincai.partners.vocabulary import (
    DeliveryState,
    DeliveryView,
    EndpointView,
    EventView,
    HandoverView,
    KeyView,
    Kind,
    PartnerView,
    Scope,
)

PREFIX = "yk_"


def partner_view(row: Partner) -> PartnerView:
    """A partner as other rooms see it."""
    return PartnerView(
        id=row.id, place=row.place, name=row.name, office=row.office, registered_at=row.registered_at
    )


def key_view(row: Key) -> KeyView:
    """A key as other rooms see it; a scope that is no more is left out."""
    known = {one.value for one in Scope}
    return KeyView(
        id=row.id,
        partner=partner_view(row.partner),
        prefix=f"{PREFIX}{row.label}",
        note=row.note,
        scopes=frozenset(Scope(one) for one in row.scopes if one in known),
        networks=tuple(row.networks),
        per_minute=row.per_minute,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


def endpoint_view(row: Endpoint) -> EndpointView:
    """An endpoint without its secrets."""
    rests = row.rests_until if row.rests_until and row.rests_until > clock.now() else None
    return EndpointView(
        id=row.id,
        partner=row.partner_id,
        address=row.address,
        kinds=tuple(Kind(one) for one in row.kinds),
        is_on=row.is_on,
        created_at=row.created_at,
        previous_until=row.previous_until,
        failures=row.failures,
        rests_until=rests,
    )


def event_view(row: Event) -> EventView:
    """An event as partners get it."""
    return EventView(cursor=row.cursor, id=row.id, kind=Kind(row.kind), at=row.at, data=row.data)


def delivery_view(row: Delivery) -> DeliveryView:
    """A delivery with its event and where it goes."""
    return DeliveryView(
        id=row.id,
        endpoint=row.endpoint_id,
        address=row.endpoint.address,
        event=event_view(row.event),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        status=row.status,
        reason=row.reason,
        next_at=row.next_at,
        settled_at=row.settled_at,
    )


def handover_view(row: Handover) -> HandoverView:
    """A hand-over without its values."""
    return HandoverView(
        id=row.id,
        partner=row.partner.name,
        place=row.place,
        owner=row.owner,
        programme=row.programme,
        variant=row.variant,
        district=row.district,
        fields=tuple(row.fields),
        is_personal=row.is_personal,
        expires_at=row.expires_at,
        opened_at=row.opened_at,
    )
