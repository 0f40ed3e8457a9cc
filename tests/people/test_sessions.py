"""How long a session lasts, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from tests import personas
from yincai.foundation import clock
from yincai.ledger.queries import history
from yincai.people import sessions

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]
ON_A_PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36"
Cast = Callable[[str], Any]


def still_in_after(account: Any, steps: int, minutes: int) -> bool:
    """Whether a browser that asks for a page every so many minutes is still signed in at the end."""
    client = personas.sign_in(account, second_factor=True)
    with clock.frozen(clock.now()) as hands:
        status = client.get("/my/").status_code
        for _ in range(steps):
            hands.move_by(timedelta(minutes=minutes))
            status = client.get("/my/").status_code
    return status == 200


@pytest.mark.parametrize(("minutes", "still_in"), [(29, True), (30, False)])
@pytest.mark.parametrize("name", ["applicant", "reviewer"])
def test_idle_session_ends_after_thirty_minutes(name: str, minutes: int, still_in: bool, cast: Cast) -> None:
    assert still_in_after(cast(name), 1, minutes) is still_in


@pytest.mark.parametrize(
    ("name", "steps", "still_in"),
    [("reviewer", 23, True), ("reviewer", 24, False), ("applicant", 35, True), ("applicant", 36, False)],
)
def test_busy_session_ends_after_eight_or_twelve_hours(
    name: str, steps: int, still_in: bool, cast: Cast
) -> None:
    assert still_in_after(cast(name), steps, 20) is still_in


def test_ended_session_says_so_and_comes_back_to_the_page(cast: Cast) -> None:
    client = personas.sign_in(cast("applicant"), second_factor=False)
    with clock.frozen(clock.now()) as hands:
        client.get("/my/")
        hands.move_by(timedelta(hours=1))
        response = client.get("/my/?tab=2")
        page = client.get(response["Location"]).content.decode()

    assert response["Location"] == "/account/login/?next=/my/%3Ftab%3D2"
    assert "您已超过 30 分钟没有操作" in page
    assert 'name="next" value="/my/?tab=2"' in page


def test_ended_session_still_reads_what_is_for_everybody(cast: Cast) -> None:
    client = personas.sign_in(cast("applicant"), second_factor=False)
    with clock.frozen(clock.now()) as hands:
        client.get("/my/")
        hands.move_by(timedelta(hours=1))

        assert client.get("/public/").status_code == 200


def test_changed_password_ends_every_other_session(client: Client) -> None:
    account = personas.make_persona("applicant", password=personas.PASSWORD)
    other = personas.sign_in(account, second_factor=False)
    client.force_login(account)
    before = client.session.session_key
    new = "another horse, another staple"

    form = {"oldpassword": personas.PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/", form).status_code == 302

    assert client.get("/my/").status_code == 200
    assert client.session.session_key != before
    assert other.get("/my/").status_code == 302


def test_other_devices_are_listed_and_signed_out(client: Client) -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)
    other = Client(HTTP_USER_AGENT=ON_A_PHONE)
    for browser in (client, other):
        browser.post("/account/login/", {"login": "applicant", "password": personas.PASSWORD})
    assert "手机 · 安卓 · Chrome" in client.get("/account/sessions/").content.decode()

    client.post("/account/sessions/")

    assert client.get("/my/").status_code == 200
    assert other.get("/my/").status_code == 302


def test_one_device_is_signed_out_by_itself_and_nobody_else_ends_it(client: Client) -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)
    stranger = personas.sign_in(personas.make_persona("reviewer"), second_factor=True)
    lost, kept = Client(HTTP_USER_AGENT=ON_A_PHONE), Client(HTTP_USER_AGENT="kept")
    for browser in (client, lost, kept):
        browser.post("/account/login/", {"login": "applicant", "password": personas.PASSWORD})
    named = {"session": str(UserSession.objects.get(user_agent=ON_A_PHONE).pk)}

    assert stranger.post("/account/sessions/", named).status_code == 404
    assert lost.get("/my/").status_code == 200
    told = [client.post("/account/sessions/", named, follow=True) for _ in range(2)]

    assert all("该设备已退出登录" in one.content.decode() for one in told)
    assert [one.get("/my/").status_code for one in (client, lost, kept)] == [200, 302, 200]
    assert client.post("/account/sessions/", {"session": "0" * 40}).status_code == 404


def test_session_that_got_a_new_name_stays_in_the_list_and_can_be_ended(client: Client) -> None:
    account = personas.make_persona("applicant", password=personas.PASSWORD)
    lost = Client(HTTP_USER_AGENT=ON_A_PHONE)
    for browser in (client, lost):
        browser.post("/account/login/", {"login": "applicant", "password": personas.PASSWORD})
    before = lost.session.session_key
    lost.post("/account/confirm/", {"password": personas.PASSWORD})
    assert lost.session.session_key != before

    assert "手机 · 安卓 · Chrome" in client.get("/account/sessions/").content.decode()
    client.post("/account/sessions/")

    assert lost.get("/my/").status_code == 302
    assert client.get("/my/").status_code == 200
    assert (history(account.pk)[-1].event, history(account.pk)[-1].payload) == (
        "account.session_ended",
        {"sessions": 1},
    )


def test_every_session_gets_its_new_name_where_the_list_is_kept() -> None:
    source = Path(sessions.__file__).parents[1]
    renamed = {file.name for file in source.rglob("*.py") if ".cycle_key(" in file.read_text("utf8")}
    assert renamed == {"sessions.py"}


def test_session_holds_no_personal_data(client: Client) -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)
    client.post("/account/login/", {"login": "applicant", "password": personas.PASSWORD})
    client.get("/my/")

    kept = str(dict(client.session))
    assert "13800000001" not in kept
    assert "@" not in kept
    assert personas.PASSWORD not in kept


def test_ended_sessions_are_swept_with_their_notes(client: Client) -> None:
    personas.make_persona("applicant", password=personas.PASSWORD)
    for browser in (client, Client()):
        browser.post("/account/login/", {"login": "applicant", "password": personas.PASSWORD})
    over = Session.objects.exclude(session_key=client.session.session_key)
    over.update(expire_date=clock.now() - timedelta(days=365))

    sessions.forget_ended_sessions()

    assert [row.session_key for row in Session.objects.all()] == [client.session.session_key]
    assert [row.session_key for row in UserSession.objects.all()] == [client.session.session_key]
