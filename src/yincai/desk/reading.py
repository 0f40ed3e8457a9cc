"""The day's allowance of cases to look into: more for a code and a reason, and who took more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from yincai.desk.pages import page, place_of, staff_of
from yincai.foundation.errors import Invalid
from yincai.people import actions, queries
from yincai.people.permissions import require_signed_in, staff_page
from yincai.people.vocabulary import TooManyAttempts


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest) -> HttpResponse:
    """Show the second factor again and say why, then read on."""
    asked = request.POST if request.method == "POST" else request.GET
    place = place_of(request, asked.get("place"))
    problems: dict[str, str] = {}
    if request.method == "POST":
        account = require_signed_in(request)
        try:
            actions.extend_reading(
                account,
                actor=staff_of(request),
                place=place.name,
                code=request.POST.get("code", ""),
                reason=request.POST.get("reason", ""),
            )
        except Invalid as error:
            problems = {one.path: one.message for one in error.problems}
        except TooManyAttempts as error:
            problems = {"code": error.sentence}
        else:
            messages.success(request, f"今天可以再查看 {place.reading.further} 件申请。")
            return redirect(_safe(request, asked.get("next", "")))
    return page(
        request,
        "reading.html",
        status=422 if problems else 200,
        place=place,
        seen=queries.readings_today(require_signed_in(request).pk, place=place.name),
        problems=problems,
        summary=[(f"#f-{name}", sentence) for name, sentence in problems.items()],
        reason=asked.get("reason", ""),
        next=_safe(request, asked.get("next", "")),
    )


@staff_page(roles=("administrator",))
@require_safe
def passes(request: HttpRequest) -> HttpResponse:
    """Who read more than the day's allowance, for administrators of the place."""
    account = require_signed_in(request)
    held = [one.place for one in queries.appointments(account) if one.role == "administrator"]
    place = place_of(request, request.GET.get("place") or held[0])
    if place.name not in held:
        place = place_of(request, held[0])
    return page(request, "readings.html", place=place, passes=queries.reading_passes(place.name))


def _safe(request: HttpRequest, address: str) -> str:
    """Back to a page of the officers' door, never elsewhere."""
    here = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if here and address.startswith("/desk/") else "/desk/"
