"""Names in a form that the place's directory knows: what is said beside them, and how to look them up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from yincai.casework.vocabulary import Saved
from yincai.directory import queries as directory
from yincai.directory.vocabulary import Same, Sort
from yincai.engine import forms
from yincai.engine.kinds import Kind
from yincai.engine.spec import Field, Section
from yincai.look.form_state import Lookup, input_id
from yincai.look.records import LIBRARIES, sort_of, standing_of
from yincai.portal.directory.words import WORDS

Posted = Mapping[str, Sequence[str]]
LONGEST = 100


def lookups_of(place: str, section: Section, posted: Posted) -> dict[str, Lookup]:
    """The inputs of a section whose names the place's directory keeps, each with what is said of its text."""
    found: dict[str, Lookup] = {}
    for sort in (Sort.ORGANISATION, Sort.SCHOOL):
        texts = {path: _text(posted, path) for path, _ in inputs_of(section, posted, sort)}
        if texts and directory.keeps(place, sort):
            found |= _told(place, sort, texts)
    return found


def inputs_of(section: Section, posted: Posted, sort: Sort) -> Iterator[tuple[str, Field]]:
    """The inputs of a section that name something of this sort: path and field, those of tables by row."""
    for field in section.fields:
        if sort_of(field) is sort:
            yield field.name, field
        for row in posted.get(f"{field.name}._ids", ()) if field.kind is Kind.ROWS else ():
            yield from ((f"{field.name}.{row}.{one.name}", one) for one in field.rows if sort_of(one) is sort)


def way_of(request: HttpRequest, saved: Saved, section: Section) -> str:
    """Where the button that was pressed leads: to the search for this input, or to 添加企业; else nothing."""
    case, name = saved.case, section.name
    pressed = request.POST.get("_find") or request.POST.get("_add_record") or ""
    stored = forms.as_posted(case.spec, name, saved.content.values, saved.content.typed)
    posted = with_row_of(section, stored, pressed)
    for sort in (Sort.ORGANISATION, Sort.SCHOOL):
        if pressed in dict(inputs_of(section, posted, sort)) and directory.keeps(case.place, sort):
            if "_find" in request.POST:
                return reverse("portal:find", args=[case.id, name, pressed])
            back = f"{reverse('portal:form', args=[case.id, name])}#{input_id(pressed)}"
            asked = {"name": _text({pressed: request.POST.getlist(pressed)}, pressed), "back": back}
            return f"{reverse(WORDS[sort].adding, args=[case.place])}?{urlencode(asked)}"
    return ""


def with_row_of(section: Section, posted: Posted, path: str) -> Posted:
    """The inputs with the row that this path is in: one that is blank as yet is stored nowhere.

    As they are where the path names no such row, or the table has no room for it.
    """
    table, _, inner = path.partition(".")
    row = inner.partition(".")[0]
    known = posted.get(f"{table}._ids", ())
    field = next((one for one in section.fields if one.name == table and one.kind is Kind.ROWS), None)
    if field is None or row in known or len(known) >= field.max_rows or not forms.ROW_ID.fullmatch(row):
        return posted
    return {**posted, f"{table}._ids": [*known, row]}


def _told(place: str, sort: Sort, texts: Mapping[str, str]) -> dict[str, Lookup]:
    spec = directory.declared(place)
    known = directory.named(place, sort, {one for one in texts.values() if one})
    suggest = reverse(f"directory:{sort}-suggest", args=[place])
    return {
        path: Lookup(
            library=LIBRARIES[sort],
            adding=WORDS[sort].add,
            suggest=suggest,
            words=standing_of(known.get(text, Same()), sort, spec) if text else "",
            is_known=text in known,
        )
        for path, text in texts.items()
    }


def _text(posted: Posted, path: str) -> str:
    return "".join(list(posted.get(path, ()))[:1]).replace("\0", "").strip()[:LONGEST]
