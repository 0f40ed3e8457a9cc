"""NUL is taken out of every request before anybody reads it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

BrowserOf = Callable[[str], Client]


@pytest.mark.parametrize(
    "query",
    ["after=%00", "after=a%00b", "search=%00", "place=%00", "%00=1", "after=x&%00after=y"],
)
def test_query_with_nul_is_read_without(query: str, browser_of: BrowserOf) -> None:
    assert browser_of("administrator").get(f"{reverse('desk:admin-staff')}?{query}").status_code == 200


@pytest.mark.parametrize("name", ["username", "name", "office", "role", "place"])
def test_form_with_nul_is_read_without(name: str, browser_of: BrowserOf) -> None:
    answer = browser_of("administrator").post(reverse("desk:admin-appoint"), {name: "a\0b"})

    assert answer.status_code in (404, 422)
    assert "\0" not in answer.content.decode()


def test_form_of_several_parts_keeps_its_files_and_values(browser_of: BrowserOf) -> None:
    answer = browser_of("administrator").post(
        reverse("desk:admin-appoint"), {"username": "no\0body", "name": "路新来"}
    )

    page = answer.content.decode()
    assert 'value="nobody"' in page
    assert 'value="路新来"' in page


def test_cookie_with_nul_is_no_session(db: None) -> None:
    client = Client(headers={"cookie": f'{settings.SESSION_COOKIE_NAME}="\\000abcdefghijk"'})

    assert client.get(reverse("public:home")).status_code == 200


@pytest.mark.parametrize("address", ["/place/%00/", "/desk/%00/", "/%00"])
def test_address_with_nul_is_not_found(db: None, address: str) -> None:
    assert Client().get(address).status_code == 404
