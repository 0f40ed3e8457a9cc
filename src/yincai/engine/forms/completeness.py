"""What must still be done before a case can be submitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from yincai.engine.forms.agreement import disagreements
from yincai.engine.forms.visibility import (
    is_blank,
    is_blank_row,
    is_required,
    needed_documents,
    needed_materials,
    visible_columns,
    visible_fields,
    with_context,
)
from yincai.engine.kinds import Facts, Kind
from yincai.engine.spec import Field, Programme

MATERIALS: Final = "materials"
"""Stands for the section in which documents are handed in."""
CHOSEN: Final = frozenset({Kind.CODE, Kind.RADIO})


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is still to do: the section to go to, the input or slot in it, and a sentence."""

    section: str
    path: str
    message: str


def missing(
    programme: Programme,
    values: Mapping[str, Any],
    *,
    documents: Mapping[str, int],
    today: date,
    variant: str = "",
) -> list[Missing]:
    """Return what keeps a case from being submitted, in the order of the form; empty when complete.

    ``documents`` counts the usable files by slot. The section of materials of the programme is ``materials``.
    """
    facts = with_context(values, today=today, variant=variant)
    found: list[Missing] = []
    homes: dict[str, str] = {}
    for section in programme.sections:
        for field in visible_fields(section, facts):
            homes[field.name] = section.name
            found += [Missing(section.name, path, text) for path, text in _of_field(field, facts, documents)]
    for problem in disagreements(programme, facts):
        name = problem.path.partition(".")[0]
        if name in homes:
            found.append(Missing(homes[name], problem.path, problem.message))
    for need in needed_materials(programme, facts):
        if need.required and not documents.get(need.slot):
            found.append(Missing(MATERIALS, need.slot, f"请上传“{need.material.title}”。"))
    return found


def _of_field(field: Field, facts: Facts, documents: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    if field.kind is Kind.ROWS:
        yield from _of_rows(field, facts, documents)
        return
    blank = is_blank(field.kind, facts.get(field.name))
    if field.kind is Kind.PHOTO:
        blank = blank and not documents.get(field.name)
    if blank and is_required(field, facts):
        yield _path(field, field.name), _sentence(field)


def _of_rows(field: Field, facts: Facts, documents: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    value = facts.get(field.name)
    rows = [row for row in value if not is_blank_row(field, row)] if isinstance(value, list) else []
    least = max(field.min_rows, 1 if is_required(field, facts) else 0)
    if len(rows) < least:
        yield field.name, f"“{field.label}”至少填写 {least} 行。"
    if len(rows) > field.max_rows:
        yield field.name, f"“{field.label}”最多填写 {field.max_rows} 行，现在是 {len(rows)} 行。"
    for number, row in enumerate(rows, start=1):
        where = f"“{field.label}”第 {number} 行："
        prefix = f"{field.name}.{row.get('_row', '')}"
        for column in visible_columns(field, facts, row):
            if is_required(column, facts, row) and is_blank(column.kind, row.get(column.name)):
                yield _path(column, f"{prefix}.{column.name}"), where + _sentence(column)
        for need in needed_documents(field, row, facts):
            if need.required and not documents.get(need.slot):
                yield need.slot, f"{where}请上传“{need.material.title}”。"


def _path(field: Field, path: str) -> str:
    return f"{path}.number" if field.kind is Kind.IDENTITY_DOCUMENT else path


def _sentence(field: Field) -> str:
    if field.kind in CHOSEN:
        return f"请选择“{field.label}”。"
    if field.kind is Kind.CHECKBOX:
        return f"请勾选“{field.label}”。"
    if field.kind is Kind.PHOTO:
        return f"请上传“{field.label}”。"
    return f"请填写“{field.label}”。"
