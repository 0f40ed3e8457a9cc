"""What is on offer, and what a version says."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from yincai.engine.loading import load_programme
from yincai.foundation.once import once
from yincai.foundation.statements import value
from yincai.programmes import places as place_content
from yincai.programmes.applications import System as System
from yincai.programmes.applications import system as system
from yincai.programmes.applications import system_of as system_of
from yincai.programmes.applications import systems as systems
from yincai.programmes.models import Publication
from yincai.programmes.retention import retention as retention
from yincai.programmes.vocabulary import NoSuchProgramme, Place, PublishedVersion

NEWEST = """
    SELECT id FROM programmes_publication
    WHERE place = %(place)s AND name = %(name)s ORDER BY number DESC LIMIT 1
"""


def current(place: str, name: str) -> PublishedVersion:
    """The version in force; `NoSuchProgramme` when none was published."""
    newest: UUID | None = value(NEWEST, place=place, name=name)
    if newest is None:
        raise NoSuchProgramme(place, name)
    return version(newest)


@lru_cache(maxsize=256)
def version(publication_id: UUID) -> PublishedVersion:
    """One published version, parsed once a process (publications never change)."""
    row = Publication.objects.get(id=publication_id)
    return PublishedVersion(
        id=row.id,
        place=row.place,
        name=row.name,
        number=row.number,
        content_hash=row.content_hash,
        published_at=row.published_at,
        programme=load_programme(row.files),
    )


def catalogue(place: str | None = None) -> list[PublishedVersion]:
    """The newest version of every programme, of one place or of all, by place and name."""
    rows = Publication.objects.all() if place is None else Publication.objects.filter(place=place)
    newest = rows.order_by("place", "name", "-number").distinct("place", "name").values_list("id", flat=True)
    return [version(publication_id) for publication_id in newest]


def every_version(place: str) -> list[PublishedVersion]:
    """Every version that a place ever published: cases are pinned to any of them."""
    rows = Publication.objects.filter(place=place).order_by("name", "number").values_list("id", flat=True)
    ids = once(("versions", place), lambda: list(rows))
    return [version(publication_id) for publication_id in ids]


def all_versions() -> list[PublishedVersion]:
    """Every version that any place ever published."""
    return [version(one) for one in Publication.objects.order_by("published_at").values_list("id", flat=True)]


def place(name: str) -> Place:
    """A city's own content; `NoSuchProgramme` when there is no such place."""
    return place_content.load_place(name)


def places() -> list[Place]:
    """Every place that has a folder, by name."""
    return place_content.load_places()
