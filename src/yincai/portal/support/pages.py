"""What the pages of help and complaints share: the place, and who is here by account or by their code."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from yincai.directory import queries as directory
from yincai.directory.vocabulary import NoSupport
from yincai.ledger.vocabulary import ANONYMOUS, Actor
from yincai.look.visited import enter
from yincai.people import actions as people
from yincai.people import queries as accounts
from yincai.people.permissions import address_of
from yincai.people.vocabulary import Limit, LimitReached
from yincai.portal.pages import site_of
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

View = Callable[..., HttpResponse]
CODES = "help_codes"
"""Of the session of somebody without an account: the codes that they showed, by ticket or complaint."""
KEPT = 10


def support_page(view: View) -> View:
    """A page of a place in which somebody answers; `NoSupport` elsewhere.  The view gets the `Place`."""

    @wraps(view)
    def guarded(request: HttpRequest, place: str, *args: Any, **kwargs: Any) -> HttpResponse:
        content = programmes.place(place)
        if not directory.offers_support(place):
            raise NoSupport
        enter(request, place)
        return view(request, content, *args, **kwargs)

    return never_cache(guarded)


def draw(
    request: HttpRequest, template: str, place: Place, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of help."""
    shared = {"place": place, "site": site_of(place.name)}
    return render(request, f"support/{template}", {**shared, **context}, status=status)


def asker_of(request: HttpRequest) -> Actor:
    """Whoever is signed in, as a resident; nobody known otherwise."""
    return accounts.applicant_of(request.user) if request.user.is_authenticated else ANONYMOUS


def code_shown(request: HttpRequest, subject: UUID) -> str:
    """The code of this ticket or complaint that was shown in this browser."""
    found: str = request.session.get(CODES, {}).get(str(subject), "")
    return found


def remember_code(request: HttpRequest, subject: UUID, code: str) -> None:
    """Let this browser see the ticket or complaint until its session ends."""
    known = {**request.session.get(CODES, {}), str(subject): code}
    request.session[CODES] = dict(list(known.items())[-KEPT:])


def refused_by_limit(limit: Limit, subject: str) -> str:
    """Count one try; the sentence of the limit, should it be reached."""
    try:
        people.count_attempt(limit, subject=subject)
    except LimitReached as error:
        return f"办得太频繁，这一次没有办成。请约 {error.minutes} 分钟后再试。"
    return ""


def sender_of(request: HttpRequest) -> str:
    """The address that limits count."""
    return address_of(request)
