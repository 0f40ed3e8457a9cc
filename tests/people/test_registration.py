"""注册: opens an account, tells nobody who else is registered, and cannot be flooded."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests import checks, personas
from yincai.foundation.errors import Invalid
from yincai.ledger.queries import history
from yincai.people import actions, queries
from yincai.people.models import Account
from yincai.people.vocabulary import UsernameTaken

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]
FORM = {
    "username": "WeiZhang",
    "password1": personas.PASSWORD,
    "password2": personas.PASSWORD,
    "phone": "１３８ 1234 5678",
    "email": "Wei@Example.org",
}


def register(client: Client, **changes: str) -> Any:
    return client.post("/account/signup/", {**FORM, **checks.work_done("register"), **changes})


def test_registered_person_is_signed_in_and_led_to_the_front(client: Client) -> None:
    response = register(client)
    page = client.get(response["Location"])

    account = Account.objects.get()
    assert response["Location"] == "/account/registered/"
    assert page["Refresh"] == "5; url=/my/"
    assert "注册成功" in page.content.decode()
    assert client.get("/my/").content == b"WeiZhang"
    assert (account.username, account.phone, account.email) == (
        "WeiZhang",
        "+8613812345678",
        "wei@example.org",
    )
    assert account.check_password(personas.PASSWORD)


def test_registration_is_recorded_without_personal_data(client: Client) -> None:
    register(client)

    account = Account.objects.get()
    (entry,) = history(account.pk)
    assert (entry.event, entry.actor.kind, entry.actor.id) == ("account.registered", "applicant", account.pk)
    assert entry.payload == {}


def test_phone_is_sealed_and_found_again(client: Client) -> None:
    from django.db import connection

    register(client)

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_account")
        (sealed,) = cursor.fetchone()
    assert b"13812345678" not in bytes(sealed)
    assert queries.phone_of(Account.objects.get().pk) == "+8613812345678"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("username", "", "请填写用户名。"),
        ("username", "1abc", "用户名须以字母开头"),
        ("username", "a" * 21, "用户名太长了"),
        ("username", "张伟", "用户名须以字母开头"),
        ("password1", "short", "太短了"),
        ("password2", "something else", "两次输入的密码不一致"),
        ("phone", "123", "电话号码"),
        ("phone", "", "请填写手机号。"),
        ("email", "nonsense", "电子邮箱的格式不对"),
    ],
)
def test_mistake_is_told_at_the_field_and_on_top_and_nothing_is_opened(
    field: str, typed: str, sentence: str, client: Client
) -> None:
    response = register(client, **{field: typed})

    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(rf'<a href="#id_{field}">[^<]*{sentence}', page)
    assert re.search(rf'id="id_{field}-problem">.*{sentence}', page)
    assert not Account.objects.exists()


def test_mistake_keeps_what_was_typed_but_passwords(client: Client) -> None:
    page = register(client, username="1abc").content.decode()

    assert 'value="１３８ 1234 5678"' in page
    assert 'value="Wei@Example.org"' in page
    assert personas.PASSWORD not in page


@pytest.mark.parametrize("name", ["WeiZhang", "weizhang", "ＷｅｉＺｈａｎｇ"])
def test_taken_user_name_is_told(name: str, client: Client) -> None:
    register(client)

    response = register(Client(), username=name, email="other@example.org", phone="13912345678")

    assert "这个用户名已有人使用" in response.content.decode()
    assert Account.objects.count() == 1


def test_user_name_taken_at_the_same_moment_is_told() -> None:
    actions.register_account(username="WeiZhang", password=None)

    with pytest.raises(UsernameTaken):
        actions.register_account(username="weizhang", password=None)

    assert Account.objects.count() == 1


def test_taken_address_and_phone_get_the_same_answer_as_free_ones() -> None:
    register(Client())

    free = register(Client(), username="second", email="second@example.org", phone="13912345678")
    taken = register(Client(), username="third")

    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert len(free.content) == len(taken.content)
    assert EmailAddress.objects.filter(email="wei@example.org").count() == 2


def test_only_one_account_proves_an_address() -> None:
    register(Client())
    register(Client(), username="third")
    first, second = EmailAddress.objects.filter(email="wei@example.org").order_by("pk")

    assert first.set_verified() is True
    assert second.set_verified() is False


def test_one_address_opens_fifteen_accounts_and_no_more() -> None:
    statuses = [
        register(
            Client(),
            username=f"person{number}",
            email=f"p{number}@example.org",
            phone=f"138000001{number:02}",
        ).status_code
        for number in range(16)
    ]

    assert statuses == [302] * 15 + [429]


def test_one_phone_is_given_five_times_a_day_and_no_more() -> None:
    statuses = [
        register(Client(), username=f"person{number}", email=f"p{number}@example.org").status_code
        for number in range(6)
    ]

    assert statuses == [302] * 5 + [429]


def test_account_opened_by_command_has_no_way_in_without_a_password() -> None:
    account = actions.register_account(username="nobody", password=None)

    assert not account.has_usable_password()


def test_action_refuses_a_weak_password_and_a_bad_name() -> None:
    with pytest.raises(Invalid) as weak:
        actions.register_account(username="somebody", password="12345678")
    with pytest.raises(Invalid) as bad:
        actions.register_account(username="坏", password=None)

    assert [problem.path for problem in weak.value.problems] == ["password"]
    assert [problem.path for problem in bad.value.problems] == ["username"]
