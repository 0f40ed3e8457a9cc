"""Keeping disk and database one: stray files go, lost ones are named, what waits too long is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from yincai.documents import jobs, vault
from yincai.documents.models import Document, Page
from yincai.documents.vocabulary import State
from yincai.foundation import clock

_YOUNG = timedelta(hours=1)
_WAITING = timedelta(minutes=5)
_DAYS = timedelta(days=3)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: how many files it removed, and the documents whose file is gone."""

    removed: int
    without_file: tuple[UUID, ...]


def sweep_orphans(*, everything: bool = False) -> Swept:
    """Remove files that no row names and that are older than an hour; name rows whose file is gone.

    Looks at the last three days, which is where an interrupted upload leaves its file, or at all of them.
    """
    since = None if everything else clock.today() - _DAYS.days * timedelta(days=1)
    before = clock.now() - _YOUNG
    old = (name for name, written in vault.stored_since(since) if written < before)
    removed = 0
    while names := list(islice(old, _BATCH)):
        orphans = set(names) - _named(names)
        vault.erase(orphans)
        removed += len(orphans)
    return Swept(removed, tuple(sorted(_without_file(since))))


def take_up_waiting() -> int:
    """Ask the reader again for what it should have done five minutes ago; returns for how many."""
    late = Q(state=State.HELD) | Q(state=State.SAFE, drawn__lt=F("drawing"))
    now = clock.now()
    with transaction.atomic():
        rows = Document.objects.select_for_update(skip_locked=True, of=("self",))
        ids = list(rows.filter(late, asked_at__lt=now - _WAITING).values_list("pk", flat=True)[:_BATCH])
        Document.objects.filter(pk__in=ids).update(asked_at=now)
        for pk in ids:
            jobs.ask_reader(pk)
    return len(ids)


def _named(names: Iterable[str]) -> set[str]:
    """Which of these files a row names."""
    documents = Document.objects.filter(original_key__in=names).values_list("original_key", flat=True)
    pages = Page.objects.filter(storage_key__in=names).values_list("storage_key", flat=True)
    return {key for key in (*documents, *pages) if key is not None}


def _without_file(since: date | None) -> Iterator[UUID]:
    first = "" if since is None else f"{since:%Y%m%d}"
    originals = Document.objects.filter(original_key__gte=first).values_list("pk", "original_key")
    pages = Page.objects.filter(storage_key__gte=first).values_list("document_id", "storage_key")
    lost = {
        pk
        for rows in (originals, pages)
        for pk, key in rows.iterator()
        if not vault.files().exists(key or "")
    }
    yield from lost
