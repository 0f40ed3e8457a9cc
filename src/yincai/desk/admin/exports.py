"""导出: a spreadsheet is asked for, made by a job with progress, and fetched for a day."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.desk.admin.pages import actor_of, draw, place_of, problems_of
from yincai.foundation import clock
from yincai.foundation.days import day_in
from yincai.foundation.errors import Invalid
from yincai.people.permissions import administrator_page, require_signed_in
from yincai.people.vocabulary import TooManyAttempts
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
USUAL = timedelta(days=29)


@administrator_page
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Ask for one; see how far those of the last day are."""
    place = place_of(request)
    offered = {one.name: one.programme.title for one in programmes.catalogue(place.name)}
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            _ask(request, place, offered)
        except Invalid as error:
            problems = problems_of(error)
        except TooManyAttempts as error:
            problems = {"code": error.sentence}
        else:
            messages.success(request, "已开始导出，完成后可在下面下载。")
            return redirect(f"{reverse('desk:admin-exports')}?place={place.name}")
    found = cases.exports_of(require_signed_in(request).pk, place=place.name)
    return draw(
        request,
        "exports.html",
        entry="exports",
        place=place,
        status=422 if problems else 200,
        problems=problems,
        typed=request.POST,
        offered=offered,
        exports=found,
        working=any(one.state.value in ("waiting", "running") for one in found),
        begin=clock.today() - USUAL,
        end=clock.today(),
    )


def _ask(request: HttpRequest, place: Place, offered: dict[str, str]) -> None:
    end = day_in(request.POST.get("end", ""), path="end", label="结束日期") or clock.today()
    begin = day_in(request.POST.get("begin", ""), path="begin", label="开始日期") or end - USUAL
    programme = request.POST.get("programme", "")
    actions.ask_export(
        actor=actor_of(request),
        place=place.name,
        begin=begin,
        end=end,
        purpose=request.POST.get("purpose", ""),
        programme=programme if programme in offered else "",
        whole_numbers=request.POST.get("whole_numbers") == "on",
        code=request.POST.get("code", ""),
    )


@administrator_page
@require_POST
def fetch(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """下载: a POST, because it leaves a look on record."""
    place = place_of(request)
    content = actions.fetch_export(export_id, actor=actor_of(request), place=place.name)
    answer = HttpResponse(content, content_type=KIND)
    answer["Content-Disposition"] = f'attachment; filename="yincai-{clock.today():%Y%m%d}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer
