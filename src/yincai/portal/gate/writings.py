"""政策依据、业务办理指南、政策问答、通知: read by shelf or found by words; and whom to ask."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yincai.directory import queries as directory
from yincai.engine.writings import Shelf
from yincai.foundation.errors import NotFound
from yincai.people import actions as people
from yincai.people.permissions import address_of
from yincai.people.vocabulary import QUARTER, Limit, LimitReached, TooManyAttempts
from yincai.portal.gate.pages import draw, portal_page
from yincai.portal.gate.papers import writing_pdf
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

SHELVES = (Shelf.NOTICE, Shelf.POLICY, Shelf.GUIDE, Shelf.ANSWER)
LONGEST_QUERY = 60
FILES_PER_ADDRESS = Limit("writing-pdf/address", 60, QUARTER)
"""Papers that strangers have typeset: each may cost half a second of a processor's time."""


@portal_page
@require_safe
def library(request: HttpRequest, place: Place) -> HttpResponse:
    """Every shelf with its newest, and what has the words that were asked for."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context: dict[str, object]
    if query:
        found, following = directory.search_writings(place.name, query, after=_after(request))
        context = {"query": query, "found": found, "following": following, "shelves": [], "gone": False}
    else:
        context = _whole(place)
    return draw(request, "library.html", place, context)


@portal_page
@require_safe
def shelf(request: HttpRequest, place: Place, shelf: str) -> HttpResponse:
    """One shelf, newest first, page by page."""
    if shelf not in list(SHELVES):
        raise NotFound
    found, following = directory.shelf_of(place.name, Shelf(shelf), after=_after(request))
    return draw(request, "shelf.html", place, {"shelf": Shelf(shelf), "found": found, "following": following})


@portal_page
@require_safe
def writing(request: HttpRequest, place: Place, name: str) -> HttpResponse:
    """One writing with its dates; one whose time is over says so, one that is gone leads to all others."""
    try:
        found = directory.writing(place.name, name)
    except NotFound:
        return draw(request, "library.html", place, {**_whole(place), "gone": True}, status=404)
    return draw(request, "writing.html", place, {"writing": found})


@portal_page
@require_safe
def writing_file(request: HttpRequest, place: Place, name: str) -> HttpResponse:
    """The same as a PDF, to be kept and printed; typeset so often in a quarter of an hour for one address."""
    found = directory.writing(place.name, name)

    def count() -> None:
        try:
            people.count_attempt(FILES_PER_ADDRESS, subject=address_of(request))
        except TooManyAttempts as error:
            raise LimitReached(error.retry_after) from error

    return HttpResponse(
        writing_pdf(found, place, before_typesetting=count),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{found.name}.pdf"'},
    )


@portal_page
@require_safe
def contacts(request: HttpRequest, place: Place) -> HttpResponse:
    """联系方式: the offices of the city and its districts, and the support of the system."""
    return draw(request, "contacts.html", place, {"offers": programmes.catalogue(place.name)})


def _whole(place: Place) -> dict[str, object]:
    """Every shelf with its newest."""
    shelves = [(shelf, directory.shelf_of(place.name, shelf)[0]) for shelf in SHELVES]
    return {"query": "", "found": [], "following": None, "shelves": shelves, "gone": False}


def _after(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None
