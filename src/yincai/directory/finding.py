"""One record, as it counts today."""

from __future__ import annotations

from uuid import UUID

from yincai.directory.searching import SHOWN, TODAY, view_of
from yincai.directory.vocabulary import NoSuchRecord, RecordView, Sort
from yincai.foundation import clock
from yincai.foundation.statements import lines

_BY_ID = f"SELECT {SHOWN} FROM directory_version WHERE record_id = %(record)s AND {TODAY} LIMIT 1"  # noqa: S608 - no value is in it


def record(record_id: UUID, *, place: str = "", sort: Sort | None = None) -> RecordView:
    """A record as it counts today; `NoSuchRecord` also where it is of another place or sort than asked."""
    found = lines(_BY_ID, record=record_id, today=clock.today())
    view = view_of(found[0]) if found else None
    if view is None or place not in ("", view.place) or sort not in (None, view.sort):
        raise NoSuchRecord
    return view
