"""Signing in through another portal: real OpenID Connect against the sandbox's provider."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from tests import personas
from tests.registries.conftest import HOLDER, OTHER
from tests.sandbox.running import RunningSandbox
from yincai.foundation import clock
from yincai.people import actions as people
from yincai.people.models import Account, SignIn
from yincai.people.queries import applicant_of, assurance_of
from yincai.people.vocabulary import Level, Method
from yincai.portal.proving import oidc

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["ES256", "RS256"])
def algorithm(request: pytest.FixtureRequest) -> str:
    """With what the provider signs."""
    return str(request.param)


@pytest.fixture
def provider(sandbox: RunningSandbox, settings: Settings) -> RunningSandbox:
    """The provider, with this platform registered there."""
    return registered(sandbox, settings)


def registered(sandbox: RunningSandbox, settings: Settings, **more: str) -> RunningSandbox:
    facts = {
        "redirect_uris": [f"{settings.BASE_URL}/account/outside/callback/"],
        "client_name": "引才",
        **more,
    }
    made = sandbox.client.post("/oidc/register", json=facts).json()
    settings.OIDC_URL = f"{sandbox.url}/oidc"
    app = {
        "provider_id": "outside",
        "name": "省统一身份认证",
        "client_id": made["client_id"],
        "secret": made["client_secret"],
        "settings": {"server_url": settings.OIDC_URL, "fetch_userinfo": False},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"outside": {"APPS": [app]}}
    return sandbox


@pytest.fixture
def owner() -> Any:
    """An account of the first resident, with a password, not yet linked."""
    made = personas.make_persona("applicant", password=personas.PASSWORD)
    name, kind, number, _ = HOLDER
    people.give_identity(made, actor=applicant_of(made), name=name, kind=kind, number=number)
    return made


@pytest.fixture
def linked(owner: Any) -> Any:
    """The same account, linked."""
    people.link_proof(owner.pk, method=Method.OUTSIDE)
    return owner


def back_from(provider: RunningSandbox, client: Client, *, holder: Any = HOLDER, act: str = "approve") -> str:
    """The address to which the provider sends the browser back."""
    away = client.get("/account/outside/", {"next": "/my/drafts/"})
    assert away.status_code == 302, away.content.decode()
    there = provider.client.get(f"{away['Location']}&act={act}&as=%2B{holder[3][1:]}")
    answer = urlsplit(there.headers["location"])
    return f"{answer.path}?{answer.query}"


def signed_in(client: Client) -> bool:
    return client.get("/my/").status_code == 200


def test_provider_signs_in_to_the_linked_account(
    sandbox: RunningSandbox, settings: Settings, client: Client, linked: Any, algorithm: str
) -> None:
    provider = registered(sandbox, settings, id_token_signed_response_alg=algorithm)

    answer = client.get(back_from(provider, client))

    assert answer["Location"] == "/my/drafts/"
    assert signed_in(client)
    assert SignIn.objects.get().method == "outside"
    assert not SocialAccount.objects.exists()
    assert Account.objects.count() == 1


def test_request_carries_state_nonce_and_pkce(provider: RunningSandbox, client: Client) -> None:
    asked = dict(parse_qsl(urlsplit(client.get("/account/outside/")["Location"]).query))

    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "profile", "identity"}
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 16


def test_first_time_asks_for_the_password_and_makes_no_second_account(
    provider: RunningSandbox, client: Client, owner: Any
) -> None:
    answer = client.get(back_from(provider, client))
    assert answer["Location"] == "/account/link/"
    assert not signed_in(client)

    client.post("/account/link/", {"password": personas.PASSWORD})

    assert signed_in(client)
    assert (assurance_of(owner.pk).level, assurance_of(owner.pk).source) == (Level.REAL_NAME, "outside")
    assert Account.objects.count() == 1


def test_nobody_registered_is_told_to_register(provider: RunningSandbox, client: Client) -> None:
    answer = client.get(back_from(provider, client))

    assert answer.status_code == 422
    assert "还没有用这个证件注册的账号" in answer.content.decode()
    assert not Account.objects.exists()


def test_signed_in_person_proves_only_themselves(provider: RunningSandbox, owner: Any) -> None:
    browser = personas.sign_in(owner, second_factor=False)

    foreign = browser.get(back_from(provider, browser, holder=OTHER))
    assert "不一致" in foreign.content.decode()
    assert assurance_of(owner.pk).level is Level.REGISTERED

    browser.get(back_from(provider, browser))
    assert assurance_of(owner.pk).level is Level.REAL_NAME


def test_code_and_state_are_good_once(provider: RunningSandbox, client: Client, linked: Any) -> None:
    back = back_from(provider, client)
    client.get(back)
    client.post("/account/logout/")

    again = client.get(back)

    assert again.status_code == 422
    assert "没有采用" in again.content.decode()
    assert not signed_in(client)


def test_answer_meant_for_another_browser_is_refused(
    provider: RunningSandbox, client: Client, linked: Any
) -> None:
    back = back_from(provider, client)
    thief = Client()
    thief.get("/account/outside/")

    assert thief.get(back).status_code == 422
    assert not signed_in(thief)


def test_person_who_does_not_agree_is_told_so(provider: RunningSandbox, client: Client) -> None:
    answer = client.get(back_from(provider, client, act="refuse"))

    assert answer.status_code == 422
    assert "您没有同意" in answer.content.decode()


@pytest.mark.parametrize("change", ["nonce", "issuer", "too old", "algorithm"])
def test_token_that_is_not_for_this_sign_in_is_refused(
    provider: RunningSandbox,
    client: Client,
    linked: Any,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    back = back_from(provider, client)
    later = timedelta()
    if change == "nonce":
        session = client.session
        session[oidc.NONCE] = "another nonce"
        session.save()
    if change == "issuer":
        settings.OIDC_URL = "https://another.example"
    if change == "too old":
        later = timedelta(minutes=10)
    if change == "algorithm":
        monkeypatch.setattr(oidc, "ALGORITHMS", ["HS256"])

    with clock.frozen(clock.now() + later):
        answer = client.get(back)

    assert answer.status_code == 422
    assert "没有采用" in answer.content.decode()
    assert not signed_in(client)


def test_provider_away_is_said_in_words(provider: RunningSandbox, client: Client, linked: Any) -> None:
    back = back_from(provider, client)
    provider.fault("oidc", "off")

    for answer in (client.get("/account/outside/"), client.get(back)):
        assert answer.status_code == 422
        assert "暂时没有回应" in answer.content.decode()


def test_without_a_provider_there_is_no_such_page(client: Client) -> None:
    assert client.get("/account/outside/").status_code == 404
    assert "省统一身份认证" not in client.get("/account/login/").content.decode()


def test_sign_in_page_names_the_provider(provider: RunningSandbox, client: Client) -> None:
    assert "省统一身份认证登录</a>" in client.get("/account/login/").content.decode()
