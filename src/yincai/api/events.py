"""Events for those who fetch them, and the endpoints of those who have them pushed."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params import functions as ninja

from yincai.api import event_shapes as shapes
from yincai.api.keys import Needs, key_of
from yincai.api.repeating import RepeatKey, answer_once
from yincai.api.shapes import JSONObject
from yincai.partners import actions, queries
from yincai.partners.vocabulary import (
    DeliveryState,
    DeliveryView,
    EndpointView,
    EventView,
    NewEndpoint,
    Scope,
)

BIGGEST = 2**63 - 1
Cursor = Annotated[int, ninja.Query(ge=0, le=BIGGEST, description="最后读到的游标；从头读时为 0")]
Before = Annotated[int, ninja.Query(ge=0, le=BIGGEST, description="上一页回答里的 before；第一页为 0")]
State = Annotated[
    Literal["", "waiting", "delivered", "parked", "dropped"],
    ninja.Query(description="只看这种状态的；空为全部"),
]
router = Router(tags=["事件"], auth=Needs(Scope.EVENTS))
webhooks = Router(tags=["事件推送"], auth=Needs(Scope.WEBHOOKS))


@router.get("/events", response=shapes.Events, operation_id="list_events", summary="读取事件")
def listing(request: HttpRequest, after: Cursor = 0) -> shapes.Events:
    """按发生的先后，一页 50 条，保留 90 天。没有个人信息。"""
    found, more = queries.events_after(key_of(request).partner, after)
    return shapes.Events(
        events=[_event(one) for one in found], after=found[-1].cursor if found else after, has_more=more
    )


@webhooks.get("/webhooks", response=shapes.Endpoints, operation_id="list_webhooks", summary="全部推送地址")
def endpoints(request: HttpRequest) -> shapes.Endpoints:
    """不含签名密钥。"""
    found = queries.endpoints_of(key_of(request).partner.id)
    return shapes.Endpoints(endpoints=[shapes.EndpointShape(**_endpoint(one)) for one in found])


@webhooks.post(
    "/webhooks", response=shapes.NewEndpointShape, operation_id="create_webhook", summary="添加推送地址"
)
def create(
    request: HttpRequest, response: HttpResponse, asked: shapes.EndpointAsked, repeat: RepeatKey
) -> shapes.NewEndpointShape:
    """须是互联网上可以访问的 https 地址。回答里的签名密钥只给出这一次。"""
    partner = key_of(request).partner

    def act() -> shapes.NewEndpointShape:
        return _new(
            actions.create_endpoint(partner, actor=partner.actor, address=asked.address, kinds=asked.kinds)
        )

    return answer_once(request, response, repeat, shapes.NewEndpointShape, act)


@webhooks.patch(
    "/webhooks/{endpoint}",
    response=shapes.EndpointShape,
    operation_id="switch_webhook",
    summary="停用或恢复推送地址",
)
def switch(request: HttpRequest, endpoint: UUID, asked: shapes.SwitchAsked) -> shapes.EndpointShape:
    """停用后不再推送，正在等待的随之取消；恢复后推送新发生的事件。"""
    partner = key_of(request).partner
    change = actions.enable_endpoint if asked.is_on else actions.disable_endpoint
    return shapes.EndpointShape(**_endpoint(change(endpoint, partner=partner, actor=partner.actor)))


@webhooks.post(
    "/webhooks/{endpoint}/rotate-secret",
    response=shapes.NewEndpointShape,
    operation_id="rotate_webhook_secret",
    summary="更换签名密钥",
)
def rotate(
    request: HttpRequest, response: HttpResponse, endpoint: UUID, repeat: RepeatKey
) -> shapes.NewEndpointShape:
    """24 小时内新旧密钥同时签名，之后只有新的。"""
    partner = key_of(request).partner

    def act() -> shapes.NewEndpointShape:
        return _new(actions.rotate_secret(endpoint, partner=partner, actor=partner.actor))

    return answer_once(request, response, repeat, shapes.NewEndpointShape, act)


@webhooks.post(
    "/webhooks/{endpoint}/ping",
    response=shapes.DeliveryShape,
    operation_id="ping_webhook",
    summary="推送一条测试事件",
)
def ping(
    request: HttpRequest, response: HttpResponse, endpoint: UUID, repeat: RepeatKey
) -> shapes.DeliveryShape:
    """类型是 webhook.ping，只推送到这个地址。"""
    partner = key_of(request).partner

    def act() -> shapes.DeliveryShape:
        return _delivery(actions.try_endpoint(endpoint, partner=partner, actor=partner.actor))

    return answer_once(request, response, repeat, shapes.DeliveryShape, act)


@webhooks.get(
    "/webhooks/{endpoint}/deliveries",
    response=shapes.Deliveries,
    operation_id="list_webhook_deliveries",
    summary="推送记录",
)
def deliveries(
    request: HttpRequest, endpoint: UUID, state: State = "", before: Before = 0
) -> shapes.Deliveries:
    """最近的事件在前，一页 50 条。"""
    wanted = queries.endpoint(endpoint, partner=key_of(request).partner)
    found, following = queries.deliveries_of(
        wanted.id, state=DeliveryState(state) if state else None, before=before
    )
    return shapes.Deliveries(deliveries=[_delivery(one) for one in found], before=following)


@webhooks.post(
    "/deliveries/{delivery}/redeliver",
    response=shapes.DeliveryShape,
    operation_id="redeliver",
    summary="重新推送",
)
def redeliver(
    request: HttpRequest, response: HttpResponse, delivery: UUID, repeat: RepeatKey
) -> shapes.DeliveryShape:
    """已搁置、已送达或已取消的再推送一次；正在等待的回答 409。"""
    partner = key_of(request).partner

    def act() -> shapes.DeliveryShape:
        return _delivery(actions.redeliver(delivery, partner=partner, actor=partner.actor))

    return answer_once(request, response, repeat, shapes.DeliveryShape, act)


def _event(one: EventView) -> shapes.EventShape:
    data = {name: None if value is None else str(value) for name, value in one.data.items()}
    return shapes.EventShape(id=one.id, type=one.kind.value, timestamp=one.at, cursor=one.cursor, data=data)


def _endpoint(one: EndpointView) -> JSONObject:
    return {
        "id": one.id,
        "address": one.address,
        "kinds": [kind.value for kind in one.kinds],
        "is_on": one.is_on,
        "created_at": one.created_at,
        "previous_secret_until": one.previous_until,
        "failures": one.failures,
        "rests_until": one.rests_until,
    }


def _new(made: NewEndpoint) -> shapes.NewEndpointShape:
    return shapes.NewEndpointShape(**_endpoint(made.endpoint), secret=made.secret)


def _delivery(one: DeliveryView) -> shapes.DeliveryShape:
    return shapes.DeliveryShape(
        id=one.id,
        event=_event(one.event),
        state=one.state.value,
        attempts=one.attempts,
        status=one.status,
        reason=one.reason,
        next_at=one.next_at,
        settled_at=one.settled_at,
    )
