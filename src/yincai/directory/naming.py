"""The records of whole names, many names at once: what a form or a case says about an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from yincai.directory.declared import declared
from yincai.directory.searching import SHOWN, TODAY, view_of
from yincai.directory.spelling import fold
from yincai.directory.vocabulary import NoDirectory, RecordView, Sort
from yincai.foundation import clock
from yincai.foundation.statements import lines

_NAMED = f"""
    SELECT {SHOWN} FROM directory_version
    WHERE sort = %(sort)s AND place = %(place)s AND folded = ANY(%(folded)s) AND {TODAY} ORDER BY id
"""  # noqa: S608 - no value is in it


def keeps(place: str, sort: Sort) -> bool:
    """Whether the place's files keep records of this sort."""
    try:
        return sort in declared(place).seeds
    except NoDirectory:
        return False


def named(place: str, sort: Sort, names: Collection[str]) -> Mapping[str, tuple[RecordView, ...]]:
    """The records that have exactly these names today, by name; width, case, signs and spaces do not count.

    A name without a record is left out; several records may have the same name.
    """
    folded = {name: found for name in names if (found := fold(name))}
    if not folded:
        return {}
    rows = lines(_NAMED, sort=sort.value, place=place, folded=list(folded.values()), today=clock.today())
    known: dict[str, list[RecordView]] = {}
    for view in map(view_of, rows):
        known.setdefault(fold(view.name), []).append(view)
    return {name: tuple(known[one]) for name, one in folded.items() if one in known}
