"""What the pages about organisations, schools and majors of a place share."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from yincai.directory import queries as directory
from yincai.directory.vocabulary import DirectorySpec, NoDirectory, Sort
from yincai.look.visited import enter
from yincai.portal.pages import site_of
from yincai.programmes import queries as programmes

FORMS = "/my/cases/"


def page(
    request: HttpRequest, place: str, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of a place's directory; `NotFound` for a place that keeps none."""
    spec = directory.declared(place)
    enter(request, place)
    shared = {
        "place": programmes.place(place),
        "site": site_of(place),
        "spec": spec,
        "back": back_of(request),
    }
    return render(request, f"directory/{template}", {**shared, **context}, status=status)


def spec_of(place: str, sort: Sort) -> DirectorySpec:
    """What the place's files say; `NotFound` for a place that keeps nothing of this sort."""
    spec = directory.declared(place)
    if sort not in spec.seeds:
        raise NoDirectory
    return spec


def back_of(request: HttpRequest) -> str:
    """The page of a form from which somebody came to add what it names; empty for anything else."""
    asked = request.POST if request.method == "POST" else request.GET
    back = asked.get("back", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if here and back.startswith(FORMS) else ""


def with_back(address: str, request: HttpRequest) -> str:
    """The address of a page from which the way back to that form is still shown."""
    back = back_of(request)
    return f"{address}?{urlencode({'back': back})}" if back else address
