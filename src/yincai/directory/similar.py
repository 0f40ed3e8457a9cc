"""What the directory has that a request to add something may mean: the same code, the same or a near name."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from yincai.directory.models import Request
from yincai.directory.searching import search
from yincai.directory.spelling import fold
from yincai.directory.vocabulary import Deed, RecordView, Similar, Sort, Standing

NEAR, SHOWN, PART = 0.6, 5, 4
_BEFORE = re.compile(r"^(?:..省)?(?:..市)?(?:..[区县])?")
_BEHIND = re.compile(r"(?:有限责任公司|股份有限公司|集团有限公司|有限公司|集团|公司|大学|学院|学)$")


def similar_to(place: str, sort: Sort, name: str, code: str = "") -> Similar:
    """What somebody should look at before they ask to add this.

    Near is what holds the characteristic part of the name, its beginning or its end, and is alike by six
    tenths.
    """
    same = _same(place, sort, name, code)
    near = [] if same else _near(place, sort, name)
    waits = Request.objects.filter(
        place=place, sort=sort, deed=Deed.ADD.value, standing=Standing.PENDING.value
    )
    pending = waits.filter(code=code) if code else waits.filter(folded=fold(name))
    return Similar(same=same, near=tuple(near[:SHOWN]), pending=same is None and pending.exists())


def _same(place: str, sort: Sort, name: str, code: str) -> RecordView | None:
    if code and (found := search(place, sort, code).records):
        return found[0]
    folded = fold(name)
    named = (one for one in search(place, sort, name).records if fold(one.name) == folded)
    # two organisations may share a name where their codes differ
    return next((one for one in named if not (code and one.code)), None)


def _near(place: str, sort: Sort, name: str) -> list[RecordView]:
    folded = fold(name)
    inner = characteristic(folded)
    asked = dict.fromkeys([folded, _BEHIND.sub("", folded), inner, inner[:PART], inner[-PART:]])
    found: dict[object, RecordView] = {}
    for query in asked:
        if len(query) > 1:
            found |= {one.id: one for one in search(place, sort, query).records}
    alike = {one.id: SequenceMatcher(None, folded, fold(one.name)).ratio() for one in found.values()}
    close = [one for one in found.values() if alike[one.id] >= NEAR]
    return sorted(close, key=lambda one: -alike[one.id])


def characteristic(folded: str) -> str:
    """A name without what many share: province, city and district before it, its legal form behind it."""
    inner = _BEHIND.sub("", _BEFORE.sub("", folded))
    return inner if len(inner) > 1 else folded
