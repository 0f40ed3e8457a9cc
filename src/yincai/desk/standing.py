"""Whether the organisations and schools that an application names stand in the place's directory today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yincai.directory import queries as directory
from yincai.directory.vocabulary import Same, Sort
from yincai.engine.spec import Programme
from yincai.look.records import reviewer_of, sort_of, standing_of


def standing_beside(programme: Programme, values: Mapping[str, Any]) -> dict[str, str]:
    """What is said beside each answer that names one, by its path (`field`, `rows.<id>.<column>`).

    One query for each sort; of a record only what anybody may see.
    """
    said: dict[str, str] = {}
    for sort in (Sort.ORGANISATION, Sort.SCHOOL):
        names = dict(_names(programme, values, sort))
        if names and directory.keeps(programme.place, sort):
            known = directory.named(programme.place, sort, set(names.values()))
            said |= {
                path: _said(programme.place, sort, known.get(name, Same())) for path, name in names.items()
            }
    return said


def _said(place: str, sort: Sort, same: Same) -> str:
    spec = directory.declared(place)
    words = f"{standing_of(same, sort, spec)}。"
    if sort is Sort.ORGANISATION and same.count == 1:
        return f"{words}{reviewer_of(directory.route_of(same.records[0]), spec)}"
    return words


def _names(programme: Programme, values: Mapping[str, Any], sort: Sort) -> Iterator[tuple[str, str]]:
    for field in (one for section in programme.sections for one in section.fields):
        value = values.get(field.name)
        if sort_of(field) is sort and isinstance(value, str) and value:
            yield field.name, value
        for column in field.rows:
            for row in value or () if sort_of(column) is sort else ():
                if name := row.get(column.name):
                    yield f"{field.name}.{row['_row']}.{column.name}", name
