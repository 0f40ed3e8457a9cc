"""The catalogue: the published content, with marks by which clients keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cases import PLACE, PROGRAMME

Machines = Callable[..., Any]


def test_programme_is_told_whole(machine: Machines, published: Any) -> None:
    answer = machine().get(f"/places/{PLACE}/programmes/{PROGRAMME}")

    told = answer.json()
    spec = published.programme
    assert answer.status_code == 200
    assert (told["title"], told["version"]) == (spec.title, published.number)
    assert [one["code"] for one in told["variants"]] == [one.code for one in spec.variants]
    assert [one["name"] for one in told["materials"]] == [one.name for one in spec.materials]
    assert told["legal_basis"] == list(spec.about.legal_basis)
    assert [one["state"] for one in told["times"]] == [
        one.name for one in spec.workflow.states if one.limit is not None
    ]


def test_places_systems_and_programmes_are_listed(machine: Machines) -> None:
    ours = machine()

    places = ours.get("/places").json()["places"]
    systems = ours.get(f"/places/{PLACE}/applications").json()["applications"]
    offers = ours.get(f"/places/{PLACE}/programmes").json()["programmes"]

    assert PLACE in {one["name"] for one in places}
    assert any(one["programmes"] == [PROGRAMME] for one in systems)
    assert [one["name"] for one in offers] == [PROGRAMME]


def test_unchanged_content_is_not_sent_again(machine: Machines) -> None:
    ours = machine()
    first = ours.get(f"/places/{PLACE}/programmes/{PROGRAMME}")

    again = ours.get(f"/places/{PLACE}/programmes/{PROGRAMME}", If_None_Match=first["ETag"])

    assert first["Cache-Control"] == "private, max-age=300"
    assert (again.status_code, again.content) == (304, b"")


def test_unknown_place_is_a_problem_in_words(machine: Machines) -> None:
    answer = machine().get("/places/atlantis/programmes")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:yincai:problem:not-found"
