"""已添加企业审核进度查询: one's requests, one of them with its file; what one administers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from yincai.directory import actions
from yincai.directory import queries as directory
from yincai.directory.vocabulary import RequestView
from yincai.documents import queries as documents
from yincai.foundation.errors import NotFound
from yincai.foundation.once import asked_once
from yincai.foundation.paging import key_from, key_text
from yincai.ledger import queries as ledger
from yincai.look.records import answers_of, deed_title
from yincai.portal.directory.pages import page
from yincai.portal.pages import account_of, actor_of, applicant_page
from yincai.portal.visits import Visit, visits_of
from yincai.programmes import queries as programmes


@applicant_page
@require_safe
@asked_once()
def requests(request: HttpRequest, place: str) -> HttpResponse:
    """What I asked for in this place, newest first."""
    found, after = directory.own_requests(
        account_of(request), place, after=key_from(request.GET.get("after", ""))
    )
    rows = [(one, deed_title(one)) for one in found]
    return page(request, place, "requests.html", rows=rows, after=key_text(after))


@applicant_page
@require_safe
@asked_once()
def one_request(request: HttpRequest, place: str, request_id: UUID) -> HttpResponse:
    """One request: how it stands, what I wrote, its file."""
    found = _own(request, place, request_id)
    spec = directory.declared(place)
    return page(
        request,
        place,
        "request.html",
        asked=found,
        title=deed_title(found),
        answers=answers_of(found, spec),
        files=documents.documents(found.documents),
        visits=_visits(found),
        file_title=directory.file_label(found.sort, found.deed)[0],
    )


@applicant_page
@require_POST
def withdraw(request: HttpRequest, place: str, request_id: UUID) -> HttpResponse:
    """Take a request back."""
    _own(request, place, request_id)
    actions.withdraw_request(request_id, actor=actor_of(request))
    messages.success(request, "申请已撤回。")
    return redirect("directory:request", place, request_id)


@applicant_page
@require_safe
def rights(request: HttpRequest, place: str) -> HttpResponse:
    """What I administer, and how one comes to it."""
    return page(request, place, "rights.html", rights=directory.administers(account_of(request), place=place))


@applicant_page
@require_POST
def give_up(request: HttpRequest, place: str, right_id: UUID) -> HttpResponse:
    """Give a right up; it ends at once."""
    ended = actions.end_right(right_id, actor=actor_of(request))
    messages.success(request, f"您对{ended.name}的系统管理员权限已取消。")
    return redirect("directory:rights", place)


def _own(request: HttpRequest, place: str, request_id: UUID) -> RequestView:
    found = directory.own_request(account_of(request), request_id)
    if found.place != place:
        raise NotFound
    return found


def _visits(found: RequestView) -> list[Visit]:
    """Who looked at a request, when and why."""
    return visits_of(
        ledger.history(found.id),
        place=programmes.place(found.place),
        documents={one: directory.file_label(found.sort, found.deed)[0] for one in found.documents},
        answers={"phone": "联系电话"},
    )


def look_at_file(request: HttpRequest, place: str, request_id: UUID, document_id: UUID) -> None:
    """Whether the file is mine; `NotFound`."""
    if document_id not in _own(request, place, request_id).documents:
        raise NotFound
