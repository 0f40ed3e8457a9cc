"""系统对接: the systems of other organisations, their keys (shown once), made and revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yincai.desk.admin.pages import actor_of, beginning, draw, place_of, problems_of
from yincai.desk.pages import submission_key
from yincai.foundation.days import day_in
from yincai.foundation.errors import Invalid, Problem
from yincai.ledger import queries as ledger
from yincai.look.posted import whole_number
from yincai.partners import actions, queries
from yincai.partners.vocabulary import PER_MINUTE, SUBSCRIBABLE, LedgerEvent, NewKey, Scope
from yincai.people import queries as people
from yincai.people.permissions import administrator_page
from yincai.programmes.vocabulary import Place

TOLD = {
    LedgerEvent.REGISTERED: "登记系统",
    LedgerEvent.KEY_MADE: "发放密钥",
    LedgerEvent.KEY_REVOKED: "撤销密钥",
    LedgerEvent.ENDPOINT_MADE: "添加推送地址",
    LedgerEvent.SECRET_ROTATED: "更换推送密钥",
    LedgerEvent.ENDPOINT_OFF: "停用推送地址",
    LedgerEvent.ENDPOINT_ON: "恢复推送地址",
    LedgerEvent.REDELIVERED: "重新推送",
}
CHANGES_SHOWN = 20


@administrator_page
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Every system that is registered, and one more."""
    place = place_of(request)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = actions.register_partner(
                actor=actor_of(request),
                place=place.name,
                name=request.POST.get("name", ""),
                office=request.POST.get("office", ""),
                form=submission_key(request),
            )
        except Invalid as error:
            problems = problems_of(error)
        else:
            messages.success(request, f"已登记「{made.name}」。接下来给它发一把密钥。")
            return to_one(made.id, place)
    found, after = queries.partners_of(place.name, after=request.GET.get("after", ""))
    return draw(
        request,
        "partners.html",
        entry="partners",
        place=place,
        status=422 if problems else 200,
        partners=found,
        after=after,
        offices={one.name: one.title for one in place.offices},
        problems=problems,
        typed=request.POST,
        form=uuid4(),
    )


@administrator_page
@require_safe
def one(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """One system: its keys, where it is told of events, what was changed."""
    return draw_one(request, partner_id)


def draw_one(
    request: HttpRequest,
    partner_id: UUID,
    *,
    problems: dict[str, str] | None = None,
    status: int = 200,
    **shown_once: Any,
) -> HttpResponse:
    """The page of one system; `shown_once` are the secrets that this answer alone shows."""
    place = place_of(request)
    partner = queries.partner(partner_id, place=place.name)
    endpoints = queries.endpoints_of(partner_id)
    changes = [one for one in reversed(ledger.changes(partner_id)) if one.event in TOLD][:CHANGES_SHOWN]
    return draw(
        request,
        "partner.html",
        entry="partners",
        place=place,
        status=status,
        partner=partner,
        office=next((one.title for one in place.offices if one.name == partner.office), ""),
        keys=queries.keys_of(partner_id),
        scopes=list(Scope),
        endpoints=endpoints,
        parked=queries.parked_at([one.id for one in endpoints]),
        kinds=SUBSCRIBABLE,
        usual=PER_MINUTE,
        changes=changes,
        told=TOLD,
        names=people.display_names({one.actor.id for one in changes if one.actor.id}),
        problems=problems or {},
        typed=request.POST,
        chosen=request.POST.getlist("scopes") + request.POST.getlist("kinds"),
        form=uuid4(),
        **shown_once,
    )


@administrator_page
@require_POST
def make(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """发放密钥: the answer shows it, and nothing shows it again."""
    place = place_of(request)
    try:
        made = _make(request, partner_id, place)
    except Invalid as error:
        return draw_one(request, partner_id, problems=problems_of(error), status=422)
    return draw_one(request, partner_id, new_key=made)


def _make(request: HttpRequest, partner_id: UUID, place: Place) -> NewKey:
    problems = []
    last = None
    try:
        last = day_in(
            request.POST.get("until", ""), path="until", label="到期日", advice="没有期限的请留空。"
        )
    except Invalid as error:
        problems += error.problems
    per_minute = whole_number(request.POST.get("per_minute", ""))
    if per_minute is None:
        problems.append(Problem("per_minute", "每分钟次数请填整数，例如 120。"))
    if problems:
        raise Invalid(problems=problems)
    return actions.make_key(
        partner_id,
        actor=actor_of(request),
        place=place.name,
        scopes=request.POST.getlist("scopes"),
        note=request.POST.get("note", ""),
        networks=request.POST.get("networks", "").split(),
        per_minute=per_minute or 0,
        expires_at=beginning(last + timedelta(days=1)) if last else None,
        form=submission_key(request),
    )


@administrator_page
@require_POST
def revoke(request: HttpRequest, partner_id: UUID, key_id: UUID) -> HttpResponse:
    """撤销: from this moment the key opens nothing."""
    place = place_of(request)
    ended = actions.revoke_key(key_id, actor=actor_of(request), place=place.name)
    messages.success(request, f"密钥 {ended.prefix} 已撤销，从现在起不能再用。")
    return to_one(partner_id, place)


def to_one(partner_id: UUID, place: Place) -> HttpResponse:
    """The page of one system."""
    return redirect(f"{reverse('desk:admin-partner', args=[partner_id])}?place={place.name}")
