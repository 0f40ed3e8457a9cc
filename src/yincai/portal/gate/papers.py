"""A writing as a PDF, to be kept and printed."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
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
KEPT = 64
"""Papers that a process keeps: what is published never changes, only another version takes its place."""


def writing_pdf(writing: WritingView, place: Place) -> bytes:
    """The text of a writing with its dates, and where the newest is.  Raises `LayoutBroken`."""
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
    return _typeset(json.dumps(data, ensure_ascii=False), clock.start_of(writing.since))


@lru_cache(maxsize=KEPT)
def _typeset(data: str, at: datetime) -> bytes:
    return cards.typeset(LAYOUT.read_bytes(), name="writing", data=data, at=at)
