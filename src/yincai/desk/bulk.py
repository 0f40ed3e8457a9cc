"""批量办理: first what would happen to each case, then the step, case by case."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import STALE_CHOICE
from yincai.desk.choosing import address_of, filters_from
from yincai.desk.pages import page, place_of, staff_of, submission_key
from yincai.engine.workflow import Need, Transition
from yincai.foundation.errors import Invalid, NotFound
from yincai.look.posted import whole_number
from yincai.people.permissions import staff_page


@staff_page()
@require_POST
def look_ahead(request: HttpRequest) -> HttpResponse:
    """What the step would do to each chosen case, and who is left out and why."""
    return _preview(request)


def _preview(request: HttpRequest, *, problems: list[str] | None = None) -> HttpResponse:
    place = place_of(request, request.POST.get("place"))
    way = _way(request, place.name)
    try:
        found = cases.preview(staff_of(request), _chosen(request), name=way.name)
    except Invalid as error:
        found, problems = [], [error.sentence]
    return page(
        request,
        "bulk.html",
        status=422 if problems else 200,
        way=way,
        found=found,
        fitting=[one for one in found if not one.refusal],
        problems=problems or [],
        typed={need.value: request.POST.get(need.value, "") for need in Need},
        place=place,
        list=address_of(filters_from(request.POST), place=place.name),
        chosen=filters_from(request.POST),
        key=request.POST.get("_key") or uuid4(),
    )


@staff_page()
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the step for each case that still fits, and say what became of every one."""
    place = place_of(request, request.POST.get("place"))
    way = _way(request, place.name)
    words = {need.value: request.POST.get(need.value, "") for need in Need}
    if lacking := sorted(need for need in way.needs if not words[need.value].strip()):
        sentences = {
            Need.CONFIRMATION: "请先勾选确认。",
            Need.OPINION: "请写明办理意见。",
            Need.REASON: "请写明理由。",
        }
        return _preview(request, problems=[sentences[need] for need in lacking])
    done = actions.take_in_bulk(
        _chosen(request),
        actor=staff_of(request),
        name=way.name,
        key=submission_key(request),
        words=words,
        seen_changes=_seen(request),
    )
    return page(
        request,
        "bulk_done.html",
        way=way,
        done=done,
        place=place,
        list=address_of(filters_from(request.POST), place=place.name),
    )


def _way(request: HttpRequest, place: str) -> Transition:
    name = request.POST.get("way", "")
    for way in cases.ways_in_bulk(staff_of(request), place):
        if way.name == name:
            return way
    raise NotFound("这一步不能批量办理，没有办理任何一件。请返回待办重新选择。")


def _seen(request: HttpRequest) -> dict[UUID, int]:
    """How far each case had come when the preview was drawn."""
    found = {}
    for text in request.POST.getlist("seen"):
        case_id, _, changes = text.partition("_")
        number = whole_number(changes)
        if number is None:
            raise Invalid(STALE_CHOICE)
        try:
            found[UUID(case_id)] = number
        except ValueError as error:
            raise Invalid(STALE_CHOICE) from error
    return found


def _chosen(request: HttpRequest) -> list[UUID]:
    try:
        return [UUID(one) for one in request.POST.getlist("case")]
    except ValueError as error:
        raise Invalid(STALE_CHOICE) from error
