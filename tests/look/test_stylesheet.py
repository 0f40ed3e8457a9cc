"""The stylesheet is whole, asks nobody else for anything, and is light."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from yincai.look import stylesheet

LOOK = Path(stylesheet.__file__).parent
SRC = LOOK.parent
BUDGET = 60_000
APPLICANT_PAGES = sorted((SRC / "portal" / "jinja2").rglob("*.html"))


def test_every_part_is_joined_once_and_in_the_order_of_the_layers() -> None:
    found = [part.relative_to(stylesheet.FOLDER).as_posix() for part in stylesheet.parts()]

    assert sorted(found) == sorted(
        part.relative_to(stylesheet.FOLDER).as_posix() for part in stylesheet.FOLDER.rglob("*.css")
    )
    assert found[:4] == list(stylesheet.BEFORE)
    assert found[-2:] == list(stylesheet.AFTER)
    assert stylesheet.joined().startswith("@layer reset, tokens, base, layout, components, modes, print;")


def test_the_stylesheet_loads_nothing() -> None:
    text = stylesheet.joined()

    assert "@import" not in text
    assert "url(" not in text
    assert text.count("{") == text.count("}")


def test_every_custom_property_in_use_is_defined() -> None:
    text = stylesheet.joined()

    used = set(re.findall(r"var\((--[a-z0-9-]+)", text))
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", text))

    assert used <= defined
    assert defined <= used | {"--visited", "--focus-gap", "--shadow-2"}


def test_the_finder_finds_the_joined_file_and_no_other() -> None:
    found = finders.find("look/yincai.css")

    assert isinstance(found, str)
    assert Path(found).read_text("utf8") == stylesheet.joined()
    assert finders.find("look/tokens.css") is None


@pytest.mark.parametrize("template", APPLICANT_PAGES, ids=lambda path: path.name)
def test_css_and_scripts_of_an_applicants_page_stay_within_the_budget(template: Path) -> None:
    """What the page starts with; the editor of long texts comes later (tests/journey/test_rich_text.py)."""
    text = template.read_text("utf8")
    scripts = {LOOK / "static" / name for name in re.findall(r"static\('(look/[a-z]+\.js)'\)", text)}

    size = len(brotli.compress(stylesheet.joined().encode()))
    size += sum(len(brotli.compress(script.read_bytes())) for script in scripts)

    assert size < BUDGET


def test_no_template_carries_an_inline_style_or_script() -> None:
    inline = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|javascript:")
    templates = [path for path in SRC.rglob("jinja2/**/*.html") if inline.search(path.read_text("utf8"))]

    assert templates == []
