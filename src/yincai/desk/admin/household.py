"""回避登记: documents of a member of staff and their household, by which they are kept away from cases."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yincai.desk.admin.pages import actor_of, draw, place_of, problems_of
from yincai.foundation import codes
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.people import actions
from yincai.people import queries as people
from yincai.people.permissions import administrator_page
from yincai.people.vocabulary import OTHERS, SELF
from yincai.programmes.vocabulary import Place

WHOSE = {SELF: "本人", **OTHERS}
KINDS = "identity_documents"


@administrator_page
@require_http_methods(["GET", "HEAD", "POST"])
def kept_away(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """What is noted of one member of staff; a POST notes one document more, of which only the index stays."""
    place = place_of(request)
    member = people.staff_member(account_id, place=place.name)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _note(request, account_id, place)
        except Invalid as error:
            problems = problems_of(error)
        else:
            messages.success(request, "已登记。写有这份证件的申请，从现在起这位同事看不到，也不能办理。")
            return _back(account_id, place)
    return draw(
        request,
        "household.html",
        entry="staff",
        place=place,
        status=422 if problems else 200,
        member=member,
        is_me=account_id == actor_of(request).id,
        documents=people.staff_documents(account_id),
        is_on_record=not people.without_own_document([account_id]),
        whose=WHOSE,
        kinds=codes.load(KINDS).codes,
        problems=problems,
        typed=request.POST,
    )


@administrator_page
@require_POST
def remove(request: HttpRequest, account_id: UUID, document_id: UUID) -> HttpResponse:
    """删除: noted wrongly, or no longer of the household."""
    place = place_of(request)
    people.staff_member(account_id, place=place.name)
    if document_id not in {one.id for one in people.staff_documents(account_id)}:
        raise NotFound
    actions.remove_staff_document(document_id, actor=actor_of(request), place=place.name)
    messages.success(request, "已删除这项登记。")
    return _back(account_id, place)


def _note(request: HttpRequest, account_id: UUID, place: Place) -> None:
    kind, number = request.POST.get("kind", ""), request.POST.get("number", "")
    problems = []
    if request.POST.get("relation", "") not in WHOSE:
        problems.append(Problem("relation", "请选择是谁的证件。"))
    if kind not in codes.load(KINDS).codes:
        problems.append(Problem("kind", "请选择证件类型。"))
    if not number.strip():
        problems.append(Problem("number", "请填写证件号码。"))
    if problems:
        raise Invalid(problems=problems)
    actions.note_staff_document(
        account_id,
        actor=actor_of(request),
        place=place.name,
        kind=kind,
        number=number,
        relation=request.POST["relation"],
    )


def _back(account_id: UUID, place: Place) -> HttpResponse:
    return redirect(f"{reverse('desk:admin-kept-away', args=[account_id])}?place={place.name}")
