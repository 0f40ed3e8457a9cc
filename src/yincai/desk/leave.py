"""休假代办: who is away and who stands in, for oneself and, for those who hand out work, for colleagues."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.desk.pages import page, place_of, staff_of
from yincai.foundation import clock
from yincai.foundation.days import day_in
from yincai.foundation.errors import Invalid, Problem
from yincai.people import queries as people
from yincai.people.permissions import staff_page

FIELDS = ("account", "substitute", "first_day", "last_day")


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """The leaves of the place that are not over, and a form for another."""
    if request.method != "POST":
        return _draw(request, place_of(request, request.GET.get("place")).name)
    place = place_of(request, request.POST.get("place")).name
    try:
        actions.arrange_leave(
            _person(request, "account", "请选择休假的同事。"),
            actor=staff_of(request),
            place=place,
            substitute=_person(request, "substitute", "请选择代办的同事。"),
            first_day=_day(request, "first_day"),
            last_day=_day(request, "last_day"),
        )
    except Invalid as error:
        problems = {one.path: one.message for one in error.problems} or {"account": error.sentence}
        return _draw(request, place, problems=problems)
    messages.success(request, "休假代办已登记。代办人在这段时间可以看到并领取分派给休假人的申请。")
    return redirect(f"{reverse('desk:leave')}?place={place}")


@staff_page()
@require_POST
def end(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Call a leave off, or end it early."""
    place = place_of(request, request.POST.get("place")).name
    actions.end_leave(leave_id, actor=staff_of(request), place=place)
    messages.success(request, "休假代办已撤销。")
    return redirect(f"{reverse('desk:leave')}?place={place}")


def _draw(request: HttpRequest, place: str, *, problems: dict[str, str] | None = None) -> HttpResponse:
    actor = staff_of(request)
    everybody = people.colleagues(place)
    led = cases.roles_led(actor, place)
    mine = next((one.roles for one in everybody if one.account_id == actor.id), frozenset())
    own = [one for one in everybody if one.account_id == actor.id]
    others = [one for one in everybody if one.roles & led and one.account_id != actor.id]
    for_whom = own + others
    allowed = {one.account_id for one in for_whom}
    return page(
        request,
        "leave.html",
        status=422 if problems else 200,
        place=place_of(request, place),
        leaves=people.leaves(place),
        allowed=allowed,
        for_whom=for_whom,
        stand_ins=[one for one in everybody if one.roles & (mine | led)],
        problems=problems or {},
        summary=[(f"#{name}", sentence) for name, sentence in (problems or {}).items()],
        typed={name: request.POST.get(name, "") for name in FIELDS},
        me=actor.id,
        today=clock.today(),
    )


def _person(request: HttpRequest, name: str, sentence: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Invalid(problems=[Problem(name, sentence)]) from error


def _day(request: HttpRequest, name: str) -> date:
    day = day_in(request.POST.get(name, ""), path=name, label="日期")
    if day is None:
        raise Invalid(problems=[Problem(name, "请选择日期。")])
    return day
