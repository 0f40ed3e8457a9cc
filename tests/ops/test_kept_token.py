"""The token of a kept page: it passes the signing in, and counts for this browser and our own pages alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.personas import PASSWORD
from yincai.ops.kept_token import COOKIE, FIELD

ADDRESS = "/my/inbox/00000000-0000-4000-8000-000000000000/read/"
"""Answers 404 to a form that passed the check of its token."""
HERE = {"origin": "http://testserver"}
ELSEWHERE = {"origin": "https://elsewhere.example"}


def inputs_of(page: str) -> dict[str, str]:
    """What the kept page would send."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def kept_form(client: Client) -> dict[str, str]:
    """What a browser without a session is given back for what it sent."""
    client.get("/account/login/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    page = client.post(ADDRESS, {"csrfmiddlewaretoken": token, "name": "王小明"})
    assert page.status_code == 403
    return inputs_of(page.content.decode())


def sign_in(client: Client, account: Any) -> None:
    """By name and password, which gives the browser a new form token."""
    account.set_password(PASSWORD)
    account.save()
    before = client.cookies[settings.CSRF_COOKIE_NAME].value
    form = {"login": account.get_username(), "password": PASSWORD, "csrfmiddlewaretoken": before}
    assert client.post("/account/login/", form, headers=HERE).status_code == 302
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != before


@pytest.fixture
def strict() -> Client:
    """A browser that is asked for form tokens."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("headers", [HERE, {"sec-fetch-site": "same-origin"}])
def test_kept_page_goes_through_at_once_after_signing_in(
    strict: Client, cast: Callable[[str], Any], headers: dict[str, str]
) -> None:
    form = kept_form(strict)
    sign_in(strict, cast("applicant"))

    assert form["name"] == "王小明"
    assert strict.post(ADDRESS, form, headers=headers).status_code == 404


def test_kept_page_that_is_sent_before_signing_in_comes_back_once_more(
    strict: Client, cast: Callable[[str], Any]
) -> None:
    form = kept_form(strict)

    again = strict.post(ADDRESS, form, headers=HERE)
    sign_in(strict, cast("applicant"))

    assert "登录已结束" in again.content.decode()
    assert again.content.decode().count(f'name="{FIELD}"') == 1
    assert strict.post(ADDRESS, inputs_of(again.content.decode()), headers=HERE).status_code == 404


@pytest.mark.parametrize("headers", [ELSEWHERE, {}, {"sec-fetch-site": "cross-site"}])
def test_page_of_somebody_else_passes_with_no_token(
    strict: Client, cast: Callable[[str], Any], headers: dict[str, str]
) -> None:
    form = kept_form(strict)
    sign_in(strict, cast("applicant"))

    assert strict.post(ADDRESS, form, headers=headers).status_code == 403


@pytest.mark.parametrize("shown", ["", "0" * 64, "不是口令"])
def test_wrong_token_does_not_pass(strict: Client, cast: Callable[[str], Any], shown: str) -> None:
    form = kept_form(strict)
    sign_in(strict, cast("applicant"))

    assert strict.post(ADDRESS, {**form, FIELD: shown}, headers=HERE).status_code == 403


def test_token_of_another_browser_does_not_pass(strict: Client, cast: Callable[[str], Any]) -> None:
    theirs = kept_form(Client(enforce_csrf_checks=True))
    mine = kept_form(strict)
    sign_in(strict, cast("applicant"))

    assert strict.post(ADDRESS, {**mine, FIELD: theirs[FIELD]}, headers=HERE).status_code == 403
    del strict.cookies[COOKIE]
    assert strict.post(ADDRESS, mine, headers=HERE).status_code == 403


def test_secret_is_out_of_reach_of_scripts_and_of_other_sites(strict: Client, db: None) -> None:
    kept_form(strict)
    first = strict.cookies[COOKIE]

    assert (first["httponly"], first["samesite"]) == (True, "Strict")
    kept_form(strict)
    assert strict.cookies[COOKIE].value == first.value


def test_what_one_person_typed_is_not_sent_under_the_name_of_another(
    strict: Client, cast: Callable[[str], Any]
) -> None:
    strict.get("/account/login/")
    sign_in(strict, cast("applicant"))
    del strict.cookies[settings.SESSION_COOKIE_NAME]
    form = kept_form(strict)
    sign_in(strict, cast("stranger"))

    for _ in range(2):
        refused = strict.post(ADDRESS, form, headers=HERE)
        assert refused.status_code == 403
        assert "另一个账号登录时填写" in refused.content.decode()
        assert "王小明" not in refused.content.decode()
    del strict.cookies[settings.SESSION_COOKIE_NAME]
    sign_in(strict, cast("applicant"))

    assert strict.post(ADDRESS, form, headers=HERE).status_code == 404


def test_old_page_of_a_browser_that_several_people_use_is_not_kept_for_who_is_there(
    strict: Client, cast: Callable[[str], Any]
) -> None:
    strict.get("/account/login/")
    sign_in(strict, cast("applicant"))
    form = {"csrfmiddlewaretoken": strict.cookies[settings.CSRF_COOKIE_NAME].value, "name": "王小明"}
    del strict.cookies[settings.SESSION_COOKIE_NAME]
    strict.get("/account/login/")
    sign_in(strict, cast("stranger"))

    refused = strict.post(ADDRESS, form, headers=HERE)

    assert refused.status_code == 403
    assert "不能确定这些内容是谁填写的" in refused.content.decode()
    assert "王小明" not in refused.content.decode()
