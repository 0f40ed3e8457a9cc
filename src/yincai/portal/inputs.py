"""The texts in the inputs of a section: what another device changed, and rows added or taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import uuid4

from django.http import HttpRequest
from markupsafe import Markup

from yincai.casework.vocabulary import CaseView, SectionContent
from yincai.engine import forms
from yincai.engine.kinds import Kind
from yincai.engine.showing import show
from yincai.engine.spec import Field, Section

Posted = Mapping[str, Sequence[str]]
NOTHING = "（空）"


def with_taken(
    case: CaseView, name: str, posted: Posted, content: SectionContent, taken: Sequence[str]
) -> Posted:
    """What was posted, but as it is stored where only the other device changed it: the page drawn next shows
    the newest revision, and must not send older values under its number."""
    if not taken:
        return posted
    stored = forms.as_posted(case.spec, name, content.values, content.typed)
    here = {path: texts for path, texts in posted.items() if path.partition(".")[0] not in taken}
    return here | {path: texts for path, texts in stored.items() if path.partition(".")[0] in taken}


def other_side(field: Field, content: SectionContent) -> str:
    """One field as the other device left it, in words."""
    typed = [text for path, text in content.typed.items() if path.partition(".")[0] == field.name]
    value = content.values.get(field.name)
    if field.kind is Kind.ROWS:
        lines = [
            "、".join(filter(None, (show(one, row.get(one.name)) for one in field.rows)))
            for row in value or ()
        ]
        return "；".join(filter(None, [*lines, *typed])) or NOTHING
    shown = show(field, value)
    if field.kind is Kind.RICH_TEXT:
        shown = Markup(shown).striptags()  # noqa: S704 - what comes back is text
    return "、".join(typed) or shown or NOTHING


def rows_to_offer(request: HttpRequest, spec: Section, content: SectionContent) -> list[str]:
    """The tables that show an empty row more: the one that was asked for, and all when nothing was saved."""
    tables = [one.name for one in spec.fields if one.kind is Kind.ROWS]
    if content.revision == 0:
        return tables
    return [name for name in tables if name == request.GET.get("add")]


def with_row(posted: Posted, rows: str) -> Posted:
    """The inputs with an empty row more in a table."""
    return {**posted, f"{rows}._ids": [*posted.get(f"{rows}._ids", ()), uuid4().hex[:8]]}


def without_row(posted: Mapping[str, list[str]], row: str) -> dict[str, list[str]]:
    """The inputs without a row, named `<table>.<row id>`."""
    rows, _, row_id = row.rpartition(".")
    kept = {name: values for name, values in posted.items() if not name.startswith(f"{row}.")}
    return {**kept, f"{rows}._ids": [one for one in posted.get(f"{rows}._ids", ()) if one != row_id]}
