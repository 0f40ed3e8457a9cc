"""The colours of a place: what they are checked against is what the stylesheet says."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from yincai.engine.portal import GROUNDS
from yincai.look import stylesheet

TOKENS = (stylesheet.FOLDER / "tokens.css").read_text("utf8")


def full(colour: str) -> str:
    """`#fff` as `#ffffff`."""
    return colour if len(colour) == 7 else "#" + "".join(2 * one for one in colour[1:])


def test_grounds_of_the_check_are_those_of_the_stylesheet() -> None:
    light, dark = TOKENS.split("prefers-color-scheme: dark")

    for scheme, text in (("light", light), ("dark", dark)):
        found = [re.search(rf"--{name}: (#[0-9a-f]+);", text) for name in ("paper", "ground", "sunken")]
        assert tuple(full(one[1]) for one in found if one) == GROUNDS[scheme]


def test_sheet_of_a_place_is_found_and_wins_over_the_platform() -> None:
    found = finders.find("look/places/guangzhou.css")

    assert isinstance(found, str)
    text = Path(found).read_text("utf8")
    assert text.startswith("@layer tokens {")
    assert "--action: #00666e;" in text
    assert "prefers-color-scheme: dark" in text
    assert finders.find("look/places/harbour_city.css") is None
    assert finders.find("look/places/../../yincai.css") is None
