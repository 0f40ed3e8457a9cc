"""应用系统: the catalogue, 添加应用, and entering one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yincai.foundation.errors import NotFound
from yincai.look.visited import remember
from yincai.people import actions
from yincai.people import queries as people
from yincai.people.permissions import require_signed_in
from yincai.portal.gate.pages import Tile, draw, portal_page, resident_of, tiles
from yincai.portal.pages import actor_of
from yincai.programmes.vocabulary import Place

NOT_OPEN = "「{title}」还没有在本平台开通，暂时不能添加。开通后会在首页公布。"
NOT_ADDED = "您还没有添加「{title}」，不能进入。请先点击「添加应用」，添加成功后再进入。"
ADDED = "已添加「{title}」，现在可以进入办理。"


@portal_page
@require_safe
def catalogue(request: HttpRequest, place: Place) -> HttpResponse:
    """Every business system: those that can be entered, those to add, those to come."""
    return _catalogue(request, place)


def _catalogue(request: HttpRequest, place: Place, *, problem: str = "", status: int = 200) -> HttpResponse:
    found = tiles(place, resident_of(request))
    context = {
        "available": [one for one in found if one.system.application.is_open],
        "coming": [one for one in found if not one.system.application.is_open],
        "problem": problem,
    }
    return draw(request, "applications.html", place, context, status=status)


@portal_page
@require_POST
def add(request: HttpRequest, place: Place) -> HttpResponse:
    """添加应用: add one system to the account; somebody without a real name registers it first."""
    account = require_signed_in(request)
    owner, _, name = request.POST.get("application", "").partition("/")
    tile = _tile(request, place, owner, name)
    application = tile.system.application
    if not application.is_open:
        return _catalogue(request, place, problem=NOT_OPEN.format(title=application.title), status=422)
    if place.portal.registration is not None and people.identity_of(account.pk) is None:
        return redirect("place:register", place.name)
    actions.add_application(account.pk, actor=actor_of(request), place=owner, application=name)
    messages.success(request, ADDED.format(title=application.title))
    return redirect("place:home", place.name)


@portal_page
@require_safe
def enter_system(request: HttpRequest, place: Place, owner: str, name: str) -> HttpResponse:
    """Enter a system that was added; anybody else is told how to add it."""
    require_signed_in(request)
    tile = _tile(request, place, owner, name)
    title = tile.system.application.title
    if not tile.system.application.is_open:
        return _catalogue(request, place, problem=NOT_OPEN.format(title=title), status=403)
    if not tile.held:
        return _catalogue(request, place, problem=NOT_ADDED.format(title=title), status=403)
    return remember(redirect(reverse("portal:home")), system=owner)


def _tile(request: HttpRequest, place: Place, owner: str, name: str) -> Tile:
    found = tiles(place, resident_of(request))
    tile = next((one for one in found if one.system.key == (owner, name)), None)
    if tile is None:
        raise NotFound
    return tile
