"""What the pages of the officers' door have in common."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from yincai.foundation.errors import Invalid, NotFound
from yincai.ledger.vocabulary import Actor
from yincai.look.posted import whole_number
from yincai.people import queries as people
from yincai.people.permissions import require_signed_in
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

EXPIRED = "这个页面已经过期，这一步没有办成。请返回上一页刷新后再试。"


def staff_of(request: HttpRequest) -> Actor:
    """The member of staff signed in; in which role they act is settled by what they do."""
    return Actor(kind="staff", id=require_signed_in(request).pk, role="")


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of this door, never kept by a cache."""
    context["places"] = places_of(request)
    answer = render(request, f"desk/{template}", context, status=status)
    add_never_cache_headers(answer)
    return answer


def places_of(request: HttpRequest) -> list[Place]:
    """The places in which the member of staff is appointed, by name; asked once a request."""
    found: list[Place] | None = getattr(request, "desk_places", None)
    if found is None:
        names = sorted({one.place for one in people.appointments(require_signed_in(request))})
        found = request.desk_places = [programmes.place(name) for name in names]  # type: ignore[attr-defined]  # ours
    return found


def place_of(request: HttpRequest, name: str | None) -> Place:
    """The place that was asked for, by default the first; `NotFound` where the member of staff is nobody."""
    places = places_of(request)
    for one in places:
        if name in (None, "", one.name):
            return one
    raise NotFound


def submission_key(request: HttpRequest) -> UUID:
    """The key with which the form was drawn; `Invalid` when it carries none."""
    try:
        return UUID(request.POST.get("_key", ""))
    except ValueError as error:
        raise Invalid(EXPIRED) from error


def seen_changes(request: HttpRequest) -> int:
    """The count of changes of the case that the form was drawn from; `Invalid` when it carries none."""
    found = whole_number(request.POST.get("_changes", ""))
    if found is None:
        raise Invalid(EXPIRED)
    return found


def more_reading(request: HttpRequest, back: str) -> str:
    """Where a day's allowance of cases to look into is made larger, and back from there."""
    asked = request.GET.get("place") or request.POST.get("place") or ""
    return f"{reverse('desk:reading')}?{urlencode({'place': asked, 'next': back})}"
