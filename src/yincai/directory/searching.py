"""Finding records by any part of their name, by pinyin, initials or code, in a bounded time at any number.

A query that many names hold, as `NAMES` of them tell, has its page after few rows read in the order of
their (random) ids.  What is rarer stands in few rows, which the trigrams find at once, closest name first
(ADR 0007).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from yincai.directory.sampling import NAMES, some_names
from yincai.directory.spelling import LONG, Pattern, fold, pattern_of
from yincai.directory.vocabulary import PAGE, Found, RecordView, Sort
from yincai.foundation import clock
from yincai.foundation.identifiers import normalise
from yincai.foundation.statements import lines, value

LONGEST = 1000
CODE = 18
NIL = UUID(int=0)
Row = tuple[Any, ...]

SHOWN = "record_id, number, sort, place, name, code, facts, valid_from, valid_until, is_example, id"
TODAY = "valid_from <= %(today)s AND (valid_until IS NULL OR valid_until > %(today)s)"
_HERE = "FROM directory_version WHERE sort = %(sort)s AND place = %(place)s"
_STEP = """
    SELECT {shown} FROM (SELECT * {here} AND id > %(key)s ORDER BY id LIMIT %(walk)s) read
    WHERE {plain} LIKE %(whole)s AND folded <> %(folded)s AND {today} LIMIT %(size)s
"""
_END_OF_WALK = f"SELECT id {_HERE} AND id > %(key)s ORDER BY id OFFSET %(walk)s - 1 LIMIT 1"  # noqa: S608 - no value is in it
_CLOSEST = """
    WITH found AS MATERIALIZED (
        SELECT {shown} {here} AND {indexed} LIKE %(rare)s AND {plain} LIKE %(whole)s AND {today}
    )
    SELECT * FROM found WHERE (char_length(name), id) > (%(length)s, %(key)s)
    ORDER BY char_length(name), id LIMIT %(size)s
"""
_SAME = f"SELECT {SHOWN} {_HERE} AND folded = %(folded)s AND {TODAY} ORDER BY id LIMIT %(size)s"  # noqa: S608 - same
_BY_CODE = f"SELECT {SHOWN} {_HERE} AND code = %(code)s AND code <> '' AND {TODAY} LIMIT 1"  # noqa: S608 - same


def search(place: str, sort: Sort, query: str, *, after: str = "") -> Found:
    """The records of a place whose name, pinyin, initials or code hold the query today; `after` is what the
    page before gave.

    Nothing for an empty query or one of signs alone.  A whole code finds its one record.
    """
    values: dict[str, Any] = {"place": place, "sort": sort.value, "today": clock.today(), "walk": NAMES}
    code = normalise(query)
    if len(code) == CODE and (owner := lines(_BY_CODE, code=code, **values)):
        return Found((view_of(owner[0]),))
    some = some_names(place, sort)
    pattern = pattern_of(query, met=some.met) if some else pattern_of(query)
    if pattern is None:
        return Found(())
    values |= {"rare": f"%{pattern.rare}%", "whole": f"%{pattern.whole}%", "folded": fold(query)}
    values |= {"size": PAGE + 1}
    key = _key(after)
    if key is not None and key[0] is None:
        return _among_many(_walk(pattern, values, key[1], chunks=100))
    is_frequent = some.holding(pattern) > PAGE if some else len(pattern.whole) <= LONG[pattern.column]
    if key is None and is_frequent and len(found := _walk(pattern, values, NIL, chunks=1)) > PAGE:
        return _among_many(found, first=lines(_SAME, **values)[:PAGE])
    length, last = key or (0, NIL)
    return _closest(lines(_asked(_CLOSEST, pattern), length=length, key=last, **values))


def view_of(row: Sequence[Any]) -> RecordView:
    """A record from the columns of `SHOWN`."""
    record, number, sort, place, name, code, facts, since, until, is_example, _ = row
    known: dict[str, str] = json.loads(facts)
    return RecordView(record, number, Sort(sort), place, name, code, known, since, until, is_example)


def _asked(statement: str, pattern: Pattern) -> str:
    """A statement about the spelling in which the pattern is looked for; only names of columns go into it."""
    plain = "folded" if pattern.column == "grams" else pattern.column
    return statement.format(shown=SHOWN, here=_HERE, today=TODAY, indexed=pattern.column, plain=plain)


def _walk(pattern: Pattern, values: dict[str, Any], key: UUID, *, chunks: int) -> list[Row]:
    """What the query finds in the rows after this one, by id, until there is a page or nothing is left."""
    found: list[Row] = []
    for _ in range(chunks):
        found += lines(_asked(_STEP, pattern), **values | {"key": key, "size": values["size"] - len(found)})
        end = None if len(found) == values["size"] else value(_END_OF_WALK, **values, key=key)
        if end is None:
            break
        key = end
    return found


def _among_many(found: list[Row], *, first: Sequence[Row] = ()) -> Found:
    """A page by id, with the very name that was asked for before it."""
    shown = found[: PAGE - len(first)]
    after = str(shown[-1][-1]) if shown and len(found) > len(shown) else ""
    return Found(tuple(map(view_of, [*first, *shown])), after, is_many=True)


def _closest(found: list[Row]) -> Found:
    shown = found[:PAGE]
    after = f"{len(shown[-1][4])}.{shown[-1][-1]}" if len(found) > PAGE else ""
    return Found(tuple(map(view_of, shown)), after)


def _key(after: str) -> tuple[int | None, UUID] | None:
    """Where a page begins: the length of the last name, None among many, and its id; None for the first."""
    length, _, last = after.rpartition(".")
    try:
        return (min(int(length), LONGEST) if length else None), UUID(last)
    except ValueError:
        return None
