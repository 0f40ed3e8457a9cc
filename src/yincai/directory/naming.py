"""The records of whole names, many names at once: what a form or a case says about an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from yincai.directory.declared import declared
from yincai.directory.searching import SHOWN, TODAY, view_of
from yincai.directory.spelling import fold
from yincai.directory.vocabulary import NoDirectory, RecordView, Same, Sort
from yincai.foundation import clock
from yincai.foundation.statements import lines

FIRST = 8
"""Records of one name that are given; of any others only the number."""
_HERE = f"FROM directory_version WHERE sort = %(sort)s AND place = %(place)s AND {TODAY}"
_NAMED = f"""
    SELECT one.*, asked.name, asked.number
    FROM (
        SELECT folded AS name, count(*) AS number {_HERE} AND folded = ANY(%(folded)s) GROUP BY folded
    ) asked, LATERAL (SELECT {SHOWN} {_HERE} AND folded = asked.name ORDER BY id LIMIT {FIRST}) one
    ORDER BY one.id
"""  # noqa: S608 - no value is in it
_UNLIKE = f"""
    SELECT DISTINCT ON ({{facts}}) {SHOWN} {_HERE} AND folded = %(folded)s ORDER BY {{facts}}, id
"""  # noqa: S608 - same


def keeps(place: str, sort: Sort) -> bool:
    """Whether the place's files keep records of this sort."""
    try:
        return sort in declared(place).seeds
    except NoDirectory:
        return False


def named(place: str, sort: Sort, names: Collection[str]) -> Mapping[str, Same]:
    """The records that have exactly these names today, by name; width, case, signs and spaces do not count.

    A name without a record is left out; several records, even thousands, may have the same name.
    """
    folded = {name: found for name in names if (found := fold(name))}
    if not folded:
        return {}
    asked = {"sort": sort.value, "place": place, "today": clock.today()}
    known: dict[str, Same] = {}
    for *row, name, number in lines(_NAMED, **asked, folded=list(folded.values())):
        before = known.get(name, Same())
        known[name] = Same((*before.records, view_of(row)), number)
    return {name: known[one] for name, one in folded.items() if one in known}


def unlike(place: str, sort: Sort, name: str, *, facts: Collection[str]) -> list[RecordView]:
    """Of the records that have exactly this name today one for each that differs in these facts."""
    folded = fold(name)
    if not folded:
        return []
    text = _UNLIKE.format(facts=", ".join(f"facts->>'{one}'" for one in facts))
    found = lines(text, sort=sort.value, place=place, today=clock.today(), folded=folded)
    return list(map(view_of, found))
