"""待办: the list of an officer with its filters, and the search that leaves nothing in an address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yincai.casework import queries as cases
from yincai.casework.queries import Filters, LaneCount, Whose
from yincai.desk.choosing import address_of, filters_from
from yincai.desk.pages import page, place_of, staff_of
from yincai.foundation import clock
from yincai.foundation.errors import Invalid
from yincai.foundation.once import asked_once
from yincai.foundation.paging import key_from, key_text
from yincai.people.permissions import staff_page
from yincai.programmes import queries as programmes

WHOSE = {Whose.ALL: "全部", Whose.MINE: "我的", Whose.FREE: "待领取", Whose.OVERDUE: "已超期"}


@staff_page()
@require_safe
@asked_once()
def queue(request: HttpRequest) -> HttpResponse:
    """待办: what waits for one of my roles, longest waiting first."""
    actor, chosen = staff_of(request), filters_from(request.GET)
    place = place_of(request, request.GET.get("place"))
    found = cases.queue(
        actor,
        place=place.name,
        chosen=chosen,
        after=key_from(request.GET.get("after", "")),
        before=key_from(request.GET.get("before", "")),
    )
    counted, mine = cases.counts(actor, place=place.name)
    return page(
        request,
        "queue.html",
        rows=found.rows,
        after=key_text(found.after),
        before=key_text(found.before),
        place=place,
        chosen=chosen,
        list=address_of(chosen, place=place.name),
        tabs=_tabs(chosen, place.name, counted, mine),
        choices=_choices(chosen, counted),
        bulk=cases.ways_in_bulk(actor, place.name),
        only_reads=cases.only_reads(actor, place.name),
        now=clock.now(),
        me=actor.id,
        most=cases.MOST,
    )


@staff_page()
@require_POST
@asked_once()
def search(request: HttpRequest) -> HttpResponse:
    """Cases by name, document or phone on the answer to a POST; a case number opens its case."""
    actor, place = staff_of(request), place_of(request, request.POST.get("place"))
    text = request.POST.get("text", "")
    try:
        rows, more = cases.search(actor, place=place.name, text=text)
        problem = ""
    except Invalid as error:
        rows, more, problem = [], False, error.sentence
    if len(rows) == 1 and rows[0].case.reference == text.strip().upper():
        return redirect(f"{reverse('desk:case', args=[rows[0].case.id])}?place={place.name}&alone=1")
    return page(
        request,
        "search.html",
        status=422 if problem else 200,
        rows=rows,
        more=more,
        text=text,
        problem=problem,
        place=place,
        now=clock.now(),
        me=actor.id,
    )


def _tabs(chosen: Filters, place: str, counted: list[LaneCount], mine: int) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "address": address_of(chosen, place=place, whose=whose),
            "count": mine if whose is Whose.MINE else cases.total(counted, whose, chosen),
            "current": whose is chosen.whose,
        }
        for whose, title in WHOSE.items()
    ]


def _choices(chosen: Filters, counted: list[LaneCount]) -> dict[str, list[tuple[str, str, int]]]:
    """The options of each filter: value, title and how many wait behind it."""
    found: dict[str, dict[str, str]] = {"programme": {}, "variant": {}, "state": {}}
    for one in counted:
        spec = programmes.version(one.lane.publication_id).programme
        found["programme"][one.lane.programme] = spec.title
        if one.lane.variant:
            found["variant"][one.lane.variant] = spec.variant(one.lane.variant).title
        found["state"][one.lane.state] = spec.workflow.state(one.lane.state).title
    whose = Whose.ALL if chosen.whose is Whose.MINE else chosen.whose
    return {
        name: [
            (value, title, cases.total(counted, whose, Filters(**{name: value})))  # type: ignore[arg-type]  # a field
            for value, title in titles.items()
        ]
        for name, titles in found.items()
    }
