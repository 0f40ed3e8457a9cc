"""Answers as people read them: labels instead of codes, dates in words, rows as small tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from yincai.engine import forms
from yincai.engine.kinds import Kind
from yincai.engine.showing import show
from yincai.engine.spec import Field, Programme

EMPTY = "未填写"
PHOTO = "见「材料」"


@dataclass(frozen=True)
class Answer:
    """One line: what was asked and what was answered. `rows` for a repeating field."""

    field: Field
    label: str
    text: str | Markup
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class AnswerSection:
    """One section of answers."""

    name: str
    title: str
    answers: tuple[Answer, ...]


def answer_sections(programme: Programme, values: Mapping[str, Any]) -> list[AnswerSection]:
    """Every section that shows, with every field that shows, in the order of the form."""
    return [
        AnswerSection(
            section.name,
            section.title,
            tuple(_answer(field, values.get(field.name)) for field in forms.visible_fields(section, values)),
        )
        for section in forms.visible_sections(programme, values)
    ]


def text_of(field: Field, value: Any) -> str | Markup:
    """One answer as text; sanitised markup for rich text; 未填写 when there is none."""
    text = show(field, value)
    if field.kind is Kind.RICH_TEXT:
        return Markup(text) or EMPTY  # noqa: S704 - sanitised when it was saved (engine.forms)
    return text or EMPTY


def _answer(field: Field, value: Any) -> Answer:
    if field.kind is Kind.PHOTO:
        return Answer(field, field.label, PHOTO)
    if field.kind is not Kind.ROWS:
        return Answer(field, field.label, text_of(field, value))
    rows = tuple(
        tuple(str(text_of(column, row.get(column.name))) for column in field.rows) for row in value or []
    )
    return Answer(field, field.label, "" if rows else EMPTY, rows)
