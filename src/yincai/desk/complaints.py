"""Complaints on the desk: what waits, one of them, who complained for a reason, the answer."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yincai.desk.ages import age_of
from yincai.desk.pages import page, staff_of
from yincai.directory import actions
from yincai.directory import queries as directory
from yincai.directory.vocabulary import (
    AUDITOR,
    COMPLAINT_DAYS,
    SUPERVISOR,
    SUPPORT,
    Complainant,
    ComplaintView,
    Outcome,
)
from yincai.documents import queries as documents
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.foundation.once import asked_once
from yincai.foundation.paging import Key, key_from, key_text
from yincai.people import queries as people
from yincai.people.permissions import require_signed_in, staff_page
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

Listed = Callable[..., tuple[list[ComplaintView], Key | None]]
ROLES = (SUPPORT, SUPERVISOR, AUDITOR)


@staff_page()
@require_safe
@asked_once()
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for an answer and does not concern the officer, soonest due first."""
    return _listing(request, directory.waiting_complaints, "complaints")


@staff_page()
@require_safe
@asked_once()
def answered(request: HttpRequest) -> HttpResponse:
    """What was answered, newest first."""
    return _listing(request, directory.answered_complaints, "complaints-answered")


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def complaint(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """One complaint; a POST takes it in hand or gives it back, keeps somebody away, answers, says by whom."""
    problems: dict[str, str] = {}
    who: Complainant | None = None
    act = request.POST.get("act", "")
    if act == "identity":
        who, problems = _identity(request, complaint_id)
    elif request.method == "POST":
        try:
            return _act(request, act, complaint_id)
        except Invalid as error:
            problems = {one.path: one.message for one in error.problems}
    actor, now = staff_of(request), clock.now()
    found = directory.open_complaint(actor, complaint_id)
    return page(
        request,
        "complaint.html",
        status=422 if problems else 200,
        complaint=found,
        place=programmes.place(found.place),
        age=age_of(found.submitted_at, found.due_at, COMPLAINT_DAYS) if found.is_waiting else None,
        files=documents.documents(found.documents),
        holder=people.display_names([found.claimed_by]).get(found.claimed_by, "同事"),
        mine=found.is_claimed_by(actor.id, at=now),
        taken=found.is_in_other_hands(actor.id, at=now),
        may_handle=directory.may_handle(actor, found.place),
        watches=directory.may_watch(actor, found.place),
        colleagues=_others(request, found),
        outcomes=[("", "请选择"), *((one.value, one.words) for one in Outcome)],
        who=who,
        problems=problems,
        text=request.POST.get("text", ""),
        outcome=request.POST.get("outcome", ""),
    )


def _identity(request: HttpRequest, complaint_id: UUID) -> tuple[Complainant | None, dict[str, str]]:
    """Who complained, for a reason; what is wrong with the reason otherwise."""
    reason = " ".join(request.POST.get("reason", "").split())[:200]
    if not reason:
        return None, {"reason": "请写明查看投诉人的理由。"}
    try:
        return directory.open_identity(staff_of(request), complaint_id, stated=reason), {}
    except NotAllowed as error:
        return None, {"reason": error.sentence}


def _act(request: HttpRequest, act: str, complaint_id: UUID) -> HttpResponse:
    """Claim, release, keep away or answer, then on to the page that shows what became of it."""
    actor = staff_of(request)
    if act == "claim":
        actions.claim_complaint(complaint_id, actor=actor)
    elif act == "release":
        made = actions.release_complaint(complaint_id, actor=actor)
        return _done(request, made, f"{made.number} 已放回。")
    elif act == "away":
        account = _account(request.POST.get("account", "")) or actor.id
        if account is None:
            raise NotFound
        made = actions.keep_away(complaint_id, actor=actor, account=account)
        if account == actor.id:
            return _done(request, made, f"您已回避 {made.number}，由其他人员办理。")
        messages.success(request, "已登记回避。")
    elif act == "answer":
        made = actions.answer_complaint(
            complaint_id,
            actor=actor,
            outcome=request.POST.get("outcome", ""),
            text=request.POST.get("text", ""),
        )
        return _done(request, made, f"{made.number} 已答复。")
    else:
        raise NotFound
    return redirect("desk:complaint", complaint_id)


def _done(request: HttpRequest, made: ComplaintView, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(f"{reverse('desk:complaints')}?place={made.place}")


def _listing(request: HttpRequest, ask: Listed, name: str) -> HttpResponse:
    place = _place_of(request)
    rows, after = ask(staff_of(request), place.name, after=key_from(request.GET.get("after", "")))
    return page(
        request,
        "complaints.html",
        place=place,
        seen=_seen(request),
        listed=name,
        answers=directory.may_answer(staff_of(request), place.name),
        rows=[(one, age_of(one.submitted_at, one.due_at, COMPLAINT_DAYS)) for one in rows],
        names=people.display_names([one.claimed_by for one in rows]),
        me=staff_of(request).id,
        now=clock.now(),
        after=key_text(after),
    )


def _place_of(request: HttpRequest) -> Place:
    asked = request.GET.get("place")
    found = next((one for one in _seen(request) if asked in (None, "", one.name)), None)
    if found is None:
        raise NotFound
    return found


def _seen(request: HttpRequest) -> list[Place]:
    """The places whose complaints the officer handles or watches."""
    held = people.appointments(require_signed_in(request))
    return [programmes.place(name) for name in sorted({one.place for one in held if one.role in ROLES})]


def _others(request: HttpRequest, found: ComplaintView) -> list[tuple[str, str]]:
    """Whom a supervisor may keep away; nobody for others."""
    me = staff_of(request).id
    if me is None or not found.is_waiting or SUPERVISOR not in people.staff_roles(me, place=found.place):
        return []
    known = [one for one in people.colleagues(found.place) if one.account_id != me]
    return [(str(one.account_id), one.name) for one in known]


def _account(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def look_at_file(request: HttpRequest, complaint_id: UUID, document_id: UUID) -> None:
    """One look at a file, on record; `NotFound` for a file of something else."""
    found = directory.open_complaint(staff_of(request), complaint_id, what=f"document:{document_id}")
    if document_id not in found.documents:
        raise NotFound
