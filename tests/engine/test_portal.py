"""portal.yaml: what a place's portal says, and every mistake in it with file and line."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from yincai.engine.loading import SpecErrors, load_place_folder
from yincai.engine.portal import GROUNDS, TONES, contrast, unreadable

PLACES = Path(__file__).parents[2] / "places"
REAL_NAMES = [one.parent.name for one in sorted(PLACES.glob("*/portal.yaml"))]
TONE = "action: '#00666e'"


def with_portal(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "harbour_city"
    copytree(PLACES / "harbour_city", folder)
    (folder / "portal.yaml").write_text(text, "utf8")
    return folder


def test_place_without_portal_has_an_empty_one():
    portal = load_place_folder(PLACES / "harbour_city").portal

    assert (portal.title, portal.registration, portal.applications) == ("", None, ())


def test_portal_says_which_system_a_programme_belongs_to(tmp_path):
    folder = with_portal(
        tmp_path,
        "title: 港城人才之家\napplications:\n"
        "  - {name: library, title: 图书馆系统, programmes: [library_card]}\n"
        "  - {name: museum, title: 博物馆系统}\nborrowed: [elsewhere/archive]\n",
    )

    portal = load_place_folder(folder).portal

    assert portal.application_of("library_card") == portal.application("library")
    assert portal.application_of("nothing") is None
    assert [one.is_open for one in portal.applications] == [True, False]
    assert portal.borrowed == (("elsewhere", "archive"),)


def test_every_mistake_is_named_with_its_line(tmp_path):
    folder = with_portal(
        tmp_path,
        "applications:\n"
        "  - {name: library, title: 图书馆系统, programmes: [library_card]}\n"
        "  - {name: library, title: 博物馆系统, programmes: [library_card]}\n"
        "borrowed: [archive]\n"
        "services_address: http://example.org/\n"
        "registration: {welcome: 欢迎, commitment: 承诺}\n"
        "colour: red\n",
    )

    with pytest.raises(SpecErrors) as refused:
        load_place_folder(folder)

    assert [str(problem) for problem in refused.value.problems] == [
        "portal.yaml:1: portal has no title; add `title:` with a value",
        "portal.yaml:2: portal: library is written twice; give each its own name",
        "portal.yaml:2: portal: programme library_card belongs to two systems; leave it in one",
        "portal.yaml:4: portal: archive names no system; write <place>/<application>",
        "portal.yaml:5: portal: http://example.org/ is no safe address; write https://…",
        "portal.yaml:6: portal: registration has no agreement; add `agreement:` with a value",
        "portal.yaml:7: portal has no key colour; use one of: about, applications, borrowed, "
        "identity_title, look, registration, services_address, support, title",
    ]


def test_colours_that_cannot_be_read_are_refused(tmp_path):
    good = (PLACES / "guangzhou" / "portal.yaml").read_text("utf8")
    folder = with_portal(tmp_path, good.replace(TONE, "action: '#9fd0d4'").replace("#7fd6d8", "teal"))

    with pytest.raises(SpecErrors) as refused:
        load_place_folder(folder)

    found = "\n".join(str(problem) for problem in refused.value.problems)
    assert "#9fd0d4 can hardly be read on #ffffff (contrast under 4.5); make it darker or lighter" in found
    assert "teal is no colour; write it as '#0b55c4'" in found


def test_contrast_is_that_of_the_guidelines():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("place", REAL_NAMES)
def test_shipped_places_load_and_their_colours_can_be_read(place):
    look = load_place_folder(PLACES / place).portal.look

    assert not look or all(set(look[scheme]) == set(TONES) for scheme in GROUNDS)
    assert not [
        unreadable(look[scheme], GROUNDS[scheme])
        for scheme in look
        if unreadable(look[scheme], GROUNDS[scheme])
    ]
