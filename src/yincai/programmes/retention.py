"""How long what is kept: the platform's declaration, and what a place keeps otherwise.  Door: `queries`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yincai.engine.loading import load_retention, load_retention_folder
from yincai.engine.retention import Retention


def retention(place: str = "") -> Retention:
    """What is declared for a place, or for what belongs to none; read once a process."""
    return _read(Path(settings.RETENTION), Path(settings.PLACES) / place if place else None)


@lru_cache(maxsize=64)
def _read(file: Path, folder: Path | None) -> Retention:
    declared = load_retention(file.read_text("utf8"))
    return declared.with_place(load_retention_folder(folder)) if folder else declared
