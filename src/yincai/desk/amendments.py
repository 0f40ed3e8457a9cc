"""The officers' pages of amendments: what waits, one of them beside its proof."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yincai.desk.ages import Age, age_of
from yincai.desk.pages import page, staff_of
from yincai.documents import queries as documents
from yincai.foundation import codes
from yincai.foundation.errors import Invalid, NotFound
from yincai.foundation.once import asked_once
from yincai.foundation.paging import key_from, key_text
from yincai.people import queries as people
from yincai.people.permissions import require_signed_in, staff_page
from yincai.privacy import actions, queries
from yincai.privacy.vocabulary import AMENDMENT_DAYS, OFFICER, AmendmentView, Standing
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

DONE = {
    Standing.CHECKED: "已核实，等另一位工作人员复核。",
    Standing.APPROVED: "已更正。",
    Standing.REFUSED: "已办结：不予更正。",
}


@staff_page(roles={OFFICER})
@require_safe
@asked_once()
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits in a place, longest waiting first."""
    place = place_of(request)
    found, after = queries.waiting_amendments(
        staff_of(request), place.name, after=key_from(request.GET.get("after", ""))
    )
    return page(
        request,
        "amendments.html",
        place=place,
        amended=amended(request),
        rows=[(one, _age_of(one)) for one in found],
        after=key_text(after),
    )


@staff_page(roles={OFFICER})
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def settle(request: HttpRequest, amendment_id: UUID) -> HttpResponse:
    """One amendment beside its proof; a POST checks, approves or refuses it."""
    actor, problem, problem_at = staff_of(request), "", ""
    if request.method == "POST":
        approve = request.POST.get("verdict") == "approve"
        try:
            made = actions.settle_amendment(
                amendment_id, actor=actor, approve=approve, opinion=request.POST.get("opinion", "")
            )
        except Invalid as error:
            problem = error.problems[0].message if error.problems else error.sentence
            problem_at = "opinion"
        else:
            messages.success(request, f"{made.number} {DONE[made.standing]}")
            return redirect(f"{reverse('desk:amendments')}?place={made.place}")
    asked = queries.open_amendment(actor, amendment_id)
    now = people.identity_of(asked.account)
    return page(
        request,
        "amendment.html",
        status=422 if problem else 200,
        asked=asked,
        age=_age_of(asked) if asked.is_open else None,
        now=now if asked.item.is_identity else None,
        kinds=codes.load("identity_documents").codes,
        files=documents.documents(asked.documents),
        requester=people.display_name(asked.account),
        is_second=asked.standing is Standing.CHECKED,
        checked_it=asked.checked_by == actor.id,
        problem=problem,
        problem_at=problem_at,
        opinion=request.POST.get("opinion", asked.opinion if asked.is_open else ""),
        place=programmes.place(asked.place),
    )


def place_of(request: HttpRequest) -> Place:
    """The place asked for, by default the first, where the officer decides amendments; `NotFound`."""
    asked = request.GET.get("place")
    found = next((one for one in amended(request) if asked in (None, "", one.name)), None)
    if found is None:
        raise NotFound
    return found


def amended(request: HttpRequest) -> list[Place]:
    """The places whose amendments the officer decides."""
    held = people.appointments(require_signed_in(request))
    return [programmes.place(name) for name in sorted({one.place for one in held if one.role == OFFICER})]


def _age_of(asked: AmendmentView) -> Age:
    """How much of its working days an amendment has used."""
    return age_of(asked.submitted_at, asked.due_at, AMENDMENT_DAYS)


def look_at_file(request: HttpRequest, amendment_id: UUID, document_id: UUID) -> None:
    """One look at a file, on record; `NotFound` for a file of something else."""
    found = queries.open_amendment(staff_of(request), amendment_id, what=f"document:{document_id}")
    if document_id not in found.documents:
        raise NotFound
