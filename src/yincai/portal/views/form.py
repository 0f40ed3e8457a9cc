"""Step 1, 填写申请人信息: one section a page, saved as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from yincai.foundation.errors import NotAllowed, NotFound, Problem
from yincai.look.form_state import FormState
from yincai.look.posted import whole_number
from yincai.portal import after_saving, lookups
from yincai.portal.answering import answering
from yincai.portal.filling import (
    ALL_KNOWN,
    FROM_DOCUMENT,
    marks_of,
    with_what_is_known,
    with_what_was_chosen,
    with_what_was_handed_over,
)
from yincai.portal.form_words import COMPARE_BY_SAVING
from yincai.portal.gate.arriving import Arrival, arrival_of
from yincai.portal.inputs import other_side, rows_to_offer, with_row, with_taken, without_row
from yincai.portal.pages import actor_of, applicant_page, entry_of, helping_of, new_key, page, posted_of
from yincai.portal.steps import section_states

Posted = Mapping[str, Sequence[str]]


HANDED_IN = "这件申请已经提交，申请表不能再修改。需要修改的，请等工作人员退回补正，或联系受理窗口。"


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, case_id: UUID, name: str) -> HttpResponse:
    """One section of the form.  Saving keeps what is wrong too, and says beside it what to do."""
    if request.method == "POST":
        return _save(request, case_id, name)
    try:
        dossier = cases.open_case(actor_of(request), case_id, Verb.EDIT)
    except NotAllowed:
        handed_in = cases.case_for(actor_of(request), case_id)
        if not (handed_in.is_draft or handed_in.is_in_correction):
            messages.info(request, HANDED_IN)
            return redirect("portal:case", case_id)
        raise
    case, spec = dossier.case, _section(dossier.case, name)
    content = dossier.contents.get(name) or SectionContent(name)
    posted: Posted = forms.as_posted(case.spec, name, content.values, content.typed)
    answer = answering(request, case)
    for rows in rows_to_offer(request, spec, content):
        posted = with_row(posted, rows) if answer.is_open(rows) else posted
    problems = cases.problems_of(content, case) if content.revision else []
    filled = marks_of(spec, request.GET.getlist("filled"))
    if not content.revision and answer.scope.everything:
        parts = FROM_DOCUMENT if helping_of(request) else ALL_KNOWN
        posted, filled = with_what_is_known(case.account_id, spec, posted, parts=parts)
        if not helping_of(request):
            posted, filled = with_what_was_handed_over(case_id, spec, posted, filled)
            posted, chosen = with_what_was_chosen(_arrival(request, case), spec, posted)
            filled |= chosen
    return _draw(request, case, spec, dossier.contents, content, posted, problems, filled=filled)


def _arrival(request: HttpRequest, case: CaseView) -> Arrival | None:
    """What was chosen in the channel by which the applicant came to this programme."""
    found = arrival_of(request)
    return found if found and (found.place, found.programme) == (case.place, case.programme) else None


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
            seen_revision=after_saving.seen_revision(request),
            page=_drawn_page(request),
        )
    except EditedElsewhere as conflict:
        return _conflict(request, case_id, name, posted, conflict)
    except NotPinned as refusal:
        if request.headers.get("X-Autosave"):
            return JsonResponse({"message": refusal.sentence}, status=403)
        raise
    spec = _section(saved.case, name)
    if request.headers.get("X-Autosave"):
        return after_saving.autosave_answer(request, spec, saved)
    if looked_up := lookups.way_of(request, saved, spec):
        return redirect(looked_up)
    if saved.problems and not (without or request.POST.get("_add_row")):
        return _draw_problems(request, spec, saved, posted)
    return after_saving.next_page(request, spec, saved)


def _draw_problems(request: HttpRequest, spec: Section, saved: Saved, posted: Posted) -> HttpResponse:
    """The page once more, with what is wrong beside its fields; it is stored all the same."""
    filled = [path.partition(".")[0] for path in saved.filled]
    shown = with_taken(saved.case, spec.name, posted, saved.content, (*saved.merged, *filled))
    return _draw(
        request,
        saved.case,
        spec,
        saved.contents,
        saved.content,
        shown,
        saved.problems,
        filled=marks_of(spec, saved.filled),
        status=422,
    )


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
    facts = after_saving.facts_of(case, stored)
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
        lookups=lookups.lookups_of(case.place, spec, posted),
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
        previous=after_saving.neighbour(case, spec, facts, -1, answer),
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


def _section(case: CaseView, name: str) -> Section:
    try:
        return case.spec.section(name)
    except KeyError as error:
        raise NotFound from error
