"""办理渠道: the ways by which people come, and links that bring along what was chosen there."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from yincai.directory import queries as directory
from yincai.engine.writings import Channel
from yincai.foundation import codes
from yincai.foundation.errors import NotFound
from yincai.look.visited import remember
from yincai.portal.gate.pages import Tile, draw, portal_page, resident_of, tiles
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import NoSuchProgramme, Place, PublishedVersion

COOKIE = "arrival"
KEPT_FOR = 24 * 3600
"""Seconds for which the choice made elsewhere counts."""
SALT = "yincai.portal.arrival"
UNKNOWN_PROGRAMME = "链接里的事项在本平台没有找到，可能已经调整。请从下面的应用系统进入。"
UNKNOWN_DISTRICT = "链接里的办理区域没有找到。请进入后重新选择。"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What somebody chose before they came: the channel, programme and district (a code, or empty)."""

    channel: str
    place: str
    programme: str
    district: str = ""
    district_title: str = ""


@portal_page
@require_safe
def channels(request: HttpRequest, place: Place) -> HttpResponse:
    """Every way by which people come, step by step."""
    return draw(request, "channels.html", place, {"channels": _channels(place)})


@portal_page
@require_safe
def arrive(request: HttpRequest, place: Place, name: str) -> HttpResponse:
    """A link of a channel: `?programme=<place>/<name>&district=<six digits>` leads into that programme.

    A programme or district that is not known is said in words, and nothing of it is kept.
    """
    channel = next((one for one in _channels(place) if one.name == name), None)
    if channel is None or not channel.carries:
        raise NotFound
    offer = _offer(place, request.GET.get("programme", ""))
    if offer is None:
        context = {"problem": UNKNOWN_PROGRAMME, "available": _open(request, place), "coming": []}
        return draw(request, "applications.html", place, context, status=404)
    district = request.GET.get("district", "")
    if district and not codes.district_title(district):
        messages.warning(request, UNKNOWN_DISTRICT)
        district = ""
    return note_arrival(Arrival(channel.title, offer.place, offer.name, district))


def note_arrival(arrival: Arrival) -> HttpResponse:
    """The way to the programme that was chosen before, which the browser remembers for a day."""
    kept = [arrival.channel, arrival.place, arrival.programme, arrival.district]
    response = redirect(f"{reverse('portal:apply')}#{arrival.place}-{arrival.programme}")
    response.set_signed_cookie(
        COOKIE,
        json.dumps(kept),
        salt=SALT,
        max_age=KEPT_FOR,
        samesite="Lax",
        httponly=True,
        secure=settings.SECURE,
    )
    return remember(response, system=arrival.place)


def arrival_of(request: HttpRequest) -> Arrival | None:
    """What whoever asks chose before they came, within the last day; None where nothing, or a forged note."""
    try:
        kept = request.get_signed_cookie(COOKIE, salt=SALT, max_age=KEPT_FOR) or "[]"
        channel, place, programme, district = json.loads(kept)
    except (KeyError, signing.BadSignature):
        return None
    return Arrival(channel, place, programme, district, codes.district_title(district))


def _channels(place: Place) -> tuple[Channel, ...]:
    return directory.channels_of(settings.PLACES / place.name)


def _offer(place: Place, asked: str) -> PublishedVersion | None:
    """The programme, where the portal leads to it."""
    owner, _, name = asked.partition("/")
    systems = [one for one in programmes.systems(place.name) if one.place == owner]
    if not any(name in one.application.programmes for one in systems):
        return None
    try:
        return programmes.current(owner, name)
    except NoSuchProgramme:
        return None


def _open(request: HttpRequest, place: Place) -> list[Tile]:
    return [one for one in tiles(place, resident_of(request)) if one.system.application.is_open]
