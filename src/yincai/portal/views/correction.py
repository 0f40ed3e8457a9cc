"""材料补正: what is asked, why, until when, and the way to each place."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from yincai.casework import queries as cases
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.portal.answering import place_of_item
from yincai.portal.pages import actor_of, applicant_page, page


@applicant_page
@require_safe
def correction(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The list of what is to be put right, each line with its way and whether it was changed already."""
    actor = actor_of(request)
    case = cases.case_for(actor, case_id)
    found = cases.correction(actor, case_id)
    if found is None:
        return redirect("portal:case", case_id)
    changed = cases.changes_so_far(actor, case_id).paths
    return page(
        request,
        "correction.html",
        entry="corrections",
        case=case,
        correction=found,
        items=[(one, place_of_item(case, one), one.place.path in changed) for one in found.items],
        rest=time_left(found.due_at),
    )


def time_left(due_at: datetime | None) -> str:
    """How long there is still, in working days; empty without a limit."""
    if due_at is None:
        return ""
    if clock.now() >= due_at:
        return "已经到期，请马上提交"
    last_day = clock.day_of(due_at - timedelta(seconds=1))
    days = load_calendar().count(clock.today(), last_day)
    return f"还有 {days} 个工作日" if days > 0 else "今天是最后一天"
