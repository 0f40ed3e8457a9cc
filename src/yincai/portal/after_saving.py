"""What follows when a section of the form was saved: where its page leads, and what it needs to go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from yincai.cards import queries as cards
from yincai.casework.vocabulary import CaseView, Saved, SectionContent
from yincai.engine import forms
from yincai.engine.spec import Section
from yincai.foundation import clock
from yincai.look.environment import clock_time
from yincai.look.posted import whole_number
from yincai.portal.answering import Answering, answering


def autosave_answer(request: HttpRequest, spec: Section, saved: Saved) -> HttpResponse:
    """What the page needs to go on: the revision whose values it shows, the time, and whether it must be
    drawn anew.  While it does not show what another device changed, that is not the newest one."""
    facts = facts_of(saved.case, saved.contents)
    at = saved.content.saved_at
    wrong = f"，但有 {len(saved.problems)} 处需要修改" if saved.problems else ""
    return JsonResponse(
        {
            "revision": seen_revision(request) if saved.merged else saved.content.revision,
            "message": f"已保存 {clock_time(at)}{wrong}" if at else "",
            "address": _address_of(saved.case.id, spec.name, saved),
            "redraw": bool(saved.merged or saved.filled)
            or _newly_shown(request, spec, facts)
            or _noted_before(request) != _noted(saved.case, spec, facts),
        }
    )


def next_page(request: HttpRequest, spec: Section, saved: Saved) -> HttpResponse:
    """Where a section that was saved without mistakes leads, or with a row added or taken away."""
    here = reverse("portal:form", args=[saved.case.id, spec.name])
    if rows := request.POST.get("_add_row"):
        return redirect(f"{here}?add={rows}#f-{rows}")
    if request.POST.get("_delete_row"):
        return redirect(here)
    if saved.filled:
        messages.info(request, "已保存。下面有几处已按身份证号码填写，请核对后再点「保存下一步」。")
        return redirect(_address_of(saved.case.id, spec.name, saved))
    if request.POST.get("_go") == "stay":
        return redirect(here)
    return _onward(request, spec, saved)


def _onward(request: HttpRequest, spec: Section, saved: Saved) -> HttpResponse:
    """To what this section makes worth reading, else to the next one."""
    case, facts = saved.case, facts_of(saved.case, saved.contents)
    if _newly_shown(request, spec, facts):
        messages.info(request, "已保存。您的选择多出了一个问题，请在下面补充后再点「保存下一步」。")
        return redirect("portal:form", case.id, spec.name)
    if _noted(case, spec, facts) - _noted_before(request):
        messages.info(request, "已保存。下面有一处给您的说明，看过后请再点「保存下一步」。")
        return redirect("portal:form", case.id, spec.name)
    answer = answering(request, case)
    following = neighbour(case, spec, facts, 1, answer)
    if following:
        return redirect("portal:form", case.id, following)
    return redirect("portal:materials", case.id)


def _newly_shown(request: HttpRequest, spec: Section, facts: Mapping[str, Any]) -> bool:
    """Whether the answers make a field appear that the page did not have."""
    drawn = set(request.POST.get("_drawn", "").split())
    return any(one.name not in drawn for one in forms.visible_fields(spec, facts))


def _noted(case: CaseView, spec: Section, facts: Mapping[str, Any]) -> set[str]:
    """The fields of a section that have something said beside them now."""
    return {one.name for one in spec.fields} & cards.notes_beside(case.spec, facts).keys()


def _noted_before(request: HttpRequest) -> set[str]:
    """Those that had it on the page that was sent."""
    return set(request.POST.get("_noted", "").split())


def facts_of(case: CaseView, stored: Mapping[str, SectionContent]) -> dict[str, Any]:
    """What is stored, as the conditions of the form read it."""
    values = {name: value for one in stored.values() for name, value in one.values.items()}
    return dict(forms.with_context(values, today=clock.today(), variant=case.variant))


def neighbour(case: CaseView, spec: Section, facts: Mapping[str, Any], step: int, answer: Answering) -> str:
    """The section before or after; in a correction, the nearest that it opens anything of."""
    names = [
        one.name
        for one in forms.visible_sections(case.spec, facts)
        if one is spec or answer.opens_section([field.name for field in one.fields])
    ]
    at = names.index(spec.name) + step if spec.name in names else 0
    return names[at] if 0 <= at < len(names) else ""


def _address_of(case_id: UUID, section: str, saved: Saved) -> str:
    """The page of a section that marks what was filled in by this save."""
    marked = urlencode({"filled": saved.filled}, doseq=True)
    return reverse("portal:form", args=[case_id, section]) + (f"?{marked}" if marked else "")


def seen_revision(request: HttpRequest) -> int:
    """The revision whose values the page shows; none when it says nothing that could be one."""
    return whole_number(request.POST.get("_revision", "")) or 0
