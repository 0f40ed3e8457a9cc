"""Who has a case in hand: claimed, renewed while its page is open, given back, handed to a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.desk.choosing import address_of, filters_from
from yincai.desk.pages import staff_of
from yincai.foundation.days import moment_in_words
from yincai.foundation.errors import SomeoneWasFirst
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people
from yincai.people.permissions import staff_page


@staff_page()
@require_POST
def claim(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """领取."""
    actions.claim_case(case_id, actor=staff_of(request))
    return redirect(with_list("desk:case", request, case_id))


@staff_page()
@require_POST
def renew(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Begin the lease anew while somebody works on the page; asked by its script."""
    try:
        case = actions.renew_claim(case_id, actor=staff_of(request))
    except SomeoneWasFirst as error:
        return JsonResponse({"sentence": error.sentence}, status=409)
    until = moment_in_words(case.claimed_until) if case.claimed_until else ""
    return JsonResponse({"until": until}, headers={"Cache-Control": "no-store"})


@staff_page()
@require_POST
def release(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """退回队列."""
    actions.release_case(case_id, actor=staff_of(request))
    return redirect(with_list("desk:queue", request))


def handing_of(request: HttpRequest, actor: Actor, case: CaseView) -> dict[str, Any]:
    """What the page of a case shows of the list behind it and of who may hand the case out."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = filters_from(asked)
    is_lead = cases.may_assign(actor, case.id)
    return {
        "list": address_of(chosen, place=case.place),
        "chosen": chosen,
        "following": _following(asked, actor, case),
        "alone": not _is_from_list(asked, case),
        "colleagues": cases.assignable(actor, case.id) if is_lead else [],
        "handed_away": cases.is_handed_elsewhere(actor, case),
        "assigned_to": people.display_name(case.assigned_to_id) if case.assigned_to_id else "",
        "assign_key": uuid4(),
        "me": actor.id,
    }


def next_of(request: HttpRequest, case_id: UUID) -> UUID | None:
    """The case that comes after one in the list from which the officer came; asked before the one moves."""
    actor = staff_of(request)
    return _following(request.POST, actor, cases.case_for(actor, case_id))


def _following(asked: Mapping[str, str], actor: Actor, case: CaseView) -> UUID | None:
    chosen = filters_from(asked)
    key = cases.key_of(case, chosen)
    if key is None or not _is_from_list(asked, case):
        return None
    return cases.following(actor, place=case.place, chosen=chosen, key=key)


def _is_from_list(asked: Mapping[str, str], case: CaseView) -> bool:
    """Whether the case was opened out of the list; one that was looked for is `alone`."""
    return asked.get("place") == case.place and not asked.get("alone")


def with_list(name: str, request: HttpRequest, *arguments: UUID) -> str:
    """An address that keeps the list from which the officer came."""
    address = reverse(name, args=arguments)
    place = request.POST.get("place", "")
    chosen = address_of(filters_from(request.POST), place=place)
    alone = "&alone=1" if request.POST.get("alone") and name == "desk:case" else ""
    return f"{address}?{chosen}{alone}" if place else address
