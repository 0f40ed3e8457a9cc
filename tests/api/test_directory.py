"""Organisations: the same search as the portal's, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings

from tests import personas
from yincai.directory import actions as directory
from yincai.directory import queries
from yincai.directory.vocabulary import Sort

Machines = Callable[..., Any]
PLACE = personas.PLACE


def test_search_finds_what_the_portal_finds(machine: Machines) -> None:
    directory.publish_directory(settings.PLACES / PLACE)
    expected = queries.search(PLACE, Sort.SCHOOL, "大学")
    assert expected.records

    told = machine().get(f"/places/{PLACE}/directory/school?q=大学").json()

    assert [one["id"] for one in told["records"]] == [str(one.id) for one in expected.records]
    assert told["records"][0]["name"] == expected.records[0].name
    assert told["after"] == expected.after


def test_strange_questions_are_answered_in_order(machine: Machines) -> None:
    ours = machine()

    statuses = {
        question: ours.get(f"/places/{PLACE}/directory/organisation{question}").status_code
        for question in ("", "?q=", "?q=" + "x" * 61, "?q=%25", "?q=%00a", "?q=x&after=zzz", "?q=x&size=9")
    }

    assert statuses == {
        "": 422,
        "?q=": 422,
        "?q=" + "x" * 61: 422,
        "?q=%25": 200,
        "?q=%00a": 200,
        "?q=x&after=zzz": 200,
        "?q=x&size=9": 422,
    }


def test_unknown_sort_and_place_are_told(machine: Machines) -> None:
    ours = machine()

    assert ours.get(f"/places/{PLACE}/directory/people?q=x").status_code == 422
    assert ours.get("/places/atlantis/directory/school?q=x").status_code == 404
