"""用户注册 with one's real name: four steps, nothing opened twice, nothing typed lost."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from lxml import html

from tests import checks, personas
from yincai.ledger.queries import history
from yincai.people import actions, queries
from yincai.people.models import Account, AgreementAcceptance, Identity, Profile
from yincai.people.vocabulary import NAME_CHECK_PER_ADDRESS, REGISTER_PER_DOCUMENT
from yincai.portal.gate.registration import SALT
from yincai.registries.queries import has_consent
from yincai.registries.vocabulary import Registry, Why

pytestmark = pytest.mark.django_db
HERE = "guangzhou"
NUMBER = "11010519491231002X"
FORM = {
    "username": "zhang_san",
    "password1": personas.PASSWORD,
    "password2": personas.PASSWORD,
    "name": "张三",
    "kind": "111",
    "number": NUMBER,
    "workplace": "示例科技有限公司",
    "landline": "020-83126088",
    "phone": "13812345678",
    "email": "",
    "note": "",
    "commitment": "on",
}
ACCOUNT = reverse("place:register_account", args=[HERE])
SYSTEMS = reverse("place:register_applications", args=[HERE])


@pytest.fixture(autouse=True)
def wording() -> queries.AgreementView:
    return actions.publish_agreement(HERE, "1. 信息的录入\n不得填报虚假信息。")


def accept(client: Client) -> str:
    """Tick the agreement; the note that opens the next step."""
    wording = hidden(client.get(reverse("place:register", args=[HERE])), "agreement")
    answer = client.post(reverse("place:register", args=[HERE]), {"agreement": wording, "agree": "on"})
    assert answer.status_code == 302
    return hidden(client.get(answer["Location"]), "agreement")


def hidden(answer: Any, name: str) -> str:
    """The value of a hidden input of a page."""
    found = re.search(rf'name="{name}" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def register(client: Client, **changes: str) -> Any:
    note = accept(client)
    return client.post(ACCOUNT, {**FORM, **checks.work_done("register"), "agreement": note, **changes})


def test_four_steps_open_an_account_that_is_known_by_name(client: Client) -> None:
    opened = register(client)
    asked = client.get(SYSTEMS).content.decode()
    chosen = client.post(SYSTEMS, {"application": "shijiazhuang/talent_green_card"})
    done = client.get(chosen["Location"])

    account = Account.objects.get()
    identity = queries.identity_of(account.pk)
    assert opened["Location"] == SYSTEMS
    assert "石家庄市人才绿卡申请平台" in asked
    assert "公务员管理系统" not in asked
    assert "注册成功" in done.content.decode()
    assert "张三" in done.content.decode()
    assert done["Refresh"] == f"8; url={reverse('place:home', args=[HERE])}"
    assert identity is not None
    assert (identity.name, identity.number) == ("张三", NUMBER)
    assert Profile.objects.get().landline == "020-83126088"
    assert [view.number for view, _ in queries.accepted_agreements(account.pk)] == [1]
    assert queries.applications_of(account.pk) == {("shijiazhuang", "talent_green_card")}
    assert [entry.event for entry in history(account.pk)] == [
        "account.registered",
        "account.identity_given",
        "account.agreement_accepted",
        "account.application_added",
    ]


def test_every_field_that_may_be_left_out_is_kept(client: Client) -> None:
    register(client, email="zhang@example.org", note="在本市工作三年。")

    account, profile = Account.objects.get(), Profile.objects.get()
    assert (account.email, profile.workplace, profile.note) == (
        "zhang@example.org",
        "示例科技有限公司",
        "在本市工作三年。",
    )


def test_steps_begin_with_the_words_of_the_guide(client: Client) -> None:
    first = client.get(reverse("place:register", args=[HERE])).content.decode()
    note = accept(client)
    second = client.get(ACCOUNT, {"agreement": note}).content.decode()

    assert "欢迎您进入中国广州市人事人才电子政务系统注册向导" in first
    assert "注册前请先仔细阅读下面的服务协议，确认请打勾，点击「下一步」继续。" in first
    assert "其余为必填项" in second
    assert "该资料为个人所有，只有本人享有此资料的修改和使用权" in second


def test_mistakes_are_listed_in_the_order_of_the_page(client: Client) -> None:
    wrong = {"username": "", "name": "", "number": "1", "landline": "1", "phone": "1", "commitment": ""}
    shown = html.document_fromstring(register(client, **wrong).content)

    listed = shown.xpath("//div[@id='problems']//a/@href")
    assert listed == [
        *("#id_username", "#id_name", "#id_number", "#id_landline", "#id_phone", "#id_commitment"),
    ]


@pytest.mark.parametrize("ticked", [True, False])
def test_registry_is_asked_only_with_the_consent_that_was_ticked(client: Client, ticked: bool) -> None:
    register(client, **({"consent": "on"} if ticked else {}))

    account = Account.objects.get()
    events = [entry.event for entry in history(account.pk)]
    assert has_consent(account.pk, Registry.REAL_NAME, Why.REGISTRATION) is ticked
    assert ("consent.given" in events) is ticked


def test_nobody_goes_on_without_the_tick(client: Client, wording: queries.AgreementView) -> None:
    answer = client.post(reverse("place:register", args=[HERE]), {"agreement": str(wording.id)})

    assert answer.status_code == 422
    assert "请先阅读服务协议" in answer.content.decode()


def old_note() -> str:
    """A note of a wording that is in force, three hours old."""
    before = str(int(time.time()) - 3 * 3600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing.time, "time", lambda: float(before))  # type: ignore[attr-defined]  # Django's own clock
        wording = queries.agreement_of(HERE)
        assert wording is not None
        return signing.dumps(str(wording.id), salt=SALT)


@pytest.mark.parametrize("case", ["none", "forged", "for another step", "of no wording", "old"])
def test_second_step_needs_the_note_of_the_first(client: Client, case: str) -> None:
    notes = {
        "none": "",
        "forged": "forged",
        "for another step": signing.dumps("x", salt="other"),
        "of no wording": signing.dumps("x", salt=SALT),
        "old": old_note(),
    }
    note = notes[case]
    shown = client.get(f"{ACCOUNT}?{urlencode({'agreement': note})}")
    sent = client.post(ACCOUNT, {**FORM, **checks.work_done("register"), "agreement": note})

    assert shown["Location"] == sent["Location"] == reverse("place:register", args=[HERE])
    assert not Account.objects.exists()


def test_new_wording_is_what_the_next_person_agrees_to(client: Client) -> None:
    actions.publish_agreement(HERE, "1. 信息的录入（修订）")

    register(client)

    assert [view.number for view, _ in queries.accepted_agreements(Account.objects.get().pk)] == [2]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "110105194912310021"}, "号码的最后一位"),
        ({"number": "11010520991231002X"}, "出生日期"),
        ({"kind": "113"}, "请正确选择证件类型"),
        ({"name": "张" * 300}, "姓名"),
        ({"landline": "83126088"}, "区号-号码"),
        ({"phone": "1381234"}, "手机号"),
        ({"commitment": ""}, "请勾选承诺"),
        ({"password2": "another horse battery"}, "两次输入的密码不一致"),
        ({"password1": "12345678", "password2": "12345678"}, "密码"),
        ({"username": "1abc"}, "字母开头"),
        ({"workplace": "单" * 101}, "所在单位不能超过 100 个字"),
    ],
)
def test_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = register(client, **changes)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in shown
    assert 'value="张' in shown
    assert personas.PASSWORD not in shown
    assert not Account.objects.exists()


def test_weak_password_and_one_that_differs_are_told_in_one_round(client: Client) -> None:
    shown = register(client, password1="12345678", password2="1234567").content.decode()

    assert "两次输入的密码不一致" in shown
    assert "这是最常被人猜到的密码之一" in shown


def test_second_account_for_a_document_is_refused_and_leaves_nothing(client: Client) -> None:
    register(Client())

    answer = register(client, username="li_si", name="李四", phone="13900000000")

    assert answer.status_code == 422
    assert "每个证件号码只能注册一个帐户" in answer.content.decode()
    assert Account.objects.count() == Identity.objects.count() == AgreementAcceptance.objects.count() == 1


def test_name_that_somebody_has_is_refused_whatever_its_case_and_width(client: Client) -> None:
    register(Client())

    answer = register(client, username="ＺＨＡＮＧ_San", number="E12345678", kind="414")

    assert answer.status_code == 422
    assert "已有人使用" in answer.content.decode()
    assert Account.objects.count() == 1


def check_name(client: Client, name: str, **proof: str) -> Any:
    return client.post(
        ACCOUNT, {**FORM, "agreement": accept(client), "username": name, "_check_name": "1", **proof}
    )


def test_name_can_be_checked_before_anything_else(client: Client) -> None:
    personas.make_persona("applicant")

    free = check_name(client, "zhang_san", **checks.work_done("register"))
    taken = check_name(client, "Applicant", **checks.work_done("register"))
    unproven = check_name(client, "applicant")

    assert "登录帐号「zhang_san」可以使用" in free.content.decode()
    assert 'name="check_pass"' in free.content.decode()
    assert 'value="张三"' in free.content.decode()
    assert taken.status_code == 422
    assert "已有人使用" in taken.content.decode()
    assert unproven.status_code == 422
    assert "已有人使用" not in unproven.content.decode()
    assert Account.objects.count() == 1


def test_names_cannot_be_harvested(client: Client) -> None:
    proof = {
        "check_pass": hidden(check_name(client, "zhang_san", **checks.work_done("register")), "check_pass")
    }

    answers = [
        check_name(client, f"somebody{number}", **proof) for number in range(NAME_CHECK_PER_ADDRESS.amount)
    ]

    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_document_is_tried_five_times_a_day(client: Client) -> None:
    register(Client())
    answers = [
        register(Client(), username=f"li_si{at}", phone=f"1390000000{at}")
        for at in range(REGISTER_PER_DOCUMENT.amount)
    ]

    assert [one.status_code for one in answers[:-1]] == [422] * (REGISTER_PER_DOCUMENT.amount - 1)
    assert answers[-1].status_code == 429


def test_account_without_a_real_name_adds_it(client: Client) -> None:
    account = personas.make_persona("applicant")
    browser = personas.sign_in(account, second_factor=False)
    note = accept(browser)

    shown = browser.get(f"{ACCOUNT}?{urlencode({'agreement': note})}").content.decode()
    answer = browser.post(ACCOUNT, {**FORM, "agreement": note})

    assert 'name="username"' not in shown
    assert 'name="password1"' not in shown
    assert answer["Location"] == SYSTEMS
    assert Account.objects.count() == 1
    identity = queries.identity_of(account.pk)
    assert identity is not None
    assert identity.name == "张三"
    assert browser.get(reverse("place:register", args=[HERE]))["Location"] == SYSTEMS
    assert queries.applications_of(account.pk) == {("shijiazhuang", "talent_green_card")}  # as before


def test_place_without_real_names_has_no_wizard(client: Client) -> None:
    answer = client.get(reverse("place:register", args=["shijiazhuang"]))

    assert answer.status_code == 404
