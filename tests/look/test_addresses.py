"""Addresses made by their pattern are those that Django resolves."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from yincai.look.environment import environment

CASE, OTHER = uuid4(), uuid4()
NAMES = [
    (f"{door}:{pattern.name}", len(pattern.pattern.converters))
    for door in ("portal", "desk")
    for pattern in get_resolver().namespace_dict[door][1].url_patterns
    if isinstance(pattern, URLPattern)
    and pattern.name
    and pattern.pattern.converters
    and all(type(one).__name__ == "UUIDConverter" for one in pattern.pattern.converters.values())
]


def test_some_addresses_are_made_of_one_id_and_some_of_two() -> None:
    assert {count for _, count in NAMES} >= {1, 2}


@pytest.mark.parametrize(("name", "count"), NAMES)
def test_address_of_ids_is_the_one_that_is_resolved(name: str, count: int) -> None:
    url = environment().globals["url"]
    for ids in ([CASE, OTHER][:count], [OTHER, CASE][:count]):
        assert url(name, *ids) == reverse(name, args=ids)  # type: ignore[operator]


def test_number_or_word_beside_an_id_is_resolved_as_it_is() -> None:
    url = environment().globals["url"]
    assert url("portal:document", CASE, OTHER, 2) == reverse("portal:document", args=[CASE, OTHER, 2])  # type: ignore[operator]
