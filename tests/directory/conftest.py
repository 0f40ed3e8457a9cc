"""The directory of the fictional city, taken up as publishing does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings

from yincai.directory import queries
from yincai.directory.actions import publish_directory
from yincai.directory.vocabulary import RecordView, Sort

PLACE = "harbour_city"


@pytest.fixture
def seeded(db: None) -> int:
    """How many rows the place's files brought."""
    return publish_directory(settings.PLACES / PLACE)


@pytest.fixture
def found(seeded: int) -> Callable[..., list[str]]:
    """`found("gwjt")`: the names that a search gives, in its order."""

    def names(query: str, sort: Sort = Sort.ORGANISATION) -> list[str]:
        return [one.name for one in queries.search(PLACE, sort, query).records]

    return names


@pytest.fixture
def named(seeded: int) -> Callable[[str], RecordView]:
    """`named("港城海事局")`: the organisation of that name."""

    def record(name: str) -> RecordView:
        (one,) = (
            each for each in queries.search(PLACE, Sort.ORGANISATION, name).records if each.name == name
        )
        return one

    return record
