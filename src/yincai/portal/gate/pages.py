"""What every page of a place's portal shares: the place with its look, and the systems of whoever is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from yincai.casework import queries as cases
from yincai.foundation.errors import NotFound
from yincai.foundation.once import asked_once
from yincai.look.visited import enter, remember
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Tile:
    """A business system as somebody sees it: `held` when they have added it or need not."""

    system: programmes.System
    held: bool


def portal_page(view: View) -> View:
    """A page of the portal of the place that its address names; 404 where the place has none.

    The view gets the `Place` in its stead; the browser remembers it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, place: str, *args: Any, **kwargs: Any) -> HttpResponse:
        content = programmes.place(place)
        if not content.portal.title:
            raise NotFound
        enter(request, place)
        return remember(view(request, content, *args, **kwargs), portal=place)

    return never_cache(guarded)


def draw(
    request: HttpRequest, template: str, place: Place, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the portal."""
    return render(request, f"place/{template}", {"place": place, **context}, status=status)


def resident_of(request: HttpRequest) -> UUID | None:
    """The account of whoever is signed in."""
    return request.user.pk if request.user.is_authenticated else None


def tiles(place: Place, account: UUID | None) -> list[Tile]:
    """Every business system that the portal leads to, and whether this account may enter it."""
    found = programmes.systems(place.name)
    with asked_once():
        return [Tile(one, account is not None and cases.may_enter(account, one)) for one in found]
