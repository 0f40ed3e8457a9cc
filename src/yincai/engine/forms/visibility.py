"""Which sections, fields and materials show, and which must be answered.

Facts are the draft's values as stored, with ``today`` and ``variant`` beside them. Values of hidden fields
may be among them: conditions read those as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yincai.engine.expressions import Expression
from yincai.engine.kinds import Facts, Kind, Truth
from yincai.engine.spec import Field, Material, Programme, Section


@dataclass(frozen=True, slots=True)
class Need:
    """A material that shows for these facts, and whether it must be handed in; ``slot`` files its uploads."""

    slot: str
    material: Material
    required: bool


def with_context(
    values: Mapping[str, Any], *, today: date | None = None, variant: str = ""
) -> dict[str, Any]:
    """Return the facts of a draft: its values with the day and the variant, where given."""
    facts = dict(values)
    if today is not None:
        facts["today"] = today
    if variant:
        facts["variant"] = variant
    return facts


def shows(condition: Expression | None, facts: Facts, row: Facts | None = None) -> bool:
    """Whether something with this condition shows; unknown hides."""
    return condition is None or condition.truth(facts, row) is Truth.TRUE


def visible_sections(programme: Programme, facts: Facts) -> list[Section]:
    """Return the sections that show, in order."""
    return [section for section in programme.sections if shows(section.visible, facts)]


def visible_fields(section: Section, facts: Facts) -> list[Field]:
    """Return the fields of a section that show, in order; none of a section that does not show itself."""
    if not shows(section.visible, facts):
        return []
    return [field for field in section.fields if shows(field.visible, facts)]


def visible_columns(field: Field, facts: Facts, row: Facts) -> list[Field]:
    """Return the columns of a table that show in one of its rows."""
    return [column for column in field.rows if shows(column.visible, facts, row)]


def shows_path(programme: Programme, facts: Facts, path: str) -> bool:
    """Whether the input at a path (``field``, ``paper.number``, ``rows.<row id>.<column>``) shows.

    What was typed into a branch that is closed now is kept, but it is wrong for nobody.
    """
    name, _, rest = path.partition(".")
    for section in programme.sections:
        for field in visible_fields(section, facts):
            if field.name == name:
                return field.kind is not Kind.ROWS or _shows_cell(field, facts, rest)
    return False


def _shows_cell(field: Field, facts: Facts, rest: str) -> bool:
    row_id, _, cell = rest.partition(".")
    column = cell.partition(".")[0]
    rows = facts.get(field.name)
    for row in rows if isinstance(rows, list) else []:
        if row.get("_row") == row_id:
            return any(item.name == column for item in visible_columns(field, facts, row))
    return not rest


def is_required(item: Field | Material, facts: Facts, row: Facts | None = None) -> bool:
    """Whether a field or material must be given; a condition that cannot be told yet does not require.

    A table that must have rows (`min_rows`) must be given, whatever `required` says.
    """
    if isinstance(item, Field) and item.min_rows:
        return True
    if isinstance(item.required, bool):
        return item.required
    return item.required.truth(facts, row) is Truth.TRUE


def needed_materials(programme: Programme, facts: Facts) -> list[Need]:
    """Return the materials of the programme that show, in order; those of rows are not among them."""
    return [
        Need(material.name, material, is_required(material, facts))
        for material in programme.materials
        if shows(material.visible, facts)
    ]


def row_slot(field: Field, row: Facts, material: Material) -> str:
    """Return the slot of a row's document: ``<rows>.<row id>.<material>``."""
    return f"{field.name}.{row.get('_row', '')}.{material.name}"


def needed_documents(field: Field, row: Facts, facts: Facts) -> list[Need]:
    """Return the documents that one row of a table asks for, in order."""
    return [
        Need(row_slot(field, row, material), material, is_required(material, facts, row))
        for material in field.documents
        if shows(material.visible, facts, row)
    ]


def is_blank(kind: Kind, value: object) -> bool:
    """Whether a stored value says nothing. An unticked box says nothing; zero is a number."""
    if kind is Kind.IDENTITY_DOCUMENT:
        return not (isinstance(value, Mapping) and value.get("type") and value.get("number"))
    if kind is Kind.CHECKBOX:
        return value is not True
    return value is None or value in ("", [], {})


def is_blank_row(field: Field, row: Facts) -> bool:
    """Whether nothing was filled into a row."""
    return all(is_blank(column.kind, row.get(column.name)) for column in field.rows)


def effective_values(
    programme: Programme, values: Mapping[str, Any], *, today: date | None = None, variant: str = ""
) -> dict[str, Any]:
    """Return what is submitted: values of fields that show, without blanks, blank rows, hidden columns.

    ``today`` and ``variant`` may also lie among the values; they are used for conditions and left out.
    """
    facts = with_context(values, today=today, variant=variant)
    effective: dict[str, Any] = {}
    for section in programme.sections:
        for field in visible_fields(section, facts):
            value = values.get(field.name)
            if field.kind is Kind.ROWS:
                value = _effective_rows(field, value, facts)
            if _counts(field, value):
                effective[field.name] = value
    return effective


def _counts(field: Field, value: object) -> bool:
    """Whether a value is submitted: an unticked box says no, any other blank says nothing."""
    return (
        value is False
        if field.kind is Kind.CHECKBOX and value is not True
        else not is_blank(field.kind, value)
    )


def _effective_rows(field: Field, value: object, facts: Facts) -> list[dict[str, Any]]:
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return [
        {"_row": row.get("_row", "")}
        | {
            column.name: row[column.name]
            for column in visible_columns(field, facts, row)
            if _counts(column, row.get(column.name))
        }
        for row in rows
        if not is_blank_row(field, row)
    ]
