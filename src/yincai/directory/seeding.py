"""Taking up the rows that a place's files bring: once each, and again when the file changes."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid5

from django.db import transaction

from yincai.directory.models import Record, Version
from yincai.directory.versions import open_version_of, write_version
from yincai.directory.vocabulary import Event, Sort
from yincai.engine.directory import Seed
from yincai.engine.loading import load_directory_folder
from yincai.foundation import clock
from yincai.foundation.canonical import canonical_hash
from yincai.foundation.statements import hold
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM

_IDS = UUID("0d9a52a5-9a55-4b6c-8a0e-0a1b6b6f2d11")


def publish_directory(folder: Path) -> int:
    """Take up what `organisations.yaml`, `schools.yaml` and `majors.yaml` of a place bring; how many rows
    were new or changed.

    A row that was taken up before and did not change in the file is left as it is, whatever an approved
    request has made of its record since.  Raises `engine.loading.SpecErrors` and takes up nothing.
    """
    spec = load_directory_folder(folder)
    if spec is None:
        return 0
    with transaction.atomic():
        hold(f"directory:{folder.name}")
        return sum(_take_up(folder.name, sort, seed) for sort, seeds in spec.seeds.items() for seed in seeds)


def _take_up(place: str, sort: Sort, seed: Seed) -> bool:
    digest = canonical_hash([seed.name, seed.code, dict(seed.facts), str(seed.since or ""), seed.is_example])
    row = _record_of(place, sort, seed)
    if row is not None and row.seed == digest:
        return False
    if row is None:
        row = Record.objects.create(id=_id(place, sort, seed), place=place, sort=sort)
    standing = open_version_of(row.id)
    Record.objects.filter(pk=row.pk).update(seed=digest)
    version = write_version(
        row,
        name=seed.name,
        code=seed.code,
        facts=dict(seed.facts),
        since=(seed.since if standing is None else None) or clock.today(),
        is_example=seed.is_example,
    )
    event = Event.RECORD_CHANGED if standing else Event.RECORD_ADDED
    record(chain=row.id, event=event, actor=SYSTEM, payload={"version": version.number, "seed": digest})
    return True


def _record_of(place: str, sort: Sort, seed: Seed) -> Record | None:
    """The record that this row is about: its own, or one that a request added under the same code."""
    own = Record.objects.filter(pk=_id(place, sort, seed)).first()
    if own is not None or not seed.code:
        return own
    same = Version.objects.filter(place=place, sort=sort, code=seed.code, valid_until=None)
    found = same.select_related("record").first()
    return found.record if found else None


def _id(place: str, sort: Sort, seed: Seed) -> UUID:
    return uuid5(_IDS, f"{place}/{sort}/{seed.code or seed.name}")
