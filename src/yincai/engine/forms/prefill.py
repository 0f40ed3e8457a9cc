"""What need not be asked: answers that the identity number or the applicant's account already give.

A declaration (`prefill`) names where an answer comes from: `<document>.birth_date` and `<document>.sex` are
read from a citizen's number beside it (GB 11643-1999), `applicant.name`, `applicant.phone` and
`applicant.email` are known of the account, and `arrival.district` was chosen in the channel by which they
came.  Only what is empty is filled; a contradiction stays one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from yincai.engine.calculus import identity_derived
from yincai.engine.forms.agreement import sexes_of
from yincai.engine.forms.visibility import shows
from yincai.engine.kinds import UNKNOWN, Facts, Kind
from yincai.engine.spec import APPLICANT, ARRIVAL, Field, Section

BIRTH_DATE: Final = "birth_date"


def fill_in(section: Section, values: dict[str, Any], *, typed: Collection[str], facts: Facts) -> list[str]:
    """Put into `values` what numbers of the section tell and nobody gave; the paths that were filled.

    A field with a text that is not valid (`typed`) was given, a hidden one is not asked: both stay.
    """
    filled: list[str] = []
    known = {**facts, **values}
    for table in (one for one in section.fields if one.kind is Kind.ROWS and values.get(one.name)):
        values[table.name] = rows = [dict(row) for row in values[table.name]]
        for row in rows:
            paths = {one.name: f"{table.name}.{row.get('_row', '')}.{one.name}" for one in table.rows}
            filled += [paths[name] for name in _told(table.rows, row, paths=paths, typed=typed)]
    shown = [one for one in section.fields if shows(one.visible, known)]
    paths = {one.name: one.name for one in shown}
    return filled + list(_told(shown, values, paths=paths, typed=typed))


def applicant_asked(section: Section) -> dict[str, str]:
    """Which fields begin with what is known of the applicant: field → name, document, phone or email."""
    asked = {one.name: one.prefill.partition(".") for one in section.fields}
    return {name: part for name, (source, _, part) in asked.items() if source == APPLICANT}


def arrival_asked(section: Section) -> list[str]:
    """Which fields begin with the district that was chosen in the channel by which the applicant came."""
    return [one.name for one in section.fields if one.prefill == f"{ARRIVAL}.district"]


def is_told(section: Section, path: str) -> bool:
    """Whether what lies at a path can come from an identity number."""
    name, _, rest = path.partition(".")
    found = [one for one in section.fields if one.name == name]
    if rest and found:
        found = [one for one in found[0].rows if one.name == rest.partition(".")[2]]
    outside = (APPLICANT, ARRIVAL)
    return any(one.prefill and one.prefill.partition(".")[0] not in outside for one in found)


def _told(
    fields: Collection[Field], values: dict[str, Any], *, paths: Mapping[str, str], typed: Collection[str]
) -> Iterator[str]:
    for field in fields:
        source, _, part = field.prefill.partition(".")
        if part and source != APPLICANT and not values.get(field.name) and paths[field.name] not in typed:
            answer = _read(field, values.get(source), part)
            if answer:
                values[field.name] = answer
                yield field.name


def _read(field: Field, document: object, part: str) -> str:
    """What a citizen's number says about this field; empty when it says nothing."""
    derived = identity_derived(document)
    if derived is UNKNOWN:
        return ""
    born, sex = derived
    if part == BIRTH_DATE:
        return str(born.isoformat())
    return next((code for code, one in sexes_of(field).items() if one == sex), "")
