"""The portal of a place: its look, its business systems, and that one is not entered before it is added."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests import personas
from yincai.casework.actions import open_draft
from yincai.casework.vocabulary import ApplicationNotAdded
from yincai.foundation import clock
from yincai.ledger.queries import history
from yincai.ledger.vocabulary import Actor
from yincai.people import actions, queries

pytestmark = pytest.mark.django_db
HERE = "guangzhou"
GREEN_CARD = ("shijiazhuang", "talent_green_card")
KEY = "/".join(GREEN_CARD)


def named(name: str = "applicant") -> Any:
    """Somebody who registered with their real name."""
    account = personas.make_persona(name)
    wording = actions.publish_agreement(HERE, "一、信息的录入")
    person = actions.Person("张晓雨", "111", "11010519491231002X")
    actor = Actor("applicant", account.pk, "applicant")
    actions.complete_person(account, person=person, agreement=wording.id, actor=actor)
    return account


def home(browser: Client, place: str = HERE) -> str:
    return browser.get(reverse("place:home", args=[place])).content.decode()


def test_stranger_sees_the_portal_in_the_look_of_the_place(client: Client) -> None:
    shown = home(client)

    assert "广州市智慧人才家园" in shown
    assert "look/places/guangzhou.css" in shown
    assert reverse("place:register", args=[HERE]) in shown
    assert "系统说明" in shown
    assert "可办理，登录后添加" in shown
    assert client.get(reverse("account_login")).content.decode().count("look/places/guangzhou.css") == 1
    assert "look/places/" not in home(client, "shijiazhuang")


def test_place_without_portal_has_no_page(client: Client) -> None:
    for place in ("harbour_city", "nowhere"):
        assert client.get(reverse("place:home", args=[place])).status_code == 404


def test_catalogue_lists_every_system_and_which_can_be_entered(client: Client) -> None:
    shown = client.get(reverse("place:applications", args=[HERE])).content.decode()

    for title in ("人才引进申办系统", "公务员管理系统", "应用安全基础平台", "石家庄市人才绿卡申请平台"):
        assert title in shown
    assert (
        shown.index("石家庄市人才绿卡申请平台")
        < shown.index("尚未开通的系统")
        < shown.index("公务员管理系统")
    )


def test_system_that_was_not_added_refuses_with_the_way_to_add_it(published: Any) -> None:
    account = named()
    browser = personas.sign_in(account, second_factor=False)

    refused = browser.get(reverse("place:application", args=[HERE, *GREEN_CARD]))
    with pytest.raises(ApplicationNotAdded):
        draft(account)

    assert refused.status_code == 403
    assert "您还没有添加「石家庄市人才绿卡申请平台」" in refused.content.decode()
    assert reverse("place:add_application", args=[HERE]) in refused.content.decode()
    assert "您还没有添加「石家庄市人才绿卡申请平台」" in browser.get(reverse("portal:apply")).content.decode()


def test_header_says_who_it_is_what_day_and_the_ways_back(published: Any) -> None:
    account = named()
    browser = personas.sign_in(account, second_factor=False)

    with clock.frozen(datetime(2022, 10, 9, 1, tzinfo=UTC)):
        shown = html.document_fromstring(home(browser)).xpath("string(//header)")

    for words in ("2022年10月9日 星期日", account.username, "个人", "政务服务网", "返回门户", "帮助", "退出"):
        assert words in " ".join(shown.split()), words


def test_owner_and_support_stand_in_every_footer(client: Client) -> None:
    shown = html.document_fromstring(home(client)).xpath("string(//footer)")

    assert "主办单位：广州市人力资源和社会保障局" in shown
    assert "维护及技术支持：" in shown


def draft(account: Any) -> Any:
    actor = Actor("applicant", account.pk, "applicant")
    where = {"place": GREEN_CARD[0], "programme": "talent_green_card", "variant": "A"}
    return open_draft(actor=actor, key=uuid4(), **where)


def test_added_system_is_entered_in_its_own_look_and_leads_back(published: Any) -> None:
    account = named()
    browser = personas.sign_in(account, second_factor=False)

    added = browser.post(reverse("place:add_application", args=[HERE]), {"application": KEY}, follow=True)
    entered = browser.get(reverse("place:application", args=[HERE, *GREEN_CARD]), follow=True)

    assert "已添加「石家庄市人才绿卡申请平台」" in added.content.decode()
    assert entered.redirect_chain == [(reverse("portal:home"), 302)]
    shown = entered.content.decode()
    assert "石家庄市人才绿卡信息管理平台" in shown
    assert "look/places/guangzhou.css" not in shown
    assert f'<a href="{reverse("place:home", args=[HERE])}">返回门户</a>' in shown
    assert f'<a href="{reverse("portal:home")}">返回系统</a>' in home(browser)
    assert draft(account).place == GREEN_CARD[0]
    assert history(account.pk)[-1].payload == {"place": GREEN_CARD[0], "application": GREEN_CARD[1]}


def test_account_without_a_real_name_has_the_systems_that_ask_for_none(published: Any) -> None:
    account = personas.make_persona("applicant")
    browser = personas.sign_in(account, second_factor=False)

    assert draft(account).place == GREEN_CARD[0]
    assert "已添加，可办理" in home(browser)


def test_system_that_is_not_open_is_neither_added_nor_entered() -> None:
    account = named()
    browser = personas.sign_in(account, second_factor=False)

    added = browser.post(
        reverse("place:add_application", args=[HERE]), {"application": f"{HERE}/civil_servants"}
    )
    entered = browser.get(reverse("place:application", args=[HERE, HERE, "civil_servants"]))
    unknown = browser.post(reverse("place:add_application", args=[HERE]), {"application": "x/y"})

    assert (added.status_code, entered.status_code, unknown.status_code) == (422, 403, 404)
    assert "还没有在本平台开通" in added.content.decode()
    assert queries.applications_of(account.pk) == frozenset()


def test_account_without_a_real_name_is_led_to_give_it_before_it_adds() -> None:
    account = personas.make_persona("applicant")
    browser = personas.sign_in(account, second_factor=False)

    answer = browser.post(reverse("place:add_application", args=[HERE]), {"application": KEY})

    assert answer["Location"] == reverse("place:register", args=[HERE])
    assert queries.applications_of(account.pk) == frozenset()


def test_adding_needs_somebody_who_is_signed_in(client: Client) -> None:
    entered = client.get(reverse("place:application", args=[HERE, *GREEN_CARD]))
    added = client.post(reverse("place:add_application", args=[HERE]), {"application": KEY})

    assert entered["Location"].startswith(reverse("account_login"))
    assert added.status_code == 403
    assert "登录" in added.content.decode()


@pytest.mark.parametrize("cookie", ["nowhere", "../etc", "<script>", ""])
def test_cookie_of_no_place_is_nowhere(client: Client, cookie: str) -> None:
    client.cookies["portal"] = cookie

    shown = client.get("/account/login/").content.decode()

    assert "引才 人才服务平台" in shown
    assert "<script>" not in shown.partition("<body")[2]
