"""Finding in the place's directory what one input of the form names, and filling it in."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView, SectionContent, Verb
from yincai.directory import queries as directory
from yincai.directory.vocabulary import Found, Sort
from yincai.engine import forms
from yincai.engine.spec import Field, Section
from yincai.foundation.errors import NotFound
from yincai.look.form_state import input_id
from yincai.look.records import facts_of
from yincai.portal import lookups
from yincai.portal.answering import answering
from yincai.portal.directory.words import WORDS
from yincai.portal.pages import actor_of, applicant_page, entry_of, page


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, case_id: UUID, name: str, path: str) -> HttpResponse:
    """The search for one input, which begins with what stands in it; a POST fills in the record chosen."""
    dossier = cases.open_case(actor_of(request), case_id, Verb.EDIT)
    case, content = dossier.case, dossier.contents.get(name) or SectionContent(name)
    section = next((one for one in case.spec.sections if one.name == name), None)
    if section is None:
        raise NotFound
    posted = forms.as_posted(case.spec, name, content.values, content.typed)
    field, sort = _input(request, case, section, path, posted)
    if request.method == "POST":
        return _fill_in(request, case, section, path, sort, content, posted)
    return _draw(request, case, section, path, field, sort, "".join(posted.get(path, ())))


def _input(
    request: HttpRequest, case: CaseView, section: Section, path: str, posted: lookups.Posted
) -> tuple[Field, Sort]:
    """The input of this path, if it names something of the directory and may be changed now."""
    for sort in (Sort.ORGANISATION, Sort.SCHOOL):
        field = dict(lookups.inputs_of(section, posted, sort)).get(path)
        if field and directory.keeps(case.place, sort) and answering(request, case).is_open(path):
            return field, sort
    raise NotFound


def _fill_in(
    request: HttpRequest,
    case: CaseView,
    section: Section,
    path: str,
    sort: Sort,
    content: SectionContent,
    posted: lookups.Posted,
) -> HttpResponse:
    try:
        record = directory.record(UUID(request.POST.get("record", "")), place=case.place, sort=sort)
    except ValueError as error:
        raise NotFound from error
    actions.save_section(
        case.id,
        actor=actor_of(request),
        section=section.name,
        posted={one: list(texts) for one, texts in posted.items()} | {path: [record.name]},
        seen_revision=content.revision,
    )
    messages.success(request, f"已填入「{record.name}」并保存。")
    return redirect(_back(case, section, path))


def _draw(
    request: HttpRequest, case: CaseView, section: Section, path: str, field: Field, sort: Sort, text: str
) -> HttpResponse:
    query = request.GET.get("q", text).replace("\0", "").strip()[: lookups.LONGEST]
    after = request.GET.get("after", "")
    found = directory.search(case.place, sort, query, after=after) if query else Found(())
    spec, back = directory.declared(case.place), _back(case, section, path)
    adding = reverse(WORDS[sort].adding, args=[case.place])
    return page(
        request,
        "find.html",
        entry=entry_of(case),
        case=case,
        section=section,
        path=path,
        field=field,
        words=WORDS[sort],
        query=query,
        rows=[(one, facts_of(one, spec, brief=True)) for one in found.records],
        is_many=found.is_many,
        is_first=not after,
        more=urlencode({"q": query, "after": found.after}) if found.after else "",
        back=back,
        adding=f"{adding}?{urlencode({'name': query, 'back': back})}",
    )


def _back(case: CaseView, section: Section, path: str) -> str:
    return f"{reverse('portal:form', args=[case.id, section.name])}#{input_id(path)}"
