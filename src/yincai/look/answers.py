"""Answers as people read them: labels instead of codes, dates in words, rows as small tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from yincai.engine import forms
from yincai.engine.kinds import Kind
from yincai.engine.showing import is_masked, show
from yincai.engine.spec import Field, Programme

EMPTY = "未填写"
PHOTO = "见「材料」"


@dataclass(frozen=True)
class Answer:
    """One line: what was asked and what was answered. `rows` for a repeating field; `masked` when a part of
    it is hidden."""

    field: Field
    label: str
    text: str | Markup
    rows: tuple[tuple[str, ...], ...] = ()
    masked: bool = False
    row_paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerSection:
    """One section of answers."""

    name: str
    title: str
    answers: tuple[Answer, ...]


def answer_sections(
    programme: Programme, values: Mapping[str, Any], *, masked: bool = False, revealed: str = ""
) -> list[AnswerSection]:
    """Every section that shows, with every field that shows, in the order of the form.

    `masked` hides the most of identity numbers, phones and addresses, but for the field named `revealed`.
    """
    return [
        AnswerSection(
            section.name,
            section.title,
            tuple(
                _answer(field, values.get(field.name), masked=masked and field.name != revealed)
                for field in forms.visible_fields(section, values)
            ),
        )
        for section in forms.visible_sections(programme, values)
    ]


def maskable(programme: Programme) -> dict[str, str]:
    """Name → label of every field that `answer_sections` masks, in full or in a column of its rows."""
    return {
        field.name: field.label
        for section in programme.sections
        for field in section.fields
        if any(is_masked(one) for one in field.rows or (field,))
    }


def text_of(field: Field, value: Any, *, masked: bool = False) -> str | Markup:
    """One answer as text; sanitised markup for rich text; 未填写 when there is none."""
    text = show(field, value, masked=masked)
    if field.kind is Kind.RICH_TEXT:
        return Markup(text) or EMPTY  # noqa: S704 - sanitised when it was saved (engine.forms)
    return text or EMPTY


def _answer(field: Field, value: Any, *, masked: bool) -> Answer:
    if field.kind is Kind.PHOTO:
        return Answer(field, field.label, PHOTO)
    if field.kind is not Kind.ROWS:
        hidden = masked and bool(value) and is_masked(field)
        return Answer(field, field.label, text_of(field, value, masked=masked), masked=hidden)
    rows = tuple(
        tuple(str(text_of(column, row.get(column.name), masked=masked)) for column in field.rows)
        for row in value or []
    )
    hidden = masked and bool(rows) and any(is_masked(column) for column in field.rows)
    paths = tuple(f"{field.name}.{row.get('_row', '')}" for row in value or [])
    return Answer(field, field.label, "" if rows else EMPTY, rows, hidden, paths)
