"""Signing in: guesses are counted exactly, the owner always gets in, nothing tells who is registered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests import checks, personas
from yincai.foundation import clock
from yincai.people import passwords

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
WRONG = "a wrong but possible password"


@pytest.fixture
def account() -> Any:
    return personas.make_persona("applicant", password=personas.PASSWORD)


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were really hashed."""
    seen: list[str] = []
    encode, verify = passwords.CappedArgon2Hasher.encode, passwords.CappedArgon2Hasher.verify

    def noted_encode(self: passwords.CappedArgon2Hasher, password: str, salt: str) -> str:
        seen.append(password)
        return encode(self, password, salt)

    def noted_verify(self: passwords.CappedArgon2Hasher, password: str, encoded: str) -> bool:
        seen.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(passwords.CappedArgon2Hasher, "encode", noted_encode)
    monkeypatch.setattr(passwords.CappedArgon2Hasher, "verify", noted_verify)
    return seen


def sign_in(client: Client, username: str, password: str, **environ: Any) -> Any:
    """Always with the human check done, which counts only where it is asked for."""
    form = {"login": username, "password": password, **checks.work_done("sign_in")}
    return client.post("/account/login/", form, **environ)


def test_right_password_signs_in_and_goes_to_the_front(account: Any, client: Client) -> None:
    response = sign_in(client, "applicant", personas.PASSWORD)

    assert response["Location"] == "/my/"
    assert client.get("/my/").content == b"applicant"


def test_sign_in_comes_back_to_the_page_that_was_asked_for(account: Any, client: Client) -> None:
    form = {"login": "applicant", "password": personas.PASSWORD, "next": "/public/?a=1"}

    assert client.post("/account/login/", form)["Location"] == "/public/?a=1"


def test_sign_in_never_leads_to_another_site(account: Any, client: Client) -> None:
    form = {"login": "applicant", "password": personas.PASSWORD, "next": "https://elsewhere.example/"}

    assert client.post("/account/login/", form)["Location"] == "/my/"


@pytest.mark.parametrize("typed", ["APPLICANT", " applicant ", "ａｐｐｌｉｃａｎｔ"])
def test_name_in_another_case_or_width_signs_in(typed: str, account: Any, client: Client) -> None:
    assert sign_in(client, typed, personas.PASSWORD).status_code == 302


def test_guesses_are_counted_whatever_agent_address_case_or_width(account: Any, evaluated: list[str]) -> None:
    names = (
        "applicant",
        "APPLICANT",
        "Applicant",
        "ａｐｐｌｉｃａｎｔ",
        " applicant",
        "aPPLICANT",
        "ＡPPLICANT",
    )
    statuses = []
    for number in range(200):
        response = sign_in(
            Client(),
            names[number % len(names)],
            WRONG,
            HTTP_USER_AGENT=f"agent {number}",
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}",
            REMOTE_ADDR=f"198.51.100.{number}",
        )
        statuses.append(response.status_code)

    assert statuses == [422] * 5 + [429] * 195
    assert len(evaluated) == 5


def test_refused_guess_says_when_to_come_back(account: Any, client: Client) -> None:
    with clock.frozen(NOON) as hands:
        for _ in range(5):
            sign_in(client, "applicant", WRONG)
        hands.move_by(timedelta(minutes=10))
        response = sign_in(client, "applicant", personas.PASSWORD)

    assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert "请约 5 分钟后再试" in response.content.decode()


def test_count_is_forgotten_after_fifteen_minutes(account: Any, client: Client) -> None:
    with clock.frozen(NOON) as hands:
        for _ in range(5):
            sign_in(client, "applicant", WRONG)
        hands.move_by(timedelta(minutes=15))
        response = sign_in(client, "applicant", personas.PASSWORD)

    assert response.status_code == 302


def test_owner_on_a_known_device_gets_in_while_strangers_guess(account: Any) -> None:
    owner = Client()
    sign_in(owner, "applicant", personas.PASSWORD)
    owner.post("/account/logout/")
    for number in range(8):
        sign_in(Client(), "applicant", WRONG, REMOTE_ADDR=f"198.51.100.{number}")

    assert sign_in(Client(), "applicant", personas.PASSWORD).status_code == 429
    assert sign_in(owner, "applicant", personas.PASSWORD).status_code == 302


def test_known_device_has_five_guesses_of_its_own(account: Any, evaluated: list[str]) -> None:
    owner = Client()
    sign_in(owner, "applicant", personas.PASSWORD)
    owner.post("/account/logout/")
    evaluated.clear()

    statuses = [sign_in(owner, "applicant", WRONG).status_code for _ in range(7)]

    assert statuses == [422] * 5 + [429] * 2
    assert len(evaluated) == 5


def test_device_cookie_of_another_account_helps_nothing(account: Any) -> None:
    personas.make_persona("stranger", password=personas.PASSWORD)
    stranger = Client()
    sign_in(stranger, "stranger", personas.PASSWORD)
    stranger.post("/account/logout/")

    statuses = [sign_in(stranger, "applicant", WRONG).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_forged_device_cookie_helps_nothing(account: Any) -> None:
    owner = Client()
    sign_in(owner, "applicant", personas.PASSWORD)
    thief = Client()
    thief.cookies["device"] = f"{owner.cookies['device'].value}x"
    statuses = [sign_in(thief, "applicant", WRONG).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_one_address_guesses_at_twenty_accounts_and_no_more(evaluated: list[str]) -> None:
    statuses = [sign_in(Client(), f"somebody{number}", WRONG).status_code for number in range(22)]

    assert statuses == [422] * 20 + [429] * 2
    assert len(evaluated) == 20


def test_right_passwords_are_no_guesses(account: Any) -> None:
    statuses = [sign_in(Client(), "applicant", personas.PASSWORD).status_code for _ in range(7)]

    assert statuses == [302] * 7


def test_known_and_unknown_names_get_equal_answers_and_equal_work(account: Any, evaluated: list[str]) -> None:
    known = sign_in(Client(), "applicant", WRONG)
    unknown = sign_in(Client(), "applicanx", WRONG)

    assert known.status_code == unknown.status_code == 422
    assert plain(known) == plain(unknown).replace("applicanx", "applicant")
    assert len(evaluated) == 2


def test_known_and_unknown_names_are_limited_alike(account: Any) -> None:
    answers = {}
    with clock.frozen(NOON):
        for name in ("applicant", "applicanx"):
            for _ in range(6):
                answers[name] = sign_in(Client(), name, WRONG)

    assert answers["applicant"].status_code == answers["applicanx"].status_code == 429
    assert plain(answers["applicant"]) == plain(answers["applicanx"]).replace("applicanx", "applicant")


def test_session_gets_a_new_name_at_sign_in(account: Any, client: Client) -> None:
    client.get("/account/login/")
    session = client.session
    session["before"] = "kept"
    session.save()
    client.cookies["session"] = str(session.session_key)
    before = session.session_key

    sign_in(client, "applicant", personas.PASSWORD)

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_kills_the_session_in_the_database(account: Any, client: Client) -> None:
    sign_in(client, "applicant", personas.PASSWORD)
    stolen = Client()
    stolen.cookies["session"] = client.cookies["session"].value
    assert stolen.get("/my/").status_code == 200

    response = client.post("/account/logout/")

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert stolen.get("/my/").status_code == 302
    assert not Session.objects.exists()


def test_signing_out_by_a_link_only_asks(account: Any, client: Client) -> None:
    sign_in(client, "applicant", personas.PASSWORD)

    client.get("/account/logout/")

    assert client.get("/my/").status_code == 200


def test_inactive_account_does_not_get_in(account: Any, client: Client) -> None:
    account.is_active = False
    account.save()

    assert sign_in(client, "applicant", personas.PASSWORD)["Location"] == "/account/inactive/"
    assert client.get("/my/").status_code == 302


def plain(response: Any) -> str:
    """The page without its form token and what the human check asks."""
    import re

    page = re.sub(r'name="(csrfmiddlewaretoken|check_question)" value="[^"]+"', "", response.content.decode())
    return re.sub(r"验证问题：[^<]+", "", page)
