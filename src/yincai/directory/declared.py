"""What a place's files say about its directory, read once a process."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from yincai.directory.vocabulary import DirectorySpec, NoDirectory
from yincai.engine.loading import load_directory_folder


def declared(place: str) -> DirectorySpec:
    """The place's own lists and rules; `NoDirectory` for a place without them."""
    found = _read(place) if place.replace("_", "").isalnum() else None
    if found is None:
        raise NoDirectory
    return found


def keeps_directory(place: str) -> bool:
    """Whether the place has a directory at all."""
    try:
        declared(place)
    except NoDirectory:
        return False
    return True


@lru_cache(maxsize=64)
def _read(place: str) -> DirectorySpec | None:
    return load_directory_folder(settings.PLACES / place)
