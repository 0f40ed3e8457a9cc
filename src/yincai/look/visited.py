"""Where somebody is: the portal that they came through, and the place whose pages they are in.

Both are remembered in cookies of their own (a name each, nothing personal), so that a resident who enters the
system of another city from their portal sees that city's look, and finds the way back to their own portal.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yincai.look.stylesheet import place_sheet
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import NoSuchProgramme, Place

PORTAL = "portal"
SYSTEM = "system"
KEPT_FOR = 180 * 24 * 3600
"""Seconds."""
SYSTEM_PAGES = ("/my/",)
"""The pages of a business system; everywhere else the portal's look is worn."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every page takes from where it is; `place` and `portal` are None where it is nowhere."""

    place: Place | None = None
    portal: Place | None = None
    in_system: bool = False

    @property
    def site(self) -> str:
        """What the site calls itself here."""
        return (self.place.portal.title or self.place.branding.site_title) if self.place else ""

    @property
    def sheet(self) -> str:
        """The static file with the place's colours, if it has its own."""
        return place_sheet(self.place.name) if self.place and self.place.portal.look else ""

    @property
    def way_back(self) -> str:
        """The place whose portal 「返回门户」 leads to; empty: the platform's first page."""
        for one in (self.portal, self.place):
            if one is not None and one.portal.title:
                return one.name
        return ""

    @property
    def registers_people(self) -> bool:
        """Whether one registers here with one's real name."""
        return bool(self.place and self.place.portal.registration)


def surroundings(request: HttpRequest) -> Surroundings:
    """Where this request is: what its view said with `enter`, else what its cookies say."""
    portal = _place(request.COOKIES.get(PORTAL, ""))
    said = _place(getattr(request, "place_name", ""))
    in_system = request.path.startswith(SYSTEM_PAGES)
    system = _place(request.COOKIES.get(SYSTEM, ""))
    place = said or (system if in_system else None) or portal
    return Surroundings(place, portal, in_system=system is not None)


def enter(request: HttpRequest, place: str) -> None:
    """This request is in the place, whatever the cookies say."""
    request.place_name = place  # type: ignore[attr-defined]  # ours, read by `surroundings`


def remember(response: HttpResponse, *, portal: str = "", system: str = "") -> HttpResponse:
    """Have the browser remember the portal, or the place whose system was entered, for its next pages."""
    for name, place in ((PORTAL, portal), (SYSTEM, system)):
        if place:
            response.set_cookie(
                name, place, max_age=KEPT_FOR, samesite="Lax", httponly=True, secure=settings.SECURE
            )
    return response


def _place(name: str) -> Place | None:
    try:
        return programmes.place(name) if name else None
    except NoSuchProgramme:
        return None
