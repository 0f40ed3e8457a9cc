"""Reads `places/<place>/`: a city's own content beside its programmes."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from yincai.engine.loading import load_place_folder
from yincai.programmes.vocabulary import NoSuchProgramme, Place


@lru_cache(maxsize=64)
def load_place(name: str) -> Place:
    """The place of this name, read once a process; `NoSuchProgramme` when it has no `place.yaml`."""
    folder = settings.PLACES / name
    if not name.replace("_", "").isalnum() or not (folder / "place.yaml").is_file():
        raise NoSuchProgramme(name, "")
    return load_place_folder(folder)


def load_places() -> list[Place]:
    """Every place with a `place.yaml`, by name."""
    return [load_place(path.parent.name) for path in sorted(settings.PLACES.glob("*/place.yaml"))]
