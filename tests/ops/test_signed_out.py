"""A POST of a session that has ended: what was typed comes back and can be sent again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests import personas
from yincai.people.actions import enrol_totp

ADDRESS = "/my/inbox/00000000-0000-4000-8000-000000000000/read/"
HERE = {"HTTP_ORIGIN": "http://testserver"}


def strict_browser() -> Client:
    """A browser that is asked for form tokens, with one of them."""
    client = Client(enforce_csrf_checks=True)
    client.get("/account/login/")
    return client


def token_of(client: Client) -> str:
    return str(client.cookies[settings.CSRF_COOKIE_NAME].value)


@pytest.mark.django_db
def test_values_stay_on_a_page_with_the_way_to_sign_in() -> None:
    client = strict_browser()
    posted = {"csrfmiddlewaretoken": token_of(client), "name": '王"小明', "password": "never shown"}

    response = client.post(ADDRESS, posted)
    page = response.content.decode()

    assert response.status_code == 403
    assert 'name="name" value="王&#34;小明"' in page
    assert f'action="{ADDRESS}"' in page
    assert 'href="/account/login/?next=/my/" target="_blank"' in page
    assert "never shown" not in page


@pytest.mark.django_db
def test_officers_are_led_back_to_the_desk() -> None:
    client = strict_browser()

    page = client.post("/desk/cases/x/", {"csrfmiddlewaretoken": token_of(client)}).content.decode()
    known = client.post(
        "/desk/cases/00000000-0000-4000-8000-000000000000/claim/", {"csrfmiddlewaretoken": token_of(client)}
    ).content.decode()

    assert "没有找到页面" in page
    assert 'href="/account/login/?next=/desk/"' in known


@pytest.mark.django_db
def test_autosave_is_told_in_one_sentence() -> None:
    client = strict_browser()

    response = client.post(ADDRESS, {"csrfmiddlewaretoken": token_of(client)}, headers={"X-Autosave": "1"})

    assert response.status_code == 403
    assert "填写的内容不会丢失" in response.json()["message"]


@pytest.mark.django_db
def test_reading_is_sent_to_sign_in_as_before() -> None:
    response = Client().get("/my/")

    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/my/")


def test_post_of_an_officer_who_must_show_the_second_factor_again_is_kept(cast: Callable[[str], Any]) -> None:
    officer = cast("reviewer")
    client = personas.sign_in(officer, second_factor=False)
    address = "/desk/cases/00000000-0000-4000-8000-000000000000/claim/"

    enrol = client.post(address, {"opinion": "材料齐全"})
    enrol_totp(officer)
    confirm = client.post(address, {"opinion": "材料齐全"})

    for answer, way in ((enrol, "enrol"), (confirm, "confirm")):
        page = answer.content.decode()
        assert answer.status_code == 403
        assert 'name="opinion" value="材料齐全"' in page
        assert f'action="{address}"' in page
        assert f'href="/account/second-factor/{way}/?next=/desk/" target="_blank"' in page
    assert "材料齐全" not in str(dict(client.session))


def test_post_of_a_resident_who_must_show_a_code_again_is_kept(cast: Callable[[str], Any]) -> None:
    enrol_totp(cast("applicant"))
    client = personas.sign_in(cast("applicant"), second_factor=False)

    answer = client.post("/account/email/", {"email": "new@example.org", "action_add": "1"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'name="email" value="new@example.org"' in page
    assert 'href="/account/second-factor/confirm/?next=/my/" target="_blank"' in page
    assert "new@example.org" not in str(dict(client.session))


def test_token_of_an_earlier_session_comes_back_new_and_works(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("applicant")
    client.handler.enforce_csrf_checks = True
    client.get("/my/apply/")
    old = {"csrfmiddlewaretoken": "a" * 64, "name": "王小明"}

    page = client.post(ADDRESS, old, **HERE)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())

    assert page.status_code == 403
    assert token
    assert 'name="name" value="王小明"' in page.content.decode()
    assert client.post(ADDRESS, {**old, "csrfmiddlewaretoken": token[1]}, **HERE).status_code == 404


def test_page_of_somebody_else_gets_no_token(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("applicant")
    client.handler.enforce_csrf_checks = True

    for headers in ({"HTTP_ORIGIN": "https://elsewhere.example"}, {}):
        response = client.post(ADDRESS, {"csrfmiddlewaretoken": "a" * 64, "name": "王小明"}, **headers)

        assert response.status_code == 403
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert "王小明" not in response.content.decode()
        assert "<h1>这一步没有办成</h1>" in response.content.decode()
        assert "没有保存任何内容" in response.content.decode()


def test_browser_that_names_no_origin_but_vouches_for_our_page_keeps_what_was_typed(
    browser_of: Callable[[str], Client],
) -> None:
    client = browser_of("applicant")
    client.handler.enforce_csrf_checks = True

    page = client.post(
        ADDRESS, {"name": "王小明"}, headers={"Sec-Fetch-Site": "same-origin"}
    ).content.decode()

    assert "<h1>请再提交一次</h1>" in page
    assert 'value="王小明"' in page
