"""我的个人信息, and 个人信息副本: everything held about whoever is signed in, to take away."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from yincai.foundation import clock
from yincai.foundation.errors import NotFound, YincaiError
from yincai.foundation.paging import key_from, key_text
from yincai.people import permissions
from yincai.portal.account_views import beside_menu, confirmed
from yincai.portal.pages import account_of, actor_of, applicant_page, key_of, new_key
from yincai.privacy import actions, queries
from yincai.privacy.vocabulary import COPIES_A_DAY, Form

TYPES: Final = {Form.JSON: "application/json", Form.PDF: "application/pdf"}


@applicant_page
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The one page from which all that can be asked goes out."""
    return beside_menu(
        request, "account/data.html", entry="data", account=permissions.require_signed_in(request)
    )


@confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def copies(request: HttpRequest) -> HttpResponse:
    """The copies that there are; a POST asks for one."""
    account_id, problem = account_of(request), ""
    if request.method == "POST":
        try:
            actions.ask_copy(account_id, actor=actor_of(request), key=key_of(request))
        except YincaiError as error:
            problem = error.sentence
        else:
            messages.success(request, "已经开始生成，通常不到一分钟。生成后会告诉您。")
            return redirect("account_data_copies")
    found, after = queries.copies_of(account_id, after=key_from(request.GET.get("after", "")))
    response = beside_menu(
        request,
        "account/data_copies.html",
        entry="data",
        copies=found,
        after=key_text(after),
        key=new_key(),
        problem=problem,
        kept=queries.copies_kept().words,
        most=COPIES_A_DAY.amount,
    )
    response.status_code = 422 if problem else 200
    return response


@confirmed
@require_GET
def fetch(request: HttpRequest, copy_id: UUID, form: str) -> HttpResponse:
    """One copy as a file, for its owner; each time is on record."""
    if form not in list(Form):
        raise NotFound
    wanted = Form(form)
    content = actions.fetch_copy(copy_id, actor=actor_of(request), form=wanted)
    name = f"personal-data-{clock.today():%Y%m%d}.{wanted.value}"
    return HttpResponse(
        content,
        content_type=TYPES[wanted],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
