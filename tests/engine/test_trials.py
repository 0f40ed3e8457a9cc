from __future__ import annotations

import re
from pathlib import Path

from tests.engine.programmes import files
from yincai.engine.loading import load_folder, load_place_folder, load_programme
from yincai.engine.trials import failures

ROOT = Path(__file__).parents[2]
HARBOUR_CITY = ROOT / "places" / "harbour_city"
BLOCK = re.compile(r"```(?:yaml|typst)\n(?:#|//) ([a-z_/]+\.(?:yaml|typ))\n(.*?)```", re.DOTALL)


def test_cases_of_the_library_card_hold():
    programme = load_folder(HARBOUR_CITY / "programmes" / "library_card")

    assert programme.tests
    assert failures(programme) == []


def test_tutorial_is_a_whole_programme_whose_cases_hold():
    text = (ROOT / "docs" / "programmes" / "tutorial.md").read_text()
    blocks = {name: f"# {name}\n{body}" for name, body in BLOCK.findall(text)}

    programme = load_programme(blocks, place=load_place_folder(HARBOUR_CITY))

    assert programme.name == "study_room"
    assert len(programme.tests) == 3
    assert failures(programme) == []


def test_differences_are_named_with_their_line():
    tests = """\
cases:
  - title: 全错
    on: 2026-11-22
    variant: B
    answers: {born: 2020-01-01, family: [{name: 甲, adopted: true}], agree: true}
    documents: {degree: 1, picture: 1, family.1.adoption: 1}
    expect:
      rules: {adult: met}
      visible: {term: true, family: false}
      missing: [full_name, sex, paper, family.1.adopted_on, mobile, home]
"""
    found = failures(load_programme(files(tests=tests)))

    assert [str(item) for item in found] == [
        "tests.yaml:2: 全错: rule adult is not met, expected met",
        "tests.yaml:2: 全错: term is hidden",
        "tests.yaml:2: 全错: family is visible",
        "tests.yaml:2: 全错: origin is missing, not expected",
        "tests.yaml:2: 全错: home is not missing, expected to be",
    ]
