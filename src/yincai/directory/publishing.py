"""From a day on one version of a writing is shown instead of the one before: an editor's, or the folder's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from yincai.directory.editions import begins_on, chain_of, next_version, standing
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
    """Publish a version.  What is shown stays until its day, then it is shown instead; what is published
    for a later day still follows on that day.

    Within the caller's transaction, which holds the library.
    """
    row.since = row.since or clock.today()
    row.edition = Edition.PUBLISHED.value
    row.published_at = row.changed_at = clock.now()
    row.published_by = actor.id
    row.save()
    link_versions(row.place, row.name)
    row.refresh_from_db(fields=["replaced_on"])
    tell(row, WritingEvent.PUBLISHED, actor, since=row.since.isoformat())


def link_versions(place: str, name: str) -> None:
    """Have each published version of a writing end on the day on which the next one begins.

    The one place that says so.  They follow one another by the day on which they begin
    (`VersionView.begins`); of two for one day that which was published last is shown.  What was withdrawn
    before its day ends nothing; what was shown and then withdrawn ended what came before it, which does not
    come back.  Within the caller's transaction, which holds the library; the constraint `writing_shown_once`
    looks at its end.
    """
    out = [Edition.PUBLISHED.value, Edition.WITHDRAWN.value]
    rows = PlacedWriting.objects.filter(place=place, name=name, edition__in=out)
    chain = sorted((one for one in rows if _began(one)), key=_order)
    for row, following in zip(chain, [*chain[1:], None], strict=True):
        ends = begins_on(following) if following else None
        if row.edition == Edition.PUBLISHED and row.replaced_on != ends:
            PlacedWriting.objects.filter(pk=row.pk).update(replaced_on=ends)


def _began(row: PlacedWriting) -> bool:
    """Whether a version has a place in the chain: not if it was withdrawn before its day."""
    return row.withdrawn_at is None or begins_on(row) <= clock.day_of(row.withdrawn_at)


def _order(row: PlacedWriting) -> tuple[date, datetime, int]:
    return begins_on(row), row.published_at or row.changed_at, row.version


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
            count += withdraw_writing(place, name, actor=SYSTEM)
    return count


def withdraw_writing(place: str, name: str, *, actor: Actor, reason: str = "") -> bool:
    """Withdraw every version of a writing that is shown or might be later; whether there was one."""
    rows = PlacedWriting.objects.filter(place=place, name=name, edition=Edition.PUBLISHED)
    found = list(rows.filter(standing() | Q(since__gt=clock.today())).order_by("version"))
    withdraw_rows(found, actor=actor, reason=reason)
    return bool(found)


def withdraw_rows(rows: Iterable[PlacedWriting], *, actor: Actor, reason: str = "") -> None:
    """Withdraw these versions, each on record; what stays published closes ranks."""
    now = clock.now()
    for row in rows:
        row.edition, row.withdrawn_at, row.withdrawn_by = Edition.WITHDRAWN.value, now, actor.id
        row.changes, row.changed_at, row.last_key = row.changes + 1, now, None
        row.save(
            update_fields=["edition", "withdrawn_at", "withdrawn_by", "changes", "changed_at", "last_key"]
        )
        tell(row, WritingEvent.WITHDRAWN, actor, reason=reason)
        link_versions(row.place, row.name)


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
    """Whether it was withdrawn, or not waited for any longer, because the folder no longer had it.

    What an editor did not take carries the key of their form.
    """
    if row.edition == Edition.DISCARDED:
        return row.last_key is None
    return row.edition == Edition.WITHDRAWN and row.withdrawn_by is None
