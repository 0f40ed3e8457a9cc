"""Notices, policies, guides and answers as residents read them: by shelf, by name, found by words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.db.models import Q, QuerySet

from yincai.directory.editions import version_view
from yincai.directory.spelling import fold, grams_sought
from yincai.directory.writing_models import PlacedWriting
from yincai.directory.writing_words import Edition, WritingView
from yincai.engine.loading import load_library_folder
from yincai.engine.writings import Channel, Shelf
from yincai.foundation import clock
from yincai.foundation.errors import NotFound

PAGE = 20
AROUND = 40
"""Characters that are shown on either side of a word that was found."""


def shelf_of(place: str, shelf: Shelf, *, after: UUID | None = None) -> tuple[list[WritingView], UUID | None]:
    """What stands on a shelf, newest first, a page of `PAGE`; and the `after` of the next page, if any."""
    return _page(_shown(place).filter(shelf=shelf), after)


def search_writings(
    place: str, query: str, *, after: UUID | None = None
) -> tuple[list[WritingView], UUID | None]:
    """What has every word of a query in its title, number or text; nothing for a query of signs alone."""
    sought = grams_sought(query)
    if not sought:
        return [], None
    found = _shown(place)
    for grams in sought:
        found = found.filter(grams__contains=grams)
    return _page(found, after, words=query.split())


def writing(place: str, name: str) -> WritingView:
    """One writing by name; `NotFound` for none, or one that was withdrawn or is not shown yet."""
    row = _shown(place, with_old=True).filter(name=name).first()
    if row is None:
        raise NotFound
    return _view(row)


def channels_of(folder: Path) -> tuple[Channel, ...]:
    """By which ways people come to a place, as its folder says."""
    return load_library_folder(folder).channels


def _shown(place: str, *, with_old: bool = False) -> QuerySet[PlacedWriting]:
    today = clock.today()
    shown = PlacedWriting.objects.filter(
        Q(replaced_on=None) | Q(replaced_on__gt=today),
        place=place,
        edition=Edition.PUBLISHED,
        since__lte=today,
    )
    return shown if with_old else shown.filter(Q(until=None) | Q(until__gte=today))


def _page(
    found: QuerySet[PlacedWriting], after: UUID | None, *, words: list[str] | None = None
) -> tuple[list[WritingView], UUID | None]:
    last = PlacedWriting.objects.filter(pk=after, since__isnull=False).first() if after else None
    if last is not None:
        found = found.filter(Q(since__lt=last.since) | Q(since=last.since, id__gt=last.id))
    rows = list(found.order_by("-since", "id")[: PAGE + 1])
    views = [_view(row, words) for row in rows[:PAGE]]
    return views, (views[-1].id if len(rows) > PAGE else None)


def _view(row: PlacedWriting, words: list[str] | None = None) -> WritingView:
    return replace(version_view(row).as_read(), excerpt=_excerpt(row.text, words or []))


def _excerpt(text: str, words: list[str]) -> tuple[str, str, str]:
    """The place of the first word that stands in the text as it was typed; else how the text begins."""
    flat = " ".join(text.split())
    for word in words:
        at = flat.casefold().find(word.casefold())
        if at >= 0 and fold(word):
            end = at + len(word)
            start = max(0, at - AROUND)
            before = ("…" if start else "") + flat[start:at]
            return before, flat[at:end], flat[end : end + AROUND] + ("…" if end + AROUND < len(flat) else "")
    return flat[: 2 * AROUND] + ("…" if len(flat) > 2 * AROUND else ""), "", ""
