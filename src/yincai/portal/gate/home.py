"""The first page of a place's portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yincai.directory import queries as directory
from yincai.directory.vocabulary import Sort
from yincai.engine.writings import Shelf
from yincai.people import queries as people
from yincai.portal.gate.pages import draw, portal_page, resident_of, tiles
from yincai.portal.gate.writings import SHELVES
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place


@portal_page
@require_safe
def home(request: HttpRequest, place: Place) -> HttpResponse:
    """What there is, for anybody; for whoever is signed in also their name and their business systems."""
    account = resident_of(request)
    found = tiles(place, account)
    context = {
        "identity": people.identity_of(account) if account else None,
        "mine": [one for one in found if one.held and one.system.application.is_open],
        "open": [one for one in found if one.system.application.is_open],
        "listed": len(found),
        "keeps_directory": directory.keeps_directory(place.name),
        "keeps_schools": directory.keeps(place.name, Sort.SCHOOL),
        "offers": programmes.catalogue(place.name),
        "tips": directory.shelf_of(place.name, Shelf.TIP)[0],
        "shelves": _shelves(place),
    }
    return draw(request, "home.html", place, context)


def _shelves(place: Place) -> list[tuple[Shelf, list[directory.WritingView]]]:
    """What stands on every shelf that is not empty."""
    found = [(shelf, directory.shelf_of(place.name, shelf)[0]) for shelf in SHELVES]
    return [(shelf, writings) for shelf, writings in found if writings]
