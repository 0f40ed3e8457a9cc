"""Where `collectstatic` and the development server find the joined stylesheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from yincai.look import stylesheet

NAME = "look/yincai.css"


class StylesheetFinder(BaseFinder):
    """Finds one file, `look/yincai.css`, joined anew whenever a part of it changed."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing can be set wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The joined file's path for its own name, nothing for any other."""
        if path != NAME:
            return []
        found = str(stylesheet.write_to(settings.VAR / "joined", NAME))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """The joined file with the storage that holds it."""
        stylesheet.write_to(settings.VAR / "joined", NAME)
        yield NAME, FileSystemStorage(location=settings.VAR / "joined")
