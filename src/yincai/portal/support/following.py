"""My questions, one of them with everything that was said, answering back; progress by number and code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from yincai.directory import actions
from yincai.directory import queries as directory
from yincai.directory.vocabulary import HELP_SLOT, PROGRESS_PER_ADDRESS, PROGRESS_PER_NUMBER, TicketView
from yincai.documents import queries as documents
from yincai.documents.vocabulary import DocumentView
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, YincaiError
from yincai.foundation.once import asked_once
from yincai.foundation.paging import key_from, key_text
from yincai.ledger import queries as ledger
from yincai.people.vocabulary import LimitReached
from yincai.portal.one_file import take_file
from yincai.portal.pages import key_of, new_key
from yincai.portal.support.pages import (
    asker_of,
    code_shown,
    draw,
    refused_by_limit,
    remember_code,
    sender_of,
    support_page,
)
from yincai.portal.visits import visits_of
from yincai.programmes.vocabulary import Place

COMPLAINT = "TS"
"""How the number of a complaint begins."""


@support_page
@require_safe
@asked_once()
def home(request: HttpRequest, place: Place) -> HttpResponse:
    """帮助与投诉: the ways to be helped, and what I asked before."""
    account, after = asker_of(request).id, key_from(request.GET.get("after", ""))
    found, more = directory.own_tickets(account, place.name, after=after) if account else ([], None)
    return draw(request, "home.html", place, rows=found, after=key_text(more), is_first=after is None)


@support_page
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def ticket(request: HttpRequest, place: Place, ticket_id: UUID) -> HttpResponse:
    """One question: how it stands and what was said; a POST says more, or ends it."""
    found = _own(request, place, ticket_id)
    problem, wrong_file, upload = "", "", None
    if request.method == "POST":
        actor, code = asker_of(request), code_shown(request, ticket_id)
        if request.POST.get("act") == "close":
            actions.close_ticket(ticket_id, actor=actor, code=code)
            messages.success(request, "已结束。15 天内还可以接着问。")
            return redirect("support:ticket", place.name, ticket_id)
        if actor.id is not None:
            upload, wrong_file = take_file(request, slot=HELP_SLOT)
        try:
            if wrong_file:
                raise Invalid
            made = actions.reply_to_ticket(
                ticket_id,
                actor=actor,
                text=request.POST.get("text", ""),
                key=key_of(request),
                uploads=(upload.id,) if upload else (),
                code=code,
            )
        except Invalid as error:
            problem = next((one.message for one in error.problems if one.path == "text"), "")
            wrong_file = wrong_file or next((one.message for one in error.problems if one.path == "file"), "")
        except LimitReached:
            problem = "这一件今天补充的次数已经很多，刚写的没有发出。请明天再补充。"
        else:
            messages.success(request, f"已发送，{made.number} 在等待答复。")
            return redirect("support:ticket", place.name, ticket_id)
    return draw(
        request,
        "ticket.html",
        place,
        status=422 if problem or wrong_file else 200,
        ticket=found,
        files={one.id: one for one in _files(found)},
        visits=_visits(found, place),
        code=directory.progress_code(found.id) if found.account is None else "",
        may_reopen=found.may_be_reopened(at=clock.now()),
        problem=problem,
        wrong_file=wrong_file,
        upload=upload,
        text=request.POST.get("text", ""),
        key=request.POST.get("_key") or new_key(),
    )


@support_page
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest, place: Place) -> HttpResponse:
    """查询进度 of somebody without an account: number and code open their question or complaint."""
    number, code, problem = request.POST.get("number", ""), request.POST.get("code", ""), ""
    if request.method == "POST":
        problem = refused_by_limit(PROGRESS_PER_ADDRESS, sender_of(request)) or refused_by_limit(
            PROGRESS_PER_NUMBER, number.strip().upper()[:20]
        )
        if not problem:
            try:
                return _opened(request, place, number, code)
            except YincaiError as error:
                problem = error.sentence
    return draw(
        request, "progress.html", place, status=422 if problem else 200, number=number, problem=problem
    )


def _opened(request: HttpRequest, place: Place, number: str, code: str) -> HttpResponse:
    """On to the complaint or question that number and code open together."""
    if number.strip().upper().startswith(COMPLAINT):
        found, name = directory.complaint_by_code(number, code, place=place.name), "support:complaint"
    else:
        found, name = directory.ticket_by_code(number, code, place=place.name), "support:ticket"
    remember_code(request, found, code)
    return redirect(name, place.name, found)


def _own(request: HttpRequest, place: Place, ticket_id: UUID) -> TicketView:
    found = directory.own_ticket(asker_of(request), ticket_id, code=code_shown(request, ticket_id))
    if found.place != place.name:
        raise NotFound
    return found


def _files(found: TicketView) -> list[DocumentView]:
    return documents.documents([one for said in found.messages for one in said.documents])


def _visits(found: TicketView, place: Place) -> object:
    """Who looked at a question, when and why."""
    named = {one: "截图" for said in found.messages for one in said.documents}
    return visits_of(ledger.history(found.id), place=place, documents=named, answers={"phone": "联系电话"})


def look_at_file(request: HttpRequest, place: Place, ticket_id: UUID, document_id: UUID) -> None:
    """Whether the file is mine; `NotFound`."""
    if all(document_id not in said.documents for said in _own(request, place, ticket_id).messages):
        raise NotFound
