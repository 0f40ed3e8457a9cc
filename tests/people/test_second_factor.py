"""The second factor: asked for, counted once, sealed, and not to be got round."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection, transaction
from django.test import Client
from prove.live.waiting import until

from tests import personas
from yincai.foundation.errors import SomeoneWasFirst
from yincai.ledger.queries import history
from yincai.people import actions

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]
AppCode = Callable[..., str]


@pytest.fixture
def reviewer() -> Any:
    return personas.make_persona("reviewer", password=personas.PASSWORD)


def give_password(client: Client) -> Any:
    return client.post(
        "/account/login/", {"login": "reviewer", "password": personas.PASSWORD, "next": "/desk/"}
    )


def show(client: Client, code: str) -> Any:
    return client.post("/account/second-factor/show/", {"code": code})


def test_enrolled_account_signs_in_with_both_and_reaches_the_desk(
    reviewer: Any, app_code: AppCode, client: Client
) -> None:
    secret = actions.enrol_totp(reviewer)

    assert give_password(client)["Location"] == "/account/second-factor/show/"
    assert client.get("/my/").status_code == 302
    assert show(client, app_code(secret))["Location"] == "/desk/"
    assert client.get("/desk/").content == b"reviewer"


def test_code_counts_once(reviewer: Any, app_code: AppCode) -> None:
    secret = actions.enrol_totp(reviewer)
    code = app_code(secret)
    owner, thief = Client(), Client()
    give_password(owner)
    give_password(thief)

    assert show(owner, code).status_code == 302
    assert show(thief, code).status_code == 422
    assert thief.get("/my/").status_code == 302


def test_code_of_the_step_before_a_spent_one_is_spent_too(reviewer: Any, app_code: AppCode) -> None:
    secret = actions.enrol_totp(reviewer)

    assert actions.show_code(reviewer, app_code(secret)) is not None
    assert actions.show_code(reviewer, app_code(secret, steps=-1)) is None


def test_code_counts_one_step_around_and_not_two(reviewer: Any, app_code: AppCode) -> None:
    secret = actions.enrol_totp(reviewer)

    assert actions.show_code(reviewer, app_code(secret, steps=3)) is None
    assert actions.show_code(reviewer, app_code(secret, steps=-3)) is None
    assert actions.show_code(reviewer, app_code(secret, steps=1)) is not None


@pytest.mark.parametrize("code", ["", "abcdef", "12345", "１２３４５６７", "壹贰叁肆伍陆", "000000 000000"])
def test_code_of_another_form_is_refused(code: str, reviewer: Any, client: Client) -> None:
    actions.enrol_totp(reviewer)
    give_password(client)

    assert show(client, code).status_code == 422


def test_codes_are_guessed_five_times_and_no_more(reviewer: Any, app_code: AppCode) -> None:
    secret = actions.enrol_totp(reviewer)
    wrong = f"{(int(app_code(secret)) + 500_000) % 1_000_000:06}"
    statuses = []
    for number in range(7):
        client = Client(HTTP_USER_AGENT=f"agent {number}", REMOTE_ADDR=f"198.51.100.{number}")
        give_password(client)
        statuses.append(show(client, wrong).status_code)

    assert statuses == [422] * 5 + [429] * 2
    assert show(client, app_code(secret)).status_code == 429


def test_recovery_code_counts_once(reviewer: Any, client: Client, app_code: AppCode) -> None:
    actions.enrol_totp(reviewer)
    code = RecoveryCodes.activate(reviewer).get_unused_codes()[0]

    assert actions.show_code(reviewer, code) is not None
    assert actions.show_code(reviewer, code) is None


@pytest.mark.django_db(transaction=True)
def test_recovery_code_shown_twice_at_once_opens_one_session(reviewer: Any) -> None:
    actions.enrol_totp(reviewer)
    code = RecoveryCodes.activate(reviewer).get_unused_codes()[0]
    browsers = [Client(), Client()]
    for browser in browsers:
        give_password(browser)

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            actions.hold_recovery_codes(reviewer.pk)
            answers = [pool.submit(elsewhere, partial(show, one, code)) for one in browsers]
            until(lambda: waiting_for_a_row() == 2, "both sign-ins wait for the codes", limit=20)
        statuses = sorted(answer.result().status_code for answer in answers)

    assert statuses == [302, 422]
    assert sorted(browser.get("/my/").status_code for browser in browsers) == [200, 302]


@pytest.mark.django_db(transaction=True)
def test_recovery_code_spent_while_the_codes_are_looked_at_stays_spent(
    reviewer: Any, app_code: AppCode
) -> None:
    secret = actions.enrol_totp(reviewer)
    code = RecoveryCodes.activate(reviewer).get_unused_codes()[0]
    browser = personas.sign_in(reviewer, second_factor=False)
    browser.post("/account/second-factor/confirm/?next=/my/", {"code": app_code(secret)})

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert actions.show_code(reviewer, code) is not None
            page = pool.submit(elsewhere, lambda: browser.get("/account/recovery-codes/"))
            until(lambda: waiting_for_a_row() == 1, "the page waits for the codes", limit=20)
        shown = page.result().content.decode()

    assert code not in shown
    assert actions.show_code(reviewer, code) is None


def elsewhere(act: Callable[[], Any]) -> Any:
    """Do it in a thread, on a database connection of its own."""
    try:
        return act()
    finally:
        connection.close()


def waiting_for_a_row() -> int:
    """How many connections to this database wait for a row that another one holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees one moment of it otherwise
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def test_secrets_are_sealed_in_the_database(reviewer: Any) -> None:
    secret = actions.enrol_totp(reviewer)

    assert secret not in str(Authenticator.objects.get().data)


def test_enrolling_by_command_is_recorded_and_never_replaces(reviewer: Any) -> None:
    actions.enrol_totp(reviewer)

    with pytest.raises(SomeoneWasFirst):
        actions.enrol_totp(reviewer)

    events = [entry.event for entry in history(reviewer.pk)]
    assert events.count("account.second_factor_enrolled") == 1


def test_staff_enrol_on_the_page_and_go_on(reviewer: Any, client: Client, app_code: AppCode) -> None:
    give_password(client)
    to_enrol = client.get("/desk/")["Location"]
    to_confirm = client.get(to_enrol)["Location"]
    assert to_confirm.startswith("/account/confirm/?next=")
    client.post(to_confirm, {"password": personas.PASSWORD})

    page = client.get(to_enrol).content.decode()
    secret = client.session["mfa.totp.secret"]
    picture = client.get("/account/second-factor/enrol/code.svg")
    before = client.session.session_key
    response = client.post(to_enrol, {"code": app_code(secret)})

    assert secret in page.replace(" ", "")
    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]
    assert response["Location"] == "/account/recovery-codes/"
    assert client.session.session_key != before
    assert client.get("/account/recovery-codes/").content.decode().count("<code>") == 10
    assert client.get("/desk/").status_code == 200
    assert [entry.event for entry in history(reviewer.pk)][-1] == "account.second_factor_enrolled"


def test_code_that_enrolled_the_app_opens_nothing_again(
    reviewer: Any, client: Client, app_code: AppCode
) -> None:
    give_password(client)
    client.post("/account/confirm/?next=/my/", {"password": personas.PASSWORD})
    client.get("/account/second-factor/enrol/")
    secret = client.session["mfa.totp.secret"]
    code = app_code(secret)
    client.post("/account/second-factor/enrol/", {"code": code})

    thief = Client()
    give_password(thief)

    assert show(thief, code).status_code == 422


def test_password_alone_does_not_reach_the_enrolled_account_settings(reviewer: Any) -> None:
    actions.enrol_totp(reviewer)
    browser = personas.sign_in(reviewer, second_factor=False)

    for path in ("/account/second-factor/remove/", "/account/recovery-codes/", "/account/email/"):
        assert browser.get(path)["Location"].startswith("/account/second-factor/confirm/?next=")
    assert browser.get("/account/confirm/")["Location"] == "/account/second-factor/confirm/"


def test_staff_cannot_remove_their_second_factor(reviewer: Any, app_code: AppCode, client: Client) -> None:
    secret = actions.enrol_totp(reviewer)
    browser = personas.sign_in(reviewer, second_factor=False)
    browser.post("/account/second-factor/confirm/?next=/my/", {"code": app_code(secret)})

    page = browser.post("/account/second-factor/remove/")

    assert "不能停用" in page.content.decode()
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_resident_removes_their_second_factor_and_it_is_recorded(app_code: AppCode) -> None:
    applicant = personas.make_persona("applicant")
    secret = actions.enrol_totp(applicant)
    browser = personas.sign_in(applicant, second_factor=False)
    browser.post("/account/second-factor/confirm/?next=/my/", {"code": app_code(secret)})

    assert browser.post("/account/second-factor/remove/").status_code == 302
    assert not Authenticator.objects.exists()
    assert [entry.event for entry in history(applicant.pk)][-1] == "account.second_factor_removed"
