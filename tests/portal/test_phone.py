"""验证手机号: a code on the account's own phone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import personas
from yincai.foundation import clock
from yincai.ledger.queries import history
from yincai.messages import tasks as telling
from yincai.messages.models import Message
from yincai.people import actions as people
from yincai.people.models import PhoneCheck
from yincai.people.queries import assurance_of
from yincai.people.vocabulary import CODE_GOOD_FOR, Level

pytestmark = pytest.mark.django_db
PAGE = "/account/identity/phone/"


@pytest.fixture
def account() -> Any:
    return personas.make_persona("applicant")


@pytest.fixture
def browser(account: Any) -> Client:
    return personas.sign_in(account, second_factor=False)


def sent(browser: Client) -> str:
    """The code that was just sent."""
    assert browser.post(PAGE, {"act": "send"}).status_code == 302
    return PhoneCheck.objects.get().code


def test_code_on_the_phone_proves_it(account: Any, browser: Client) -> None:
    code = sent(browser)

    answer = browser.post(f"{PAGE}?next=/my/drafts/", {"code": code})

    assert answer["Location"] == "/my/drafts/"
    account.refresh_from_db()
    assert account.phone_verified_at is not None
    assert (assurance_of(account.pk).level, assurance_of(account.pk).source) == (Level.SMS_VERIFIED, "sms")
    assert not PhoneCheck.objects.exists()
    assert "已在" in browser.get(PAGE).content.decode()


def test_code_is_sent_as_an_sms_and_recorded_without_it(account: Any, browser: Client) -> None:
    code = sent(browser)
    entry = history(account.pk)[-1]

    telling.send_phone_code(entry)

    assert (entry.event, entry.payload) == ("account.phone_code_sent", {})
    message = Message.objects.get()
    assert (message.channel, message.account_id) == ("sms", account.pk)
    assert code in message.content["body"]


def test_code_is_compared_five_times_and_lives_ten_minutes(account: Any, browser: Client) -> None:
    code = sent(browser)
    for _ in range(5):
        assert browser.post(PAGE, {"code": "wrong"}).status_code == 422
    assert "已输错 5 次" in browser.post(PAGE, {"code": code}).content.decode()

    code = sent(browser)
    with clock.frozen(clock.now() + CODE_GOOD_FOR):
        people_page = browser.post(PAGE, {"code": code})
    assert people_page.status_code in (302, 422)
    account.refresh_from_db()
    assert account.phone_verified_at is None


def test_phone_gets_three_codes_in_a_quarter_of_an_hour(browser: Client) -> None:
    for _ in range(3):
        sent(browser)

    answer = browser.post(PAGE, {"act": "send"})

    assert answer.status_code == 422
    assert "没有发送验证码" in answer.content.decode()


def test_phone_is_the_proof_of_one_account(account: Any, browser: Client) -> None:
    other = people.register_account(username="another", password=None, phone="13800000001")
    theirs = personas.sign_in(other, second_factor=False)
    browser.post(PAGE, {"code": sent(browser)})
    theirs.post(PAGE, {"act": "send"})

    answer = theirs.post(PAGE, {"code": PhoneCheck.objects.get(account=other).code})

    assert answer.status_code == 422
    assert "已由另一个账号验证" in answer.content.decode()
    assert assurance_of(other.pk).level is Level.REGISTERED


def test_code_of_one_account_proves_nothing_for_another(account: Any, browser: Client) -> None:
    code = sent(browser)
    stranger = personas.sign_in(personas.make_persona("stranger"), second_factor=False)

    assert stranger.post(PAGE, {"code": code}).status_code == 422


def test_account_without_a_phone_is_told_so() -> None:
    without = people.register_account(username="phoneless", password=None)
    browser = personas.sign_in(without, second_factor=False)

    assert "没有登记手机号" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, {"act": "send"}).status_code == 422
