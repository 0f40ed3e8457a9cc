"""Somebody comes from another organisation's system with what it knows: shown, opened once, taken along."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from yincai.engine.spec import Programme
from yincai.foundation import codes
from yincai.foundation.errors import NotFound
from yincai.ledger.vocabulary import ANONYMOUS
from yincai.partners import actions, queries
from yincai.partners.vocabulary import VALUES_KEPT_FOR, HandoverView
from yincai.portal.gate.arriving import Arrival, note_arrival
from yincai.portal.gate.pages import draw, portal_page
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

COOKIE = "handover"
SALT = "yincai.portal.handover"
KEPT_FOR = int(VALUES_KEPT_FOR.total_seconds())


@portal_page
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, place: Place, token: str) -> HttpResponse:
    """What is brought along and from where; a press opens it for this browser, once.

    Looking does not open it: whatever fetches links before people do spoils nothing.
    """
    try:
        if request.method == "POST":
            return _opened(actions.open_handover(token, place=place.name, actor=ANONYMOUS))
        found = queries.look_at_handover(token, place=place.name)
    except NotFound as error:
        return draw(request, "handover_over.html", place, {"sentence": error.sentence}, status=404)
    spec = programmes.current(found.owner, found.programme).programme
    context = {
        "found": found,
        "programme": spec,
        "variant": spec.variant(found.variant).title if found.variant else "",
        "district": codes.district_title(found.district),
        "labels": _labels(spec, found.fields),
    }
    return draw(request, "handover.html", place, context)


def brought(request: HttpRequest) -> HandoverView | None:
    """What this browser opened within the last day and no case has; None where nothing, or a forged note."""
    try:
        kept = request.get_signed_cookie(COOKIE, salt=SALT, max_age=KEPT_FOR)
        return queries.opened_handover(UUID(kept or ""))
    except (KeyError, ValueError, signing.BadSignature):
        return None


def take_along(request: HttpRequest, *, case_id: UUID, owner: str, programme: str) -> None:
    """Give what was brought to the draft just opened, where it is of that programme."""
    found = brought(request)
    if found is not None:
        actions.give_to_case(found.id, case_id=case_id, owner=owner, programme=programme)


def _labels(spec: Programme, names: Collection[str]) -> list[str]:
    """What is brought along, in the order and the words of the form."""
    return [
        f"{section.title}：{field.label}"
        for section in spec.sections
        for field in section.fields
        if field.name in names
    ]


def _opened(found: HandoverView) -> HttpResponse:
    arrival = Arrival(f"「{found.partner}」", found.owner, found.programme, found.district)
    response = note_arrival(arrival)
    response.set_signed_cookie(
        COOKIE,
        str(found.id),
        salt=SALT,
        max_age=KEPT_FOR,
        samesite="Lax",
        httponly=True,
        secure=settings.SECURE,
    )
    return response
