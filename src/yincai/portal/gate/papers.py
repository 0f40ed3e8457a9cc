"""A writing as a PDF, to be kept and printed."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

from django.conf import settings
from django.urls import reverse

from yincai.cards import queries as cards
from yincai.directory.queries import WritingView
from yincai.engine.writings import Shelf
from yincai.foundation import clock
from yincai.foundation.days import day_in_words
from yincai.programmes.vocabulary import Place

LAYOUT: Final = Path(__file__).parent / "layouts" / "writing.typ"
SUMMARY: Final = "以上是要点，正式文本以发布机关公布的为准。"
KEPT, KEPT_BYTES = 64, 16 * 1024 * 1024
"""Papers that a process keeps: what is published never changes, only another version takes its place."""
_kept: OrderedDict[tuple[str, datetime], bytes] = OrderedDict()
_lock = Lock()


def writing_pdf(writing: WritingView, place: Place, *, before_typesetting: Callable[[], None]) -> bytes:
    """The text of a writing with its dates, and where the newest is.  Raises `LayoutBroken`.

    `before_typesetting` is called where none is kept, and may raise.
    """
    facts = [("栏目", writing.shelf.label), ("文号", writing.number), ("日期", day_in_words(writing.since))]
    if writing.until:
        facts.append(("有效期至", day_in_words(writing.until)))
    page = settings.BASE_URL + reverse("place:writing", args=[place.name, writing.name])
    is_summary = writing.shelf is Shelf.POLICY and not writing.address
    data = {
        "title": writing.title,
        "owner": place.title,
        "site": place.portal.title or place.title,
        "facts": [[label, words] for label, words in facts if words],
        "lines": [line.strip() for line in writing.text.split("\n") if line.strip()],
        "address": writing.address,
        "notes": [*([SUMMARY] if is_summary else []), f"内容如有更新，以网上公布的为准：{page}"],
    }
    key = json.dumps(data, ensure_ascii=False), clock.start_of(writing.since)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    before_typesetting()
    paper = cards.typeset(LAYOUT.read_bytes(), name="writing", data=key[0], at=key[1])
    _keep(key, paper)
    return paper


def _keep(key: tuple[str, datetime], paper: bytes) -> None:
    """Keep it, and forget those that were not asked for longest."""
    with _lock:
        _kept[key] = paper
        while len(_kept) > KEPT or sum(map(len, _kept.values())) > KEPT_BYTES:
            _kept.popitem(last=False)
