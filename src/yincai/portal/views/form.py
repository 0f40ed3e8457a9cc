"""Step 1, 填写申请人信息: one section a page, saved as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yincai.cards import queries as cards
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import (
    CaseView,
    DrawnPage,
    EditedElsewhere,
    NotPinned,
    Saved,
    SectionContent,
    Verb,
)
from yincai.documents import queries as documents
from yincai.engine import forms
from yincai.engine.kinds import Kind
from yincai.engine.spec import Section
from yincai.foundation import clock
from yincai.foundation.errors import NotFound, Problem
from yincai.look.environment import clock_time
from yincai.look.form_state import FormState
from yincai.look.posted import whole_number
from yincai.portal.answering import Answering, answering
from yincai.portal.filling import marks_of, with_what_is_known
from yincai.portal.form_words import COMPARE_BY_SAVING
from yincai.portal.inputs import other_side, rows_to_offer, with_row, with_taken, without_row
from yincai.portal.pages import account_of, actor_of, applicant_page, entry_of, new_key, page, posted_of
from yincai.portal.steps import section_states

Posted = Mapping[str, Sequence[str]]


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, case_id: UUID, name: str) -> HttpResponse:
    """One section of the form.  Saving keeps what is wrong too, and says beside it what to do."""
    if request.method == "POST":
        return _save(request, case_id, name)
    dossier = cases.open_case(actor_of(request), case_id, Verb.EDIT)
    case, spec = dossier.case, _section(dossier.case, name)
    content = dossier.contents.get(name) or SectionContent(name)
    posted: Posted = forms.as_posted(case.spec, name, content.values, content.typed)
    answer = answering(request, case)
    for rows in rows_to_offer(request, spec, content):
        posted = with_row(posted, rows) if answer.is_open(rows) else posted
    problems = cases.problems_of(content, case) if content.revision else []
    filled = marks_of(spec, request.GET.getlist("filled"))
    if not content.revision and answer.scope.everything:
        posted, filled = with_what_is_known(account_of(request), spec, posted)
    return _draw(request, case, spec, dossier.contents, content, posted, problems, filled=filled)


def _save(request: HttpRequest, case_id: UUID, name: str) -> HttpResponse:
    posted = posted_of(request)
    without = request.POST.get("_delete_row")
    if without:
        posted = without_row(posted, without)
    try:
        saved = actions.save_section(
            case_id,
            actor=actor_of(request),
            section=name,
            posted=posted,
            seen_revision=_seen_revision(request),
            page=_drawn_page(request),
        )
    except EditedElsewhere as conflict:
        return _conflict(request, case_id, name, posted, conflict)
    except NotPinned as refusal:
        if request.headers.get("X-Autosave"):
            return JsonResponse({"message": refusal.sentence}, status=403)
        raise
    case, spec = saved.case, _section(saved.case, name)
    if request.headers.get("X-Autosave"):
        return _autosave_answer(request, spec, saved)
    if request.POST.get("_add_row"):
        address = reverse("portal:form", args=[case_id, name])
        return redirect(f"{address}?add={request.POST['_add_row']}#f-{request.POST['_add_row']}")
    if without:
        return redirect("portal:form", case_id, name)
    if saved.problems:
        shown = with_taken(case, name, posted, saved.content, (*saved.merged, *_fields_of(saved.filled)))
        marks = marks_of(spec, saved.filled)
        return _draw(
            request,
            case,
            spec,
            saved.contents,
            saved.content,
            shown,
            saved.problems,
            filled=marks,
            status=422,
        )
    if saved.filled:
        messages.info(request, "已保存。下面有几处已按身份证号码填写，请核对后再点「保存下一步」。")
        return redirect(_address_of(case_id, name, saved))
    if request.POST.get("_go") == "stay":
        return redirect("portal:form", case_id, name)
    return _next(request, spec, saved)


def _address_of(case_id: UUID, section: str, saved: Saved) -> str:
    """The page of a section that marks what was filled in by this save."""
    marked = urlencode({"filled": saved.filled}, doseq=True)
    return reverse("portal:form", args=[case_id, section]) + (f"?{marked}" if marked else "")


def _fields_of(paths: Sequence[str]) -> list[str]:
    return [path.partition(".")[0] for path in paths]


def _draw(
    request: HttpRequest,
    case: CaseView,
    spec: Section,
    stored: Mapping[str, SectionContent],
    content: SectionContent,
    posted: Posted,
    problems: Sequence[Problem],
    *,
    elsewhere: Mapping[str, str] | None = None,
    filled: Mapping[str, str] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    facts = _facts(case, stored)
    answer = answering(request, case)
    state = FormState(
        spec,
        posted,
        facts,
        tuple(problems),
        elsewhere or {},
        pictures=_pictures(case, spec),
        upload_address=reverse("portal:materials", args=[case.id]),
        notes=cards.notes_beside(case.spec, facts),
        is_open=answer.is_open,
        asked=answer.asked,
        filled=filled or {},
    )
    return page(
        request,
        "form.html",
        entry=entry_of(case),
        opens=answer.opens_section([one.name for one in spec.fields]),
        status=status,
        case=case,
        section=spec,
        form=state,
        content=content,
        page_key=new_key(),
        notice=notice,
        sections=section_states(case, stored, facts),
        previous=_neighbour(case, spec, facts, -1, answer),
    )


def _pictures(case: CaseView, spec: Section) -> dict[str, str]:
    """The photographs handed in for the photo fields of a section, by field, as addresses."""
    photos = {one.name for one in spec.fields if one.kind is Kind.PHOTO}
    files = (
        {one.slot: one.document_id for one in cases.materials(case.id) if one.slot in photos}
        if photos
        else {}
    )
    safe = {one.id for one in documents.documents(list(files.values())) if one.is_safe} if files else set()
    return {
        name: reverse("portal:document", args=[case.id, document, 1])
        for name, document in files.items()
        if document in safe
    }


def _conflict(
    request: HttpRequest, case_id: UUID, name: str, posted: Posted, conflict: EditedElsewhere
) -> HttpResponse:
    """Both sides on one page: what was typed here stays in the inputs, what the other device saved stands
    beside."""
    if request.headers.get("X-Autosave"):
        return JsonResponse({"message": COMPARE_BY_SAVING, "conflict": True}, status=409)
    dossier = cases.open_case(actor_of(request), case_id, Verb.EDIT)
    spec = _section(dossier.case, name)
    return _draw(
        request,
        dossier.case,
        spec,
        dossier.contents,
        conflict.current,
        with_taken(dossier.case, name, posted, conflict.current, conflict.taken),
        (),
        elsewhere={
            one.name: other_side(one, conflict.current) for one in spec.fields if one.name in conflict.fields
        },
        notice=conflict.sentence,
        status=409,
    )


def _seen_revision(request: HttpRequest) -> int:
    """The revision whose values the page shows; none when it says nothing that could be one."""
    return whole_number(request.POST.get("_revision", "")) or 0


def _drawn_page(request: HttpRequest) -> DrawnPage | None:
    """The page that saves; none when it does not say which it is."""
    key, before = (_key(request.POST.get(name, "")) for name in ("_page", "_before"))
    save = whole_number(request.POST.get("_save", "")) or 0
    return DrawnPage(key, save, bool(request.POST.get("_overtakes")), before) if key else None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _autosave_answer(request: HttpRequest, spec: Section, saved: Saved) -> HttpResponse:
    """What the page needs to go on: the revision whose values it shows, the time, and whether it must be
    drawn anew.  While it does not show what another device changed, that is not the newest one."""
    facts = _facts(saved.case, saved.contents)
    at = saved.content.saved_at
    wrong = f"，但有 {len(saved.problems)} 处需要修改" if saved.problems else ""
    return JsonResponse(
        {
            "revision": _seen_revision(request) if saved.merged else saved.content.revision,
            "message": f"已保存 {clock_time(at)}{wrong}" if at else "",
            "address": _address_of(saved.case.id, spec.name, saved),
            "redraw": bool(saved.merged or saved.filled)
            or _newly_shown(request, spec, facts)
            or _noted_before(request) != _noted(saved.case, spec, facts),
        }
    )


def _next(request: HttpRequest, spec: Section, saved: Saved) -> HttpResponse:
    case, facts = saved.case, _facts(saved.case, saved.contents)
    if _newly_shown(request, spec, facts):
        messages.info(request, "已保存。您的选择多出了一个问题，请在下面补充后再点「保存下一步」。")
        return redirect("portal:form", case.id, spec.name)
    if _noted(case, spec, facts) - _noted_before(request):
        messages.info(request, "已保存。下面有一处给您的说明，看过后请再点「保存下一步」。")
        return redirect("portal:form", case.id, spec.name)
    answer = answering(request, case)
    following = _neighbour(case, spec, facts, 1, answer)
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


def _facts(case: CaseView, stored: Mapping[str, SectionContent]) -> dict[str, Any]:
    values = {name: value for one in stored.values() for name, value in one.values.items()}
    return dict(forms.with_context(values, today=clock.today(), variant=case.variant))


def _neighbour(case: CaseView, spec: Section, facts: Mapping[str, Any], step: int, answer: Answering) -> str:
    """The section before or after; in a correction, the nearest that it opens anything of."""
    names = [
        one.name
        for one in forms.visible_sections(case.spec, facts)
        if one is spec or answer.opens_section([field.name for field in one.fields])
    ]
    at = names.index(spec.name) + step if spec.name in names else 0
    return names[at] if 0 <= at < len(names) else ""


def _section(case: CaseView, name: str) -> Section:
    try:
        return case.spec.section(name)
    except KeyError as error:
        raise NotFound from error
