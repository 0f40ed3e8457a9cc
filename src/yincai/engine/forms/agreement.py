"""Whether a citizen's number agrees with the birth date and the sex given beside it (GB 11643-1999)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from yincai.engine.calculus import identity_derived, read_date
from yincai.engine.forms.visibility import shows
from yincai.engine.kinds import UNKNOWN, Facts, Kind
from yincai.engine.spec import Field, Programme, Section
from yincai.foundation import codes
from yincai.foundation.errors import Problem

SEXES: Final = {"男": "1", "女": "2"}
CHECKED: Final = frozenset({Kind.IDENTITY_DOCUMENT, Kind.ROWS})


def disagreements(programme: Programme, facts: Facts, *, only: Section | None = None) -> list[Problem]:
    """Return a problem for each field that contradicts a citizen's number, in all sections or in one.

    It stands beside the birth date or the sex; when ``only`` holds the number but not that field, beside the
    number. Hidden fields are left alone.
    """
    return [
        problem for section in programme.sections for problem in _in_section(programme, section, facts, only)
    ]


def _in_section(
    programme: Programme, section: Section, facts: Facts, only: Section | None
) -> Iterator[Problem]:
    for field in section.fields:
        if field.kind in CHECKED and _concerns(field, section, only) and _is_visible(section, field, facts):
            if field.kind is Kind.ROWS:
                yield from _in_rows(field, facts)
            else:
                yield from _of_document(programme, section, field, facts, only)


def _concerns(field: Field, section: Section, only: Section | None) -> bool:
    """Whether a table or document has to do with the section asked about."""
    if only is None or section is only:
        return True
    twins = {field.birth_date_field, field.sex_field}
    return field.kind is Kind.IDENTITY_DOCUMENT and any(item.name in twins for item in only.fields)


def _is_visible(section: Section, field: Field, facts: Facts) -> bool:
    return shows(section.visible, facts) and shows(field.visible, facts)


def _of_document(
    programme: Programme, section: Section, field: Field, facts: Facts, only: Section | None
) -> Iterator[Problem]:
    twins = {twin.name: twin for twin in _all_fields(programme)}
    for twin_name, sentence in _contradictions(field, facts, twins):
        if only is None or any(item.name == twin_name for item in only.fields):
            yield Problem(twin_name, sentence)
        elif section is only:
            yield Problem(f"{field.name}.number", sentence)


def _in_rows(field: Field, facts: Facts) -> Iterator[Problem]:
    columns = {column.name: column for column in field.rows}
    for row in facts.get(field.name) or []:
        for column in field.rows:
            if column.kind is Kind.IDENTITY_DOCUMENT:
                for twin_name, sentence in _contradictions(column, row, columns):
                    yield Problem(f"{field.name}.{row.get('_row', '')}.{twin_name}", sentence)


def _contradictions(
    field: Field, facts: Mapping[str, Any], twins: Mapping[str, Field]
) -> Iterator[tuple[str, str]]:
    derived = identity_derived(facts.get(field.name))
    if derived is UNKNOWN:
        return
    born, sex = derived
    given = read_date(facts.get(field.birth_date_field)) if field.birth_date_field else UNKNOWN
    if given is not UNKNOWN and given != born:
        day = f"{born.year}年{born.month}月{born.day}日"
        yield field.birth_date_field, f"出生日期与证件号码不一致，号码中的出生日期是 {day}。请核对两处。"
    chosen = _sex_of(twins.get(field.sex_field), facts.get(field.sex_field))
    if chosen and chosen != sex:
        yield (
            field.sex_field,
            f"性别与证件号码不一致，号码中的性别是{'男' if sex == '1' else '女'}。请核对两处。",
        )


def _sex_of(field: Field | None, value: object) -> str:
    """Return 1 or 2 (GB/T 2261.1) for the answer of a sex field, by its label; empty when it is neither."""
    return sexes_of(field).get(value, "") if field and isinstance(value, str) else ""


def sexes_of(field: Field) -> dict[str, str]:
    """The answers of a sex field that mean male or female: code → 1 or 2 (GB/T 2261.1), by their labels."""
    labels = {option.code: option.label for option in field.options}
    if field.kind is Kind.CODE:
        labels = dict(codes.load(field.code_list).codes)
        labels = {code: labels[code] for code in field.codes or labels}
    sexes = {code: SEXES.get(label[:1], "") for code, label in labels.items()}
    return {code: sex for code, sex in sexes.items() if sex}


def _all_fields(programme: Programme) -> Iterator[Field]:
    for section in programme.sections:
        yield from section.fields
