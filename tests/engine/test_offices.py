"""Which office a case goes to: by an answer, or by where the people of a named organisation go."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.engine.programmes import FILES
from yincai.engine.loading import SpecErrors, load_folder, load_programme
from yincai.engine.spec import Destination, OfficeRule

PLACES = Path(__file__).parents[2] / "places"
BY_EMPLOYER = """\
office:
  by: employer_name
  offices: {city: organisation, '130108': hall}
  otherwise: hall
"""


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """A copy of the green card's folder, in a copy of its place."""
    shutil.copytree(PLACES / "shijiazhuang", tmp_path / "shijiazhuang")
    return tmp_path / "shijiazhuang" / "programmes" / "talent_green_card"


def with_office(programme: Path, text: str) -> Path:
    file = programme / "programme.yaml"
    file.write_text(file.read_text("utf8").replace("office: hall\n", text), "utf8")
    return programme


def problems_of(programme: Path) -> list[str]:
    with pytest.raises(SpecErrors) as caught:
        load_folder(programme)
    return [str(problem) for problem in caught.value.problems]


def test_organisation_decides_where_the_programme_says_so(programme: Path) -> None:
    rule = load_folder(with_office(programme, BY_EMPLOYER)).office

    assert rule == OfficeRule("hall", "employer_name", {"city": "organisation", "130108": "hall"}, True)


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("by: employer_name", "by: employer_nam", "by is employer_nam; did you mean employer_name?"),
        ("by: employer_name", "by: employer_address", "by is employer_address;"),
        ("'130108'", "'999999'", "no organisation's people go to 999999;"),
        (
            "city: organisation",
            "citi: organisation",
            "people go to citi; did you mean city",
        ),
        ("otherwise: hall", "otherwise: nowhere", "the place has no office nowhere;"),
    ],
)
def test_mistake_is_named_with_its_line(programme: Path, old: str, new: str, wrong: str) -> None:
    (found,) = problems_of(with_office(programme, BY_EMPLOYER.replace(old, new)))

    assert found.startswith("programme.yaml:")
    assert wrong in found


def test_place_without_a_directory_decides_by_no_organisation(programme: Path) -> None:
    (programme.parents[1] / "organisations.yaml").unlink()

    (found,) = problems_of(with_office(programme, BY_EMPLOYER))

    assert (
        "by: employer_name names an organisation, but the place keeps none; add organisations.yaml" in found
    )


@pytest.mark.parametrize(("office", "is_refused"), [(BY_EMPLOYER, True), ("office: hall\n", False)])
def test_mistake_in_the_directory_is_one_of_a_programme_that_decides_by_it(
    programme: Path, office: str, is_refused: bool
) -> None:
    (programme.parents[1] / "organisations.yaml").write_text("districts: [\n", "utf8")
    with_office(programme, office)

    if is_refused:
        assert all(one.startswith("organisations.yaml:") for one in problems_of(programme))
    else:
        assert load_folder(programme).office.otherwise == "hall"


def test_published_text_is_read_without_its_place() -> None:
    text = FILES["programme.yaml"] + "office: {by: employer, offices: {city: here}, otherwise: there}\n"

    assert load_programme({**FILES, "programme.yaml": text}).office.by_route


@pytest.mark.parametrize(
    ("destination", "office", "rule"),
    [
        (Destination("city"), "big", "answer:city"),
        (Destination("district", "east"), "small", "answer:district"),
        (Destination("district", "west"), "any", "otherwise:district"),
        (Destination("elsewhere"), "any", "otherwise:elsewhere"),
        (Destination("unknown"), "any", "otherwise:unknown"),
        (Destination("several"), "any", "otherwise:several"),
    ],
)
def test_decision_says_its_rule(destination: Destination, office: str, rule: str) -> None:
    offices = OfficeRule("any", "employer", {"city": "big", "east": "small"}, by_route=True)

    decided = offices.decide({"employer": "港城图书馆"}, destination_of=lambda _: destination)

    assert (decided.office, decided.rule) == (office, rule)


@pytest.mark.parametrize(
    ("offices", "decided"),
    [
        (OfficeRule("hall"), ("hall", "always")),
        (OfficeRule("hall", "kind", {"a": "east"}), ("east", "answer")),
        (OfficeRule("hall", "kind", {"b": "east"}), ("hall", "otherwise")),
    ],
)
def test_other_rules_ask_no_directory(offices: OfficeRule, decided: tuple[str, str]) -> None:
    def never(_: str) -> Destination:
        raise AssertionError

    found = offices.decide({"kind": "a"}, destination_of=never)

    assert (found.office, found.rule) == decided
