"""The human check in a browser: done by itself with scripts, answered without, and never a picture."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from prove.live.visitor import Visitor

from tests.journey import steps
from tests.journey.browsing import press
from tests.journey.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
QUESTION = re.compile("^验证问题")
STRICT = {"content-security-policy": "default-src 'none'"}


def fill_registration(page: Page, serial: int) -> None:
    page.goto("/account/signup/")
    page.get_by_label("用户名").fill(f"checked_{serial}")
    page.get_by_label("密码", exact=True).fill(steps.PASSWORD)
    page.get_by_label("确认密码").fill(steps.PASSWORD)
    page.get_by_label("手机号").fill(f"132{serial:08}")
    page.get_by_label("电子邮箱").fill(f"checked_{serial}@example.org")


def test_browser_does_the_work_and_its_person_is_asked_nothing(window: Open, serial: int) -> None:
    page = window().new_page()
    page.goto("/account/signup/")
    state = page.locator(".human [role=status]")
    expect(state).to_have_text("安全确认由浏览器自动完成，不用您操作。")
    expect(page.get_by_label(QUESTION)).to_be_hidden()

    fill_registration(page, serial)

    expect(state).to_have_text("安全确认已完成。")
    press(page, "立即注册")
    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()


def test_form_sent_before_the_work_is_done_waits_for_it(window: Open, serial: int) -> None:
    page = window().new_page()
    fill_registration(page, serial)
    page.evaluate("document.querySelector('[name=check_work]').value = ''")

    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()


def test_question_can_be_chosen_instead_of_the_work(window: Open, serial: int) -> None:
    page = window().new_page()
    fill_registration(page, serial)

    page.get_by_role("button", name="改为回答问题").click()
    expect(page.get_by_label(QUESTION)).to_be_focused()
    steps.answer_question(page)
    press(page, "立即注册")

    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()


def test_work_that_cannot_be_fetched_leaves_the_question(window: Open, serial: int) -> None:
    page = window().new_page()
    page.route("**/account/check/**", lambda route: route.fulfill(status=403, headers=STRICT))

    fill_registration(page, serial)

    expect(page.get_by_label(QUESTION)).to_be_visible()
    steps.answer_question(page)
    press(page, "立即注册")
    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()


def test_without_scripts_a_question_is_answered_and_a_wrong_answer_keeps_the_rest(
    window: Open, serial: int
) -> None:
    page = window(scripts=False).new_page()
    fill_registration(page, serial)
    page.get_by_label(QUESTION).fill("1")
    press(page, "立即注册")
    expect(page.get_by_role("alert")).to_contain_text("这个答案不对。换了一个问题")
    expect(page.get_by_label("手机号")).to_have_value(f"132{serial:08}")

    page.get_by_label("密码", exact=True).fill(steps.PASSWORD)
    page.get_by_label("确认密码").fill(steps.PASSWORD)
    steps.answer_question(page)
    press(page, "立即注册")

    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()
    assert page.locator("main img").count() == 0


def test_browser_does_the_work_too_when_signing_in_went_wrong(window: Open, resident: Visitor) -> None:
    page = window().new_page()
    page.goto("/account/login/")
    name = resident.client.get("/my/").text.split('masthead-user">')[1].split("<")[0]
    for _ in range(3):
        with page.expect_navigation():  # the next try is made on the page that answers this one
            steps.sign_in(page, name, "a wrong but possible password")
    expect(page.get_by_label(QUESTION)).to_be_hidden()

    steps.sign_in(page, name)

    expect(page.get_by_role("heading", name="正在审批")).to_be_visible()
