"""Finding in the place's directory what one input of the form names, and filling it in."""

from __future__ import annotations

from dataclasses import dataclass
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
from yincai.portal.searching import too_fast, with_wait


@dataclass(frozen=True, slots=True)
class Asked:
    """The input that is looked up, and the section that it stands in, as it is stored."""

    case: CaseView
    section: Section
    content: SectionContent
    posted: lookups.Posted
    path: str
    field: Field
    sort: Sort

    @property
    def text(self) -> str:
        """What stands in the input."""
        return "".join(self.posted.get(self.path, ()))

    @property
    def back(self) -> str:
        """The address of the input."""
        return f"{reverse('portal:form', args=[self.case.id, self.section.name])}#{input_id(self.path)}"


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, case_id: UUID, name: str, path: str) -> HttpResponse:
    """The search for one input, which begins with what stands in it; a POST fills in the record chosen."""
    asked = _asked(request, case_id, name, path)
    return _fill_in(request, asked) if request.method == "POST" else _draw(request, asked)


def _asked(request: HttpRequest, case_id: UUID, name: str, path: str) -> Asked:
    """The input of this path, if it names something of the directory and may be changed now."""
    dossier = cases.open_case(actor_of(request), case_id, Verb.EDIT)
    case, content = dossier.case, dossier.contents.get(name) or SectionContent(name)
    section = next((one for one in case.spec.sections if one.name == name), None)
    answer = answering(request, case)
    if section is None or not answer.is_open(path):
        raise NotFound
    posted: lookups.Posted = forms.as_posted(case.spec, name, content.values, content.typed)
    if answer.is_open(path.partition(".")[0]):
        posted = lookups.with_row_of(section, posted, path)
    for sort in (Sort.ORGANISATION, Sort.SCHOOL):
        field = dict(lookups.inputs_of(section, posted, sort)).get(path)
        if field and directory.keeps(case.place, sort):
            return Asked(case, section, content, posted, path, field, sort)
    raise NotFound


def _fill_in(request: HttpRequest, asked: Asked) -> HttpResponse:
    try:
        chosen = UUID(request.POST.get("record", ""))
    except ValueError as error:
        raise NotFound from error
    record = directory.record(chosen, place=asked.case.place, sort=asked.sort)
    actions.save_section(
        asked.case.id,
        actor=actor_of(request),
        section=asked.section.name,
        posted={one: list(texts) for one, texts in asked.posted.items()} | {asked.path: [record.name]},
        seen_revision=asked.content.revision,
    )
    messages.success(request, f"已填入「{record.name}」并保存。")
    return redirect(asked.back)


def _draw(request: HttpRequest, asked: Asked) -> HttpResponse:
    place, words = asked.case.place, WORDS[asked.sort]
    query = request.GET.get("q", asked.text).replace("\0", "").strip()[: lookups.LONGEST]
    after = request.GET.get("after", "")
    wait = too_fast(request) if query else None
    found = directory.search(place, asked.sort, query, after=after) if query and wait is None else Found(())
    spec = directory.declared(place)
    adding = urlencode({"name": query, "back": asked.back})
    answer = page(
        request,
        "find.html",
        entry=entry_of(asked.case),
        case=asked.case,
        asked=asked,
        words=words,
        query=query,
        rows=[(one, facts_of(one, spec, brief=True)) for one in found.records],
        is_many=found.is_many,
        is_first=not after,
        more=urlencode({"q": query, "after": found.after}) if found.after else "",
        adding=f"{reverse(words.adding, args=[place])}?{adding}",
        is_too_fast=wait is not None,
    )
    with_wait(answer, wait)
    return answer
