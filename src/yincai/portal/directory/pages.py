"""What the pages about organisations, schools and majors of a place share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yincai.directory import queries as directory
from yincai.look.visited import enter
from yincai.portal.pages import site_of
from yincai.programmes import queries as programmes


def page(
    request: HttpRequest, place: str, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of a place's directory; `NotFound` for a place that keeps none."""
    spec = directory.declared(place)
    enter(request, place)
    shared = {"place": programmes.place(place), "site": site_of(place), "spec": spec}
    return render(request, f"directory/{template}", {**shared, **context}, status=status)
