"""事件推送: where a system takes events, what became of each, and one press to send it again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yincai.desk.admin.pages import actor_of, draw, place_of, problems_of
from yincai.desk.admin.partners import draw_one
from yincai.desk.pages import submission_key
from yincai.foundation.errors import Invalid, SomeoneWasFirst
from yincai.look.posted import whole_number
from yincai.partners import actions, queries
from yincai.partners.vocabulary import PAUSES, DeliveryState, PartnerView
from yincai.people.permissions import administrator_page


@administrator_page
@require_POST
def add(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """添加一个推送地址: the answer shows the secret, and nothing shows it again."""
    try:
        made = actions.create_endpoint(
            _partner(request, partner_id),
            actor=actor_of(request),
            address=request.POST.get("address", "").strip(),
            kinds=request.POST.getlist("kinds"),
            form=submission_key(request),
        )
    except Invalid as error:
        return draw_one(request, partner_id, problems=problems_of(error), status=422)
    return draw_one(request, partner_id, new_endpoint=made)


@administrator_page
@require_safe
def deliveries(request: HttpRequest, partner_id: UUID, endpoint_id: UUID) -> HttpResponse:
    """What was sent to one address, newest event first, all of it or what is parked."""
    place = place_of(request)
    partner = _partner(request, partner_id)
    endpoint = queries.endpoint(endpoint_id, partner=partner)
    wanted = request.GET.get("state", "")
    state = DeliveryState(wanted) if wanted in set(DeliveryState) else None
    before = whole_number(request.GET.get("before", "")) or 0
    found, following = queries.deliveries_of(endpoint_id, state=state, before=before)
    return draw(
        request,
        "webhook.html",
        entry="partners",
        place=place,
        partner=partner,
        endpoint=endpoint,
        deliveries=found,
        following=following,
        state=state,
        states=list(DeliveryState),
        attempts=len(PAUSES) + 1,
    )


@administrator_page
@require_POST
def rotate(request: HttpRequest, partner_id: UUID, endpoint_id: UUID) -> HttpResponse:
    """更换签名密钥."""
    made = actions.rotate_secret(endpoint_id, partner=_partner(request, partner_id), actor=actor_of(request))
    return draw_one(request, partner_id, new_endpoint=made)


@administrator_page
@require_POST
def switch(request: HttpRequest, partner_id: UUID, endpoint_id: UUID) -> HttpResponse:
    """停用 or 恢复."""
    partner = _partner(request, partner_id)
    if request.POST.get("on") == "yes":
        actions.enable_endpoint(endpoint_id, partner=partner, actor=actor_of(request))
        messages.success(request, "已恢复，从现在起发生的事件会推送。停用期间的事件对方可以自己读取。")
    else:
        actions.disable_endpoint(endpoint_id, partner=partner, actor=actor_of(request))
        messages.success(request, "已停用，不再向这个地址推送；正在等待的已经取消。")
    return _back(request, partner_id, endpoint_id)


@administrator_page
@require_POST
def ping(request: HttpRequest, partner_id: UUID, endpoint_id: UUID) -> HttpResponse:
    """推送一条测试事件."""
    try:
        partner = _partner(request, partner_id)
        actions.try_endpoint(endpoint_id, partner=partner, actor=actor_of(request))
        messages.success(request, "测试事件已安排推送，稍后刷新查看结果。")
    except Invalid as error:
        messages.warning(request, error.sentence)
    return _back(request, partner_id, endpoint_id)


@administrator_page
@require_POST
def redeliver(request: HttpRequest, partner_id: UUID, endpoint_id: UUID, delivery_id: UUID) -> HttpResponse:
    """重新推送: once, however often it is pressed."""
    try:
        partner = _partner(request, partner_id)
        actions.redeliver(delivery_id, partner=partner, actor=actor_of(request))
        messages.success(request, "已安排重新推送，稍后刷新查看结果。")
    except (Invalid, SomeoneWasFirst) as error:
        messages.warning(request, error.sentence)
    return _back(request, partner_id, endpoint_id)


def _partner(request: HttpRequest, partner_id: UUID) -> PartnerView:
    return queries.partner(partner_id, place=place_of(request).name)


def _back(request: HttpRequest, partner_id: UUID, endpoint_id: UUID) -> HttpResponse:
    place = place_of(request).name
    return redirect(f"{reverse('desk:admin-webhook', args=[partner_id, endpoint_id])}?place={place}")
