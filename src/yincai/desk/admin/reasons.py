"""补正原因: what officers choose from when they hand a case back; added, worded anew, retired."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import (
    REASON_ADDED,
    REASON_CHANGED,
    REASON_RESTORED,
    REASON_RETIRED,
    ReasonView,
)
from yincai.desk.admin.pages import actor_of, draw, place_of, problems_of
from yincai.engine.reasons import Pin
from yincai.foundation import clock
from yincai.foundation.days import day_in, day_in_words
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.ledger import queries as ledger
from yincai.look.posted import whole_number
from yincai.people import queries as people
from yincai.people.permissions import administrator_page
from yincai.programmes.vocabulary import Place

ABOUT = {Pin.FIELD: "一项内容", Pin.ROW: "表格的一行", Pin.TABLE: "整张表格", Pin.DOCUMENT: "材料"}
TOLD = {REASON_ADDED: "添加", REASON_CHANGED: "修改", REASON_RETIRED: "停用", REASON_RESTORED: "恢复使用"}
CHANGES_SHOWN = 20


@administrator_page
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Every reason of the place, and one more."""
    place = place_of(request)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            actions.add_reason(place.name, actor=actor_of(request), **_posted(request, optional=True))
        except Invalid as error:
            problems = problems_of(error)
        else:
            messages.success(request, "已添加，工作人员现在就可以选用。")
            return _to_list(place)
    changes = list(reversed(ledger.history(actions.reasons_chain(place.name))))[:CHANGES_SHOWN]
    return draw(
        request,
        "reasons.html",
        entry="reasons",
        place=place,
        status=422 if problems else 200,
        reasons=cases.all_reasons(place.name),
        about=ABOUT,
        changes=[one for one in changes if one.event in TOLD],
        told=TOLD,
        names=people.display_names({one.actor.id for one in changes if one.actor.id}),
        problems=problems,
        typed=request.POST,
        chosen=request.POST.getlist("about"),
    )


@administrator_page
@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: HttpRequest, code: str) -> HttpResponse:
    """One reason: its words, where it can be chosen, its order."""
    place = place_of(request)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            seen = _seen(request)
            posted = _posted(request, optional=False)
            actions.change_reason(place.name, code, actor=actor_of(request), seen_changes=seen, **posted)
        except Invalid as error:
            problems = problems_of(error)
        else:
            messages.success(request, "已保存。以后发出的补正用新的说法，已经发出的不变。")
            return _to_list(place)
    return _draw_one(request, place, _one(place, code), problems)


@administrator_page
@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """停用 from a day on, or 恢复使用."""
    place = place_of(request)
    is_back = request.POST.get("answer") == "restore"
    try:
        on = None if is_back else day_in(request.POST.get("on", ""), path="on", label="停用日期")
        if on is None and not is_back:
            raise Invalid(problems=[Problem("on", "请填写停用日期，从这一天起不能再选。")])
        actions.retire_reason(place.name, code, actor=actor_of(request), seen_changes=_seen(request), on=on)
    except Invalid as error:
        return _draw_one(request, place, _one(place, code), problems_of(error))
    told = f"从 {day_in_words(on)} 起不能再选这条原因。" if on else "这条原因又可以选用了。"
    messages.success(request, told)
    return _to_list(place)


def _draw_one(
    request: HttpRequest, place: Place, found: ReasonView, problems: dict[str, str]
) -> HttpResponse:
    is_typed = request.method == "POST" and "label" in request.POST
    return draw(
        request,
        "reason.html",
        entry="reasons",
        place=place,
        status=422 if problems else 200,
        one=found,
        about=ABOUT,
        problems=problems,
        typed=request.POST if is_typed else {},
        day=request.POST.get("on", ""),
        chosen=request.POST.getlist("about") if is_typed else [pin.value for pin in found.reason.about],
        note_required=request.POST.get("note_required") == "on" if is_typed else found.reason.note_required,
        today=clock.today(),
    )


def _posted(request: HttpRequest, *, optional: bool) -> dict[str, Any]:
    typed = request.POST.get("position", "").strip()
    position = whole_number(typed)
    if position is None and (typed or not optional):
        raise Invalid(problems=[Problem("position", "顺序请填 1 到 999 的整数。")])
    return {
        "label": request.POST.get("label", ""),
        "about": request.POST.getlist("about"),
        "note_required": request.POST.get("note_required") == "on",
        "position": position,
    }


def _seen(request: HttpRequest) -> int:
    seen = whole_number(request.POST.get("seen", ""))
    if seen is None:
        raise Invalid("这个页面已经过期，没有保存。请刷新后再试。")
    return seen


def _one(place: Place, code: str) -> ReasonView:
    for one in cases.all_reasons(place.name):
        if one.reason.code == code:
            return one
    raise NotFound("没有这条补正原因。请从列表重新选择。")


def _to_list(place: Place) -> HttpResponse:
    return redirect(f"{reverse('desk:admin-reasons')}?place={place.name}")
