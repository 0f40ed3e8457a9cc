"""Where `collectstatic` and the development server find the stylesheets that are written, not kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from yincai.look import stylesheet
from yincai.programmes import queries as programmes

NAME = "look/yincai.css"


class StylesheetFinder(BaseFinder):
    """Finds `look/yincai.css`, joined anew whenever a part of it changed, and the colours of every place."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing can be set wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The written file's path for one of its names, nothing for any other."""
        texts = {NAME: None} if path == NAME else _sheets()
        if path not in texts:
            return []
        found = str(stylesheet.write_to(settings.VAR / "joined", path, texts[path]))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Every written file with the storage that holds it."""
        storage = FileSystemStorage(location=settings.VAR / "joined")
        for name, text in {NAME: None, **_sheets()}.items():
            stylesheet.write_to(settings.VAR / "joined", name, text)
            yield name, storage


def _sheets() -> dict[str, str | None]:
    """The colours of the places that have their own, by name of the file."""
    return {
        stylesheet.place_sheet(place.name): stylesheet.colours(place.portal.look)
        for place in programmes.places()
        if place.portal.look
    }
