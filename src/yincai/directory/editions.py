"""The versions of a place's writings, for its editors; and what the rest of the room asks of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from django.db.models import Count, F, Max, Q, QuerySet

from yincai.directory.spelling import grams_sought
from yincai.directory.writing_models import PlacedWriting
from yincai.directory.writing_words import EDITOR, OPEN_EDITIONS, Edition, VersionView
from yincai.engine.writings import Shelf
from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.foundation.paging import Key
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor, EntryView
from yincai.people import queries as people

PAGE = 20
ENTRIES_SHOWN = 30
_CHAINS = UUID("3f0a1c0e-7d3d-4f5e-9a57-6a3a9f0b7c10")


def may_edit(actor: Actor, place: str) -> bool:
    """Whether this member of staff writes and publishes what is read in the place."""
    return (
        actor.kind == "staff" and actor.id is not None and EDITOR in people.staff_roles(actor.id, place=place)
    )


def editions(
    actor: Actor,
    place: str,
    edition: Edition,
    *,
    shelf: Shelf | None = None,
    query: str = "",
    after: Key | None = None,
) -> tuple[list[VersionView], Key | None]:
    """A page of the versions that stand so, the last changed first, and the key of the next.

    `query`: with every word of it.  What was replaced is not listed.  `NotFound` for others than editors.
    """
    if not may_edit(actor, place):
        raise NotFound
    found = PlacedWriting.objects.filter(place=place, edition=edition)
    if edition is Edition.PUBLISHED:
        found = found.filter(standing())
    if shelf:
        found = found.filter(shelf=shelf)
    for grams in grams_sought(query):
        found = found.filter(grams__contains=grams)
    if after:
        found = found.filter(Q(changed_at__lt=after[0]) | Q(changed_at=after[0], id__lt=after[1]))
    rows = list(found.order_by("-changed_at", "-id")[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return [version_view(row) for row in rows[:PAGE]], (last.changed_at, last.pk) if last else None


def open_counts(place: str) -> dict[Edition, int]:
    """How many versions are drafts, and how many wait to be published."""
    rows = PlacedWriting.objects.filter(place=place, edition__in=OPEN_EDITIONS).values_list("edition")
    return {Edition(one): count for one, count in rows.annotate(count=Count("id"))}


def edition(actor: Actor, version_id: UUID) -> VersionView:
    """One version, for editors of its place; `NotFound` for others."""
    return version_view(row_for(actor, version_id))


def versions_of(actor: Actor, place: str, name: str, *, before: int = 0) -> tuple[list[VersionView], int]:
    """A page of the versions of a writing, the newest first, from the one before version `before` on; and the
    `before` of the next page, 0 at the end."""
    if not may_edit(actor, place):
        raise NotFound
    found = PlacedWriting.objects.filter(place=place, name=name)
    if before:
        found = found.filter(version__lt=before)
    rows = list(found.order_by("-version")[: PAGE + 1])
    return [version_view(row) for row in rows[:PAGE]], rows[PAGE - 1].version if len(rows) > PAGE else 0


def version_in_force(place: str, name: str) -> VersionView | None:
    """The version published last of those that are shown now or will be: what a change begins from."""
    row = newest_standing(place, name)
    return version_view(row) if row else None


def standing_versions(place: str, name: str) -> list[VersionView]:
    """The versions that are shown, one after the other: now, and each from its day on."""
    return sorted((version_view(row) for row in standing_rows(place, name)), key=lambda one: one.begins)


def open_version_of_writing(place: str, name: str) -> VersionView | None:
    """The version of a writing that is written at the desk and not published yet."""
    found = PlacedWriting.objects.filter(place=place, name=name, digest="", edition__in=OPEN_EDITIONS)
    row = found.first()
    return version_view(row) if row else None


def deeds_of(place: str, name: str, *, page: int = 1) -> tuple[list[EntryView], int]:
    """What was done to a writing, newest first, page by page, and the next page, 0 at the end.

    Who said why is in the entry's words.
    """
    end = page * ENTRIES_SHOWN
    found = ledger.newest(chain_of(place, name), limit=end + 1)
    return found[end - ENTRIES_SHOWN : end], page + 1 if len(found) > end else 0


def row_for(actor: Actor, version_id: UUID, *, locked: bool = False) -> PlacedWriting:
    """The row of one version, for editors of its place; `NotFound` for others."""
    rows = PlacedWriting.objects.select_for_update() if locked else PlacedWriting.objects.all()
    row = rows.filter(pk=version_id).first()
    if row is None or not may_edit(actor, row.place):
        raise NotFound
    return row


def standing() -> Q:
    """Of what is published: shown today or from a later day on."""
    return Q(replaced_on=None) | (Q(replaced_on__gt=clock.today()) & Q(replaced_on__gt=F("since")))


def standing_rows(place: str, name: str) -> QuerySet[PlacedWriting]:
    """The published versions of a writing that are shown today or will be, the last published first."""
    found = PlacedWriting.objects.filter(standing(), place=place, name=name, edition=Edition.PUBLISHED)
    return found.order_by("-published_at", "-version")


def newest_standing(place: str, name: str) -> PlacedWriting | None:
    """The one of them that was published last."""
    return standing_rows(place, name).first()


def next_version(place: str, name: str) -> int:
    """The number of the next version.  Needs the lock of the place's library."""
    found = PlacedWriting.objects.filter(place=place, name=name).aggregate(last=Max("version"))
    return (found["last"] or 0) + 1


def chain_of(place: str, name: str) -> UUID:
    """The ledger's chain of a writing."""
    return uuid5(_CHAINS, f"{place}/{name}")


def begins_on(row: PlacedWriting) -> date:
    """The day from which a version is shown that was published."""
    return version_view(row).begins


def version_view(row: PlacedWriting) -> VersionView:
    """A row as other rooms see it."""
    return VersionView(
        id=row.pk,
        place=row.place,
        name=row.name,
        version=row.version,
        edition=Edition(row.edition),
        shelf=Shelf(row.shelf),
        title=row.title,
        number=row.number,
        text=row.text,
        address=row.address,
        since=row.since,
        until=row.until,
        new_until=row.new_until,
        changes=row.changes,
        written_by=tuple(row.written_by),
        changed_at=row.changed_at,
        published_at=row.published_at,
        published_by=row.published_by,
        replaced_on=row.replaced_on,
        is_seed=bool(row.digest),
    )
