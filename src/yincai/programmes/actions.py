"""Publishing a programme: the only way content reaches residents."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from yincai.engine.loading import load_folder
from yincai.foundation import clock
from yincai.foundation.statements import hold
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries
from yincai.programmes.models import Publication
from yincai.programmes.vocabulary import PUBLISHED, PublishedVersion, chain_of


def publish_folder(path: Path, *, actor: Actor) -> PublishedVersion:
    """Publish the programme in `places/<place>/programmes/<name>/` as its next version.

    Unchanged content returns the version in force and writes nothing.  A folder with mistakes raises
    `engine.loading.SpecErrors`, which names every one of them, and publishes nothing.
    """
    place, name = path.parent.parent.name, path.name
    programme = load_folder(path)
    with transaction.atomic():
        hold(f"publish:{place}/{name}")
        newest = Publication.objects.filter(place=place, name=name).order_by("-number").first()
        if newest is not None and newest.content_hash == programme.content_hash:
            return queries.version(newest.id)
        publication = Publication.objects.create(
            place=place,
            name=name,
            number=newest.number + 1 if newest else 1,
            title=programme.title,
            content_hash=programme.content_hash,
            files=dict(programme.files),
            published_at=clock.now(),
            published_by=actor.id,
        )
        record(
            chain=chain_of(place, name),
            event=PUBLISHED,
            actor=actor,
            payload={
                "place": place,
                "name": name,
                "number": publication.number,
                "hash": programme.content_hash,
            },
        )
    return queries.version(publication.id)
