"""The lists of 「我的申请」, and where a new application starts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView, TooManyDrafts
from yincai.engine.showing import regions_of
from yincai.portal.gate.arriving import arrival_of
from yincai.portal.gate.handing import brought, take_along
from yincai.portal.pages import (
    ENTRIES,
    account_of,
    actor_of,
    applicant_page,
    key_of,
    new_key,
    page,
    worded_place,
)
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import PublishedVersion


@applicant_page
@require_safe
def listing(request: HttpRequest, name: str) -> HttpResponse:
    """One list: 草稿箱, 正在审批, 材料补正, 不予受理 or 审批通过."""
    return _list(request, name)


def _list(request: HttpRequest, name: str, *, problem: str = "") -> HttpResponse:
    entry = next(one for one in ENTRIES if one.name == name)
    mine = cases.cases_of(account_of(request))
    shown = [case for case in mine if case.current_state.menu in entry.menus]
    to_correct = sum(case.is_in_correction for case in mine)
    return page(
        request,
        "list.html",
        status=422 if problem else 200,
        entry=name,
        cases=shown,
        empty=entry.empty,
        to_correct=to_correct,
        problem=problem,
    )


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """绿卡申请: what can be applied for, with its conditions; choosing one opens a draft."""
    if request.method == "POST":
        place, _, rest = request.POST.get("programme", "").partition("/")
        programme, _, variant = rest.partition("/")
        try:
            case = actions.open_draft(
                actor=actor_of(request),
                place=place,
                programme=programme,
                variant=variant,
                key=key_of(request),
            )
        except TooManyDrafts as error:  # where something can be done about it
            return _list(request, "drafts", problem=error.sentence)
        take_along(request, case_id=case.id, owner=place, programme=programme)
        return redirect("portal:form", case.id, case.spec.sections[0].name)
    home = worded_place(cases.standing(account_of(request)).places)
    first = home.name if home else ""
    catalogue = sorted(programmes.catalogue(), key=lambda one: one.place != first)
    offers = [(one, new_key()) for one in catalogue]
    live = cases.live_cases(account_of(request))

    def in_the_way(offer: PublishedVersion, variant: str) -> CaseView | None:
        key = cases.live_key(offer.programme, place=offer.place, programme=offer.name, variant=variant)
        return live.get(key)

    def held(offer: PublishedVersion, variant: str) -> str:
        return cases.barred_by(account_of(request), offer, variant)

    def missing(offer: PublishedVersion) -> programmes.System | None:
        return cases.application_missing(account_of(request), place=offer.place, programme=offer.name)

    return page(
        request,
        "apply.html",
        entry="apply",
        offers=offers,
        place=programmes.place,
        in_the_way=in_the_way,
        held=held,
        missing=missing,
        arrival=arrival_of(request),
        brought=brought(request),
        regions=regions_of,
    )
