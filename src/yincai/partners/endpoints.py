"""Where partners take events: added, given another secret, switched off and on, tried."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count

from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, Problem, SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.partners.addresses import target_of
from yincai.partners.events import enqueue, ping
from yincai.partners.models import Delivery, Endpoint, Partner
from yincai.partners.permissions import require_administrator
from yincai.partners.signing import new_secret
from yincai.partners.views import delivery_view, endpoint_view
from yincai.partners.vocabulary import (
    MOST_ENDPOINTS,
    OLD_SECRET_GOOD_FOR,
    PAGE,
    SUBSCRIBABLE,
    AddressRefused,
    DeliveryState,
    DeliveryView,
    EndpointView,
    LedgerEvent,
    NewEndpoint,
    PartnerView,
)


def create_endpoint(
    partner: PartnerView, *, actor: Actor, address: str, kinds: Collection[str], form: UUID | None = None
) -> NewEndpoint:
    """Send events of these kinds there from now on; the secret is in the answer alone.

    `form` is the key of the form; sent twice, it is `SomeoneWasFirst`.  Raises `Invalid` (`AddressRefused`).
    """
    _authorise(actor, partner)
    problems = []
    try:
        target_of(address)
    except AddressRefused as error:
        problems += error.problems
    if not kinds or not set(kinds) <= {one.value for one in SUBSCRIBABLE}:
        problems.append(Problem("kinds", "请至少选择一种事件。"))
    if problems:
        raise Invalid(problems=problems)
    secret = new_secret()
    with transaction.atomic():
        Partner.objects.select_for_update().get(pk=partner.id)
        if form and Endpoint.objects.filter(pk=form).exists():
            raise SomeoneWasFirst(
                "这个表单已经添加过一个推送地址，没有再加。签名密钥只显示一次；没有记下的，请更换密钥。"
            )
        if Endpoint.objects.filter(partner_id=partner.id).count() >= MOST_ENDPOINTS:
            raise Invalid(f"这个系统已有 {MOST_ENDPOINTS} 个推送地址，没有再加。请改用已有的。")
        row = Endpoint.objects.create(
            id=form or uuid4(),
            partner_id=partner.id,
            address=address,
            kinds=sorted(kinds),
            secret=secret,
            created_at=clock.now(),
        )
        _record(row, LedgerEvent.ENDPOINT_MADE, actor)
    return NewEndpoint(endpoint_view(row), secret)


def rotate_secret(endpoint_id: UUID, *, partner: PartnerView, actor: Actor) -> NewEndpoint:
    """Give the endpoint another secret; for a day the old one signs too."""
    _authorise(actor, partner)
    with transaction.atomic():
        row = _locked(endpoint_id, partner)
        row.previous_secret, row.secret = row.secret, new_secret()
        row.previous_until = clock.now() + OLD_SECRET_GOOD_FOR
        row.save(update_fields=["previous_secret", "secret", "previous_until"])
        _record(row, LedgerEvent.SECRET_ROTATED, actor)
    return NewEndpoint(endpoint_view(row), row.secret)


def disable_endpoint(endpoint_id: UUID, *, partner: PartnerView, actor: Actor) -> EndpointView:
    """Send nothing there any more; what waits is dropped.  Twice is once."""
    _authorise(actor, partner)
    with transaction.atomic():
        row = _locked(endpoint_id, partner)
        if row.is_on:
            row.is_on = False
            row.save(update_fields=["is_on"])
            waiting = row.deliveries.filter(state=DeliveryState.WAITING.value)
            waiting.update(state=DeliveryState.DROPPED.value, settled_at=clock.now(), next_at=None)
            _record(row, LedgerEvent.ENDPOINT_OFF, actor)
    return endpoint_view(row)


def enable_endpoint(endpoint_id: UUID, *, partner: PartnerView, actor: Actor) -> EndpointView:
    """Send what happens from now on.  Twice is once."""
    _authorise(actor, partner)
    with transaction.atomic():
        row = _locked(endpoint_id, partner)
        if not row.is_on:
            row.is_on, row.failures, row.rests_until = True, 0, None
            row.save(update_fields=["is_on", "failures", "rests_until"])
            _record(row, LedgerEvent.ENDPOINT_ON, actor)
    return endpoint_view(row)


def try_endpoint(endpoint_id: UUID, *, partner: PartnerView, actor: Actor) -> DeliveryView:
    """Send a test event there."""
    _authorise(actor, partner)
    with transaction.atomic():
        row = _locked(endpoint_id, partner)
        _require_on(row)
        event = ping(row, row.partner)
        return delivery_view(
            Delivery.objects.select_related("endpoint", "event").get(endpoint=row, event=event)
        )


def redeliver(delivery_id: UUID, *, partner: PartnerView, actor: Actor) -> DeliveryView:
    """Send once more what was parked, delivered or dropped; `SomeoneWasFirst` for what waits anyway."""
    _authorise(actor, partner)
    with transaction.atomic():
        row = (
            Delivery.objects.select_related("endpoint", "event")
            .select_for_update(of=("self",))
            .filter(pk=delivery_id, endpoint__partner_id=partner.id)
            .first()
        )
        if row is None:
            raise NotFound
        _require_on(row.endpoint)
        if row.state == DeliveryState.WAITING.value:
            raise SomeoneWasFirst("这条事件正在等待推送，没有重复安排。请稍后刷新查看结果。")
        Endpoint.objects.filter(pk=row.endpoint_id).update(failures=0, rests_until=None)
        row.state, row.attempts, row.reason, row.status = DeliveryState.WAITING.value, 0, "", None
        row.settled_at = row.next_at = None
        row.save(update_fields=["state", "attempts", "reason", "status", "settled_at", "next_at"])
        enqueue([row.id])
        _record(row.endpoint, LedgerEvent.REDELIVERED, actor, sent=str(row.event.id))
    return delivery_view(row)


def endpoints_of(partner_id: UUID) -> list[EndpointView]:
    """The endpoints of a partner, oldest first."""
    rows = Endpoint.objects.filter(partner_id=partner_id).order_by("created_at", "pk")
    return [endpoint_view(row) for row in rows]


def endpoint(endpoint_id: UUID, *, partner: PartnerView) -> EndpointView:
    """One endpoint of a partner; `NotFound` otherwise."""
    row = Endpoint.objects.filter(pk=endpoint_id, partner_id=partner.id).first()
    if row is None:
        raise NotFound
    return endpoint_view(row)


def deliveries_of(
    endpoint_id: UUID, *, state: DeliveryState | None = None, before: int = 0, size: int = PAGE
) -> tuple[list[DeliveryView], int]:
    """The deliveries to an endpoint, newest event first, and the cursor `before` which the next page lies.

    A cursor of 0 is the beginning, and given back at the end.
    """
    rows = Delivery.objects.select_related("endpoint", "event").filter(endpoint_id=endpoint_id)
    if state is not None:
        rows = rows.filter(state=state.value)
    if before:
        rows = rows.filter(event_id__lt=before)
    found = list(rows.order_by("-event_id")[: size + 1])
    return [delivery_view(row) for row in found[:size]], found[size - 1].event_id if len(found) > size else 0


def parked_at(endpoint_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many deliveries are parked, by endpoint; those with none are left out."""
    parked = Delivery.objects.filter(endpoint_id__in=endpoint_ids, state=DeliveryState.PARKED.value)
    counted = parked.order_by().values_list("endpoint_id").annotate(number=Count("pk"))
    return dict(counted)


def _authorise(actor: Actor, partner: PartnerView) -> None:
    """The partner itself, whose key the door has recognised, or an administrator of its place."""
    if actor != partner.actor:
        require_administrator(actor, place=partner.place)


def _locked(endpoint_id: UUID, partner: PartnerView) -> Endpoint:
    rows = Endpoint.objects.select_related("partner").select_for_update(of=("self",))
    row = rows.filter(pk=endpoint_id, partner_id=partner.id).first()
    if row is None:
        raise NotFound
    return row


def _require_on(row: Endpoint) -> None:
    if not row.is_on:
        raise Invalid("这个推送地址已停用，没有推送。请先恢复它。")


def _record(row: Endpoint, event: LedgerEvent, actor: Actor, **more: str) -> None:
    payload = {"endpoint": str(row.id), "host": target_of(row.address).name, **more}
    record(chain=row.partner_id, event=event, actor=actor, payload=payload)
