"""Notices, policies, guides and answers: taken up from a place's folder, found by words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet

from yincai.directory.spelling import fold, grams_of, grams_sought
from yincai.directory.vocabulary import Event
from yincai.directory.writing_models import PlacedWriting
from yincai.engine.loading import load_library_folder
from yincai.engine.writings import Channel, Shelf, Writing
from yincai.foundation import clock
from yincai.foundation.canonical import canonical_hash
from yincai.foundation.errors import NotFound
from yincai.foundation.statements import hold
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM

PAGE = 20
AROUND = 40
"""Characters that are shown on either side of a word that was found."""
_CHAINS = UUID("3f0a1c0e-7d3d-4f5e-9a57-6a3a9f0b7c10")


@dataclass(frozen=True, slots=True)
class WritingView:
    """One writing as people read it; `excerpt` is where a searched word stands, in three parts."""

    id: UUID
    name: str
    shelf: Shelf
    title: str
    number: str
    text: str
    address: str
    since: date
    until: date | None
    is_new: bool
    excerpt: tuple[str, str, str] = ("", "", "")

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < clock.today()


def publish_library(folder: Path) -> int:
    """Take up what `library.yaml` of a place publishes; how many writings are new, changed or withdrawn.

    Raises `engine.loading.SpecErrors` and takes up nothing.
    """
    wanted = load_library_folder(folder).writings
    place = folder.name
    with transaction.atomic():
        hold(f"library:{place}")
        changed = sum(_take_up(place, one) for one in wanted)
        gone = PlacedWriting.objects.filter(place=place, withdrawn_at=None)
        for row in gone.exclude(name__in=[one.name for one in wanted]):
            row.withdrawn_at = clock.now()
            row.save(update_fields=["withdrawn_at"])
            record(chain=_chain(place, row.name), event=Event.WRITING_WITHDRAWN, actor=SYSTEM, payload={})
            changed += 1
    return changed


def _take_up(place: str, one: Writing) -> bool:
    facts = {name: str(value or "") for name, value in asdict(one).items()}
    digest = canonical_hash(facts)
    standing = PlacedWriting.objects.filter(place=place, name=one.name).first()
    if standing is not None and standing.digest == digest and standing.withdrawn_at is None:
        return False
    values = {**asdict(one), "digest": digest, "withdrawn_at": None, "published_at": clock.now()}
    values["grams"] = grams_of(f"{one.title} {one.number} {one.text}")
    PlacedWriting.objects.update_or_create(place=place, name=one.name, defaults=values)
    record(
        chain=_chain(place, one.name),
        event=Event.WRITING_PUBLISHED,
        actor=SYSTEM,
        payload={"digest": digest},
    )
    return True


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
    shown = PlacedWriting.objects.filter(place=place, withdrawn_at=None, since__lte=today)
    return shown if with_old else shown.filter(Q(until=None) | Q(until__gte=today))


def _page(
    found: QuerySet[PlacedWriting], after: UUID | None, *, words: list[str] | None = None
) -> tuple[list[WritingView], UUID | None]:
    if after is not None and (last := PlacedWriting.objects.filter(pk=after).first()):
        found = found.filter(Q(since__lt=last.since) | Q(since=last.since, id__gt=last.id))
    rows = list(found.order_by("-since", "id")[: PAGE + 1])
    views = [_view(row, words or []) for row in rows[:PAGE]]
    return views, (views[-1].id if len(rows) > PAGE else None)


def _view(row: PlacedWriting, words: list[str] | None = None) -> WritingView:
    return WritingView(
        row.pk,
        row.name,
        Shelf(row.shelf),
        row.title,
        row.number,
        row.text,
        row.address,
        row.since,
        row.until,
        row.new_until is not None and row.new_until >= clock.today(),
        _excerpt(row.text, words or []),
    )


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


def _chain(place: str, name: str) -> UUID:
    return uuid5(_CHAINS, f"{place}/{name}")
