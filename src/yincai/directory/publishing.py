"""From a day on one version of a writing is shown instead of the one before: an editor's, or the folder's."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from django.db import transaction
from django.db.models import F

from yincai.directory.editions import chain_of, newest_standing, next_version, standing_rows
from yincai.directory.spelling import grams_of
from yincai.directory.writing_models import PlacedWriting
from yincai.directory.writing_words import OPEN_EDITIONS, Edition, WritingEvent
from yincai.engine.loading import load_library_folder
from yincai.engine.writings import Writing
from yincai.foundation import clock
from yincai.foundation.canonical import canonical_hash
from yincai.foundation.statements import hold
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, SYSTEM, Actor


def hold_library(place: str) -> None:
    """One after the other: whoever changes what a place publishes."""
    hold(f"library:{place}")


def put_out(row: PlacedWriting, *, actor: Actor) -> None:
    """Publish a version.  What is shown stays until its day, then it is shown instead.

    Within the caller's transaction, which holds the library.
    """
    now, today = clock.now(), clock.today()
    row.since = row.since or today
    begins = max(row.since, today)
    standing_rows(row.place, row.name).exclude(pk=row.pk).update(replaced_on=begins)
    row.edition = Edition.PUBLISHED.value
    row.published_at = row.changed_at = now
    row.published_by = actor.id
    row.save()
    tell(row, WritingEvent.PUBLISHED, actor, since=row.since.isoformat())


def tell(row: PlacedWriting, event: WritingEvent, actor: Actor, *, reason: str = "", **payload: JSON) -> None:
    """Record what was done to a version, by the digest of its words; a reason in the words of who acts."""
    record(
        chain=chain_of(row.place, row.name),
        event=event,
        actor=actor,
        payload={"version": row.version, "digest": row.digest or digest_of(row), **payload},
        words={"reason": reason} if reason else None,
        person=actor.id if reason else None,
    )


def digest_of(row: PlacedWriting) -> str:
    """What a version says, as one number."""
    names = ("name", "shelf", "title", "text", "since", "number", "until", "new_until", "address")
    return canonical_hash({name: str(getattr(row, name) or "") for name in names})


def publish_library(folder: Path) -> int:
    """Take up what `library.yaml` of a place publishes; how many writings are new, changed or withdrawn.

    The folder is the seed.  An entry that did not change since it was taken up never overwrites what editors
    made of it at the desk, nor brings back what they withdrew.  One that did change is published at once as
    long as nobody touched the writing at the desk; from then on it waits for an editor (待发布), who
    publishes it or does not.  What the folder no longer has is withdrawn, unless editors touched it.

    Raises `engine.loading.SpecErrors` and takes up nothing.
    """
    wanted = load_library_folder(folder).writings
    place = folder.name
    with transaction.atomic():
        hold_library(place)
        changed = sum(_take_up(place, one) for one in wanted)
        return changed + _let_go(place, keep=[one.name for one in wanted])


def _take_up(place: str, one: Writing) -> bool:
    digest = canonical_hash({name: str(value or "") for name, value in asdict(one).items()})
    rows = PlacedWriting.objects.filter(place=place, name=one.name).order_by("-version")
    last = rows.exclude(digest="").first()
    if last is not None and last.digest == digest and not _was_let_go(last):
        return False
    _discard_waiting(place, one.name)
    row = PlacedWriting(
        place=place,
        version=next_version(place, one.name),
        digest=digest,
        grams=grams_of(f"{one.title} {one.number} {one.text}"),
        **asdict(one),
    )
    if _is_touched(place, one.name):
        row.edition = Edition.SUBMITTED.value
        row.save(force_insert=True)
        tell(row, WritingEvent.SUBMITTED, SYSTEM)
    else:
        put_out(row, actor=SYSTEM)
    return True


def _let_go(place: str, *, keep: list[str]) -> int:
    """Withdraw what came from the folder alone and is there no longer."""
    seeds = PlacedWriting.objects.filter(place=place, withdrawn_at=None).exclude(digest="")
    gone = seeds.exclude(name__in=keep).values_list("name", flat=True)
    count = 0
    for name in sorted(set(gone)):
        _discard_waiting(place, name)
        if not _is_touched(place, name):
            count += withdraw_standing(place, name, actor=SYSTEM)
    return count


def withdraw_standing(place: str, name: str, *, actor: Actor, reason: str = "") -> bool:
    """Withdraw every version of a writing that is shown or will be; whether there was one."""
    newest = newest_standing(place, name)
    if newest is None:
        return False
    now = clock.now()
    standing_rows(place, name).update(
        edition=Edition.WITHDRAWN.value,
        withdrawn_at=now,
        withdrawn_by=actor.id,
        changed_at=now,
        changes=F("changes") + 1,
    )
    tell(newest, WritingEvent.WITHDRAWN, actor, reason=reason)
    return True


def _discard_waiting(place: str, name: str) -> None:
    """What the folder said before and no editor has published is not waited for any longer."""
    open_now = [one.value for one in OPEN_EDITIONS]
    waiting = PlacedWriting.objects.filter(place=place, name=name, edition__in=open_now).exclude(digest="")
    for row in waiting:
        row.edition, row.changed_at, row.changes = Edition.DISCARDED.value, clock.now(), row.changes + 1
        row.save(update_fields=["edition", "changed_at", "changes"])
        tell(row, WritingEvent.DISCARDED, SYSTEM)


def _is_touched(place: str, name: str) -> bool:
    """Whether an editor wrote, published or withdrew a version of it."""
    rows = PlacedWriting.objects.filter(place=place, name=name)
    return (
        rows.filter(digest="").exclude(edition=Edition.DISCARDED).exists()
        or rows.exclude(published_by=None).exists()
        or rows.exclude(withdrawn_by=None).exists()
    )


def _was_let_go(row: PlacedWriting) -> bool:
    """Whether it was withdrawn because the folder no longer had it."""
    return row.edition == Edition.WITHDRAWN and row.withdrawn_by is None
