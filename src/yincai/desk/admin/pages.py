"""What every page of administration shares: the place, the menu, one way to draw."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

MENU = (
    ("staff", "工作人员", "desk:admin-staff"),
    ("reasons", "补正原因", "desk:admin-reasons"),
    ("calendar", "工作日历", "desk:admin-calendar"),
    ("statistics", "统计", "desk:admin-statistics"),
    ("exports", "导出表格", "desk:admin-exports"),
    ("partners", "系统对接", "desk:admin-partners"),
)


def actor_of(request: HttpRequest) -> Actor:
    """The administrator who asks (`administrator_page` settled it)."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]  # set by the decorator


def place_of(request: HttpRequest) -> Place:
    """The place that is being administered: the one asked for, or the only one; `NotFound` for others."""
    administered: list[str] = request.administered  # type: ignore[attr-defined]  # set by the decorator
    wanted = request.POST.get("place") or request.GET.get("place") or administered[0]
    if wanted not in administered:
        raise NotFound
    return programmes.place(wanted)


def draw(
    request: HttpRequest, template: str, *, entry: str, place: Place, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of administration, never kept by a cache."""
    names: list[str] = request.administered  # type: ignore[attr-defined]  # set by the decorator
    shared = {
        "admin_menu": MENU,
        "entry": entry,
        "place": place,
        "places": [programmes.place(name) for name in names],
        "now": clock.now(),
    }
    answer = render(request, f"desk/admin/{template}", {**shared, **context}, status=status)
    add_never_cache_headers(answer)
    return answer


def beginning(day: date | None) -> datetime | None:
    """The midnight with which a day begins."""
    return None if day is None else clock.start_of(day)


def problems_of(error: Invalid) -> dict[str, str]:
    """Path → sentence; what has no place of its own stands under the empty path."""
    return {one.path: one.message for one in error.problems} or {"": error.sentence}
