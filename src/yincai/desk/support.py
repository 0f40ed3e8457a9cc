"""The supporters' pages: questions that wait, one of them with everything that was said, the answer."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yincai.desk.ages import age_of
from yincai.desk.pages import page, staff_of, submission_key
from yincai.directory import actions
from yincai.directory import queries as directory
from yincai.directory.vocabulary import SUPPORT, TICKET_DAYS, TicketView
from yincai.documents import queries as documents
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound
from yincai.foundation.identifiers import show_phone
from yincai.foundation.once import asked_once
from yincai.foundation.paging import Key, key_from, key_text
from yincai.people import queries as people
from yincai.people.permissions import require_signed_in, staff_page
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

Listed = Callable[..., tuple[list[TicketView], Key | None]]


@staff_page()
@require_safe
@asked_once()
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for an answer in a place, soonest due first."""
    return _listing(request, directory.waiting_tickets, "waiting")


@staff_page()
@require_safe
@asked_once()
def answered(request: HttpRequest) -> HttpResponse:
    """What was answered or ended, newest first."""
    return _listing(request, directory.answered_tickets, "answered")


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def ticket(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """One question; a POST claims it, gives it back, answers it, or shows the phone for a reason."""
    actor, problem, problem_at, revealed = staff_of(request), "", "", ""
    act = request.POST.get("act", "")
    if act == "reveal":
        reason = " ".join(request.POST.get("reason", "").split())[:200]
        if reason:
            seen = directory.open_ticket(actor, ticket_id, what="answer:phone", stated=reason)
            revealed = show_phone(seen.phone)
        else:
            problem, problem_at = "请写明查看完整电话的理由。", "reason"
    elif request.method == "POST":
        try:
            return _act(request, act, ticket_id)
        except Invalid as error:
            problem = error.problems[0].message if error.problems else error.sentence
            problem_at = "text"
    found = directory.open_ticket(actor, ticket_id)
    now = clock.now()
    return page(
        request,
        "support_ticket.html",
        status=422 if problem else 200,
        ticket=found,
        place=programmes.place(found.place),
        age=age_of(found.waiting_since, found.due_at, TICKET_DAYS) if found.is_waiting else None,
        files={one.id: one for one in documents.documents(_files(found))},
        names=people.display_names([*(one.author for one in found.messages), found.claimed_by]),
        mine=found.is_claimed_by(actor.id, at=now),
        taken=found.is_in_other_hands(actor.id, at=now),
        is_own=found.account == actor.id,
        problem=problem,
        problem_at=problem_at,
        revealed=revealed,
        text=request.POST.get("text", ""),
        key=request.POST.get("_key") or str(uuid4()),
    )


def _act(request: HttpRequest, act: str, ticket_id: UUID) -> HttpResponse:
    """Claim, release or answer, then on to the page that shows what became of it."""
    actor = staff_of(request)
    if act == "claim":
        actions.claim_ticket(ticket_id, actor=actor)
    elif act == "release":
        given_back = actions.release_ticket(ticket_id, actor=actor)
        messages.success(request, f"{given_back.number} 已放回。")
        return redirect(f"{reverse('desk:support')}?place={given_back.place}")
    elif act == "answer":
        made = actions.answer_ticket(
            ticket_id, actor=actor, text=request.POST.get("text", ""), key=submission_key(request)
        )
        messages.success(request, f"{made.number} 已答复，已告诉提问人。")
        return redirect(f"{reverse('desk:support')}?place={made.place}")
    else:
        raise NotFound
    return redirect("desk:support-ticket", ticket_id)


def _listing(request: HttpRequest, ask: Listed, name: str) -> HttpResponse:
    place = _place_of(request)
    rows, after = ask(staff_of(request), place.name, after=key_from(request.GET.get("after", "")))
    return page(
        request,
        "support_tickets.html",
        place=place,
        helped=_helped(request),
        listed=name,
        rows=[(one, age_of(one.waiting_since, one.due_at, TICKET_DAYS)) for one in rows],
        names=people.display_names([one.claimed_by for one in rows]),
        me=staff_of(request).id,
        now=clock.now(),
        after=key_text(after),
    )


def _place_of(request: HttpRequest) -> Place:
    """The place asked for, by default the first, where the officer answers; `NotFound`."""
    asked = request.GET.get("place")
    found = next((one for one in _helped(request) if asked in (None, "", one.name)), None)
    if found is None:
        raise NotFound
    return found


def _helped(request: HttpRequest) -> list[Place]:
    """The places whose questions the officer answers."""
    held = people.appointments(require_signed_in(request))
    return [programmes.place(name) for name in sorted({one.place for one in held if one.role == SUPPORT})]


def _files(found: TicketView) -> list[UUID]:
    return [one for said in found.messages for one in said.documents]


def look_at_file(request: HttpRequest, ticket_id: UUID, document_id: UUID) -> None:
    """One look at a file, on record; `NotFound` for a file of something else."""
    found = directory.open_ticket(staff_of(request), ticket_id, what=f"document:{document_id}")
    if document_id not in _files(found):
        raise NotFound
