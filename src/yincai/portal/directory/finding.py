"""Searching organisations, schools and majors, and one record."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yincai.directory import queries as directory
from yincai.directory.vocabulary import Found, Sort
from yincai.foundation.once import asked_once
from yincai.look.records import facts_of, reviewer_of
from yincai.portal.directory.pages import page, spec_of
from yincai.portal.directory.words import WORDS
from yincai.portal.searching import too_fast, with_wait


@require_safe
@asked_once()
def listing(request: HttpRequest, place: str, sort: Sort) -> HttpResponse:
    """The search: what is typed finds names that hold it, and a code its record."""
    spec = spec_of(place, sort)
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    wait = too_fast(request) if query else None
    asks = query and wait is None
    found = directory.search(place, sort, query, after=request.GET.get("after", "")) if asks else Found(())
    answer = page(
        request,
        place,
        "search.html",
        sort=sort,
        words=WORDS[sort],
        tabs=[WORDS[one] for one in Sort if one in spec.seeds],
        query=query,
        rows=[(one, facts_of(one, spec, brief=True)) for one in found.records],
        is_many=found.is_many,
        is_first="after" not in request.GET,
        more=urlencode({"q": query, "after": found.after}) if found.after else "",
        is_too_fast=wait is not None,
    )
    with_wait(answer, wait)
    return answer


@require_safe
@asked_once()
def record(request: HttpRequest, place: str, sort: Sort, record_id: UUID) -> HttpResponse:
    """One record as it counts today."""
    spec = spec_of(place, sort)
    found = directory.record(record_id, place=place, sort=sort)
    reviewer = reviewer_of(directory.route_of(found), spec) if sort is Sort.ORGANISATION else ""
    return page(
        request,
        place,
        "record.html",
        sort=sort,
        words=WORDS[sort],
        record=found,
        facts=facts_of(found, spec),
        reviewer=reviewer,
    )
