"""Passkeys: only beside an authenticator app, gone with it, and garbage opens nothing."""

from __future__ import annotations

import json
import time
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests import personas
from yincai.people import actions

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]


@pytest.fixture
def account() -> Any:
    return personas.make_persona("applicant")


def trusted(account: Any) -> Client:
    """A browser in which the second factor was shown a moment ago."""
    browser = personas.sign_in(account, second_factor=True)
    session = browser.session
    shown = {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [shown]
    session.save()
    return browser


def test_passkey_is_added_only_beside_an_authenticator_app(account: Any) -> None:
    assert trusted(account).get("/account/passkeys/add/")["Location"] == "/account/second-factor/"

    actions.enrol_totp(account)

    page = unescape(trusted(account).get("/account/passkeys/add/").content.decode())
    assert '"userVerification": "required"' in page
    assert '"residentKey": "required"' in page


def test_authenticator_app_that_is_given_up_takes_the_passkeys_along(account: Any) -> None:
    actions.enrol_totp(account)
    Authenticator.objects.create(user=account, type="webauthn", data={"name": "x"})

    assert trusted(account).post("/account/second-factor/remove/").status_code == 302

    assert not Authenticator.objects.filter(user=account).exists()


@pytest.mark.parametrize("credential", ["", "x", "[]", "{}", "null", json.dumps({"id": "a", "response": []})])
def test_garbage_signs_nobody_in_and_is_told_so(client: Client, credential: str) -> None:
    client.get("/account/passkeys/login/", HTTP_ACCEPT="application/json")

    answer = client.post("/account/passkeys/login/", {"credential": credential}, follow=True)

    assert "通行密钥没有通过验证" in answer.content.decode()
    assert client.get("/my/").status_code == 302
