"""Administration of staff: persona × page, appointing, ending, and the second factor of two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import personas
from tests.cases import PLACE
from yincai.casework.actions import claim_case
from yincai.casework.vocabulary import CaseView
from yincai.foundation.errors import Invalid
from yincai.ledger.queries import history
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions, queries
from yincai.people.permissions import has_second_factor

Person = Callable[[str], Any]
BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
PAGES = ("admin-staff", "admin-appoint", "admin-calendar")


def other_administrator() -> Any:
    """A second administrator of the place."""
    account = actions.register_account(username="second_admin", password=None, phone="13800000099")
    hall = {"place": PLACE, "office": "hall", "role": "administrator"}
    actions.appoint_staff(account, actor=SYSTEM, name="顾又一", **hall)
    return account


@pytest.mark.parametrize("name", [name for name in personas.CAST if name != "administrator"])
def test_administration_does_not_exist_for_others(name: str, browser: BrowserOf) -> None:
    assert {browser(name).get(reverse(f"desk:{page}")).status_code for page in PAGES} == {404}


def test_administrator_of_another_place_does_not_see_this_one(browser_of: BrowserOf, person: Person) -> None:
    member = person("window_officer")

    answer = browser_of("administrator").get(reverse("desk:admin-member", args=[member.pk]), {"place": PLACE})

    assert answer.status_code == 404


def test_administrator_appoints_by_user_name(browser: BrowserOf, person: Person) -> None:
    newcomer = person("stranger")

    answer = browser("administrator").post(
        reverse("desk:admin-appoint"),
        {
            "username": "STRANGER",
            "name": "路新来",
            "office": "hall",
            "role": "issuer",
            "since": "",
            "until": "2099-12-31",
        },
        follow=True,
    )

    assert answer.status_code == 200
    assert queries.staff_roles(newcomer, place=PLACE) == {"issuer"}
    assert "还没有登记。请先登记本人的证件" in answer.content.decode()  # nobody claims without
    member = browser("administrator").get(reverse("desk:admin-member", args=[newcomer.pk]))
    assert "2100年1月1日 00:00" in member.content.decode()
    assert "路新来" in answer.content.decode()
    assert history(newcomer.pk)[-1].actor.role == "administrator"


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("", "9999-12-31", "结束日期只能在 1900 年到 2199 年之间。没有期限的请留空。"),
        ("0001-01-01", "", "开始日期只能在 1900 年到 2199 年之间。请核对年份。"),
    ],
)
def test_appointment_from_or_to_the_ends_of_time_is_refused_in_words(
    since: str, until: str, said: str, browser: BrowserOf, person: Person
) -> None:
    newcomer = person("stranger")
    asked = {"username": "stranger", "name": "路新来", "office": "hall", "role": "issuer"}

    answer = browser("administrator").post(
        reverse("desk:admin-appoint"), {**asked, "since": since, "until": until}
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not queries.staff_roles(newcomer, place=PLACE)


def test_wrong_appointment_is_told_beside_its_fields_and_keeps_what_was_typed(browser: BrowserOf) -> None:
    answer = browser("administrator").post(
        reverse("desk:admin-appoint"),
        {"username": "nobody_here", "office": "", "role": "king", "since": "gestern", "until": ""},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "没有这个用户名",
        "请填写姓名",
        "请选择机构",
        "请选择岗位",
        "开始日期不是有效的日期",
        'value="nobody_here"',
    ):
        assert words in page


def test_nobody_administers_themselves(browser: BrowserOf, person: Person) -> None:
    me = person("administrator")
    held = queries.appointments(me)[0].id

    answers = [
        browser("administrator").post(reverse("desk:admin-end", args=[me.pk, held])),
        browser("administrator").post(
            reverse("desk:admin-appoint"), {"username": me.username, "office": "hall", "role": "issuer"}
        ),
        browser("administrator").post(reverse("desk:admin-ask-reset", args=[me.pk]), {"reason": "丢了"}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert queries.staff_roles(me) == {"administrator"}
    assert len(history(me.pk)) == 4  # registered, named, appointed, document noted


def test_ended_appointment_ends_every_session_at_once(browser: BrowserOf, person: Person) -> None:
    officer = browser("window_officer")
    assert officer.get("/desk/").status_code == 200
    account = person("window_officer")

    browser("administrator").post(
        reverse("desk:admin-end", args=[account.pk, queries.appointments(account)[0].id])
    )

    assert officer.get("/desk/")["Location"].startswith("/account/login/")
    assert officer.get("/my/")["Location"].startswith("/account/login/")
    page = browser("administrator").get(reverse("desk:admin-member", args=[account.pk])).content.decode()
    assert "已结束" in page
    assert "结束任命：窗口受理员" in page


def test_second_factor_is_reset_by_two_and_not_by_one(browser: BrowserOf, person: Person) -> None:
    officer = person("window_officer")
    actions.enrol_totp(officer)
    address = reverse("desk:admin-ask-reset", args=[officer.pk])
    assert browser("administrator").post(address, {"reason": "  "}).status_code == 422
    browser("administrator").post(address, {"reason": "本人持工作证到场，手机丢失"})
    (asked,) = queries.open_resets(PLACE)
    settle = reverse("desk:admin-settle-reset", args=[officer.pk, asked.id])

    assert browser("administrator").post(settle, {"answer": "confirm"}).status_code == 403
    assert has_second_factor(officer.pk)
    second = personas.sign_in(other_administrator(), second_factor=True)
    assert second.post(settle, {"answer": "confirm"}).status_code == 302

    assert not has_second_factor(officer.pk)
    assert queries.open_resets(PLACE) == []
    assert [one.event for one in history(officer.pk)][-3:] == [
        "second_factor_reset.asked",
        "second_factor_reset.confirmed",
        "account.second_factor_removed",
    ]
    assert second.post(settle, {"answer": "confirm"}).status_code == 404


def test_reset_refused_changes_nothing(browser: BrowserOf, person: Person) -> None:
    officer = person("issuer")
    actions.enrol_totp(officer)
    browser("administrator").post(reverse("desk:admin-ask-reset", args=[officer.pk]), {"reason": "手机丢失"})
    (asked,) = queries.open_resets(PLACE)

    browser("administrator").post(
        reverse("desk:admin-settle-reset", args=[officer.pk, asked.id]), {"answer": "refuse"}
    )

    assert has_second_factor(officer.pk)
    assert queries.open_resets(PLACE) == []


def test_list_pages_by_key_is_searched_and_does_not_grow_in_queries(browser: BrowserOf) -> None:
    administrator, address = browser("administrator"), reverse("desk:admin-staff")
    administrator.get(address)
    with CaptureQueriesContext(connection) as few:
        administrator.get(address)
    for number in range(40):
        account = actions.register_account(username=f"clerk_{number:02}", password=None)
        hall = {"place": PLACE, "office": "hall", "role": "issuer"}
        actions.appoint_staff(account, actor=SYSTEM, name="柜员", **hall)

    with CaptureQueriesContext(connection) as many:
        page = administrator.get(address).content.decode()
    rest = administrator.get(address, {"after": "clerk_28"}).content.decode()
    searched = administrator.get(address, {"search": "K_1"}).content.decode()

    assert len(few) == len(many)
    assert "after=clerk_28" in page
    assert (">clerk_29<" in rest, ">clerk_28<" in rest) == (True, False)
    assert searched.count('rowheader"><a') == 10


def test_colleagues_are_shown_by_their_names(
    browser: BrowserOf, person: Person, submitted: CaseView, actor: ActorOf
) -> None:
    officer, chief = person("window_officer"), browser("administrator")
    person("colleague")
    claim_case(submitted.id, actor=actor("window_officer"))

    pages = {
        "queue": browser("colleague").get("/desk/").content.decode(),
        "case": browser("lead_officer").get(reverse("desk:case", args=[submitted.id])).content.decode(),
        "leave": browser("colleague").get(reverse("desk:leave")).content.decode(),
    }

    for name, page in pages.items():
        assert "白景行" in page or "宫子衿" in page, name
        assert "window_officer<" not in page, name
    assert "宫子衿" in pages["queue"]
    listed = chief.get(reverse("desk:admin-staff"), {"search": "子衿"}).content.decode()
    assert (listed.count('rowheader"><a'), ">window_officer<" in listed) == (1, True)
    assert queries.display_names([officer.pk, None]) == {officer.pk: "宫子衿"}


def test_name_is_corrected_on_record_and_without_the_name_in_it(browser: BrowserOf, person: Person) -> None:
    officer, chief = person("window_officer"), browser("administrator")
    address = reverse("desk:admin-rename", args=[officer.pk])

    wrong = chief.post(address, {"name": "宫1"})
    for _ in range(2):
        chief.post(address, {"name": "宫子衿衿"})

    assert (wrong.status_code, "数字或符号" in wrong.content.decode()) == (422, True)
    assert queries.display_name(officer.pk) == "宫子衿衿"
    named = [one for one in history(officer.pk) if one.event == "staff.named"]
    assert [dict(one.payload) for one in named] == [{"place": PLACE}] * 2  # at the appointment, and now
    assert "登记姓名" in chief.get(reverse("desk:admin-member", args=[officer.pk])).content.decode()
    assert browser("window_officer").post(address, {"name": "某某"}).status_code == 404


def test_two_of_one_name_are_told_apart(person: Person) -> None:
    person("window_officer")
    twin = actions.register_account(username="the_other", password=None)
    hall = {"place": PLACE, "office": "hall", "role": "window_officer"}
    with pytest.raises(Invalid):
        actions.appoint_staff(twin, actor=SYSTEM, **hall)
    actions.appoint_staff(twin, actor=SYSTEM, name="宫子衿", **hall)

    names = {one.name for one in queries.colleagues(PLACE)}

    assert names == {"宫子衿（window_officer）", "宫子衿（the_other）"}
