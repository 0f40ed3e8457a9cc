"""忘记密码 in a browser: the code is read on the phone, with scripts and without."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect
from prove.live.platform import Platform
from prove.live.visitor import PASSWORD, Visitor
from prove.live.waiting import until

from tests.journey import steps
from tests.journey.browsing import press
from tests.journey.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
NEW = "a-new-one-that-nobody-guesses-7"
CODE = re.compile(r"验证码 (\d{6})")


def code_on(platform: Platform, phone: str) -> str:
    """The newest code among the SMS on the sandbox's page of this phone."""

    def codes() -> list[str]:
        return CODE.findall(httpx.get(f"{platform.sandbox}/phone/{phone}", timeout=30).text)

    until(lambda: bool(codes()), "the phone shows the code")
    return codes()[0]


@pytest.mark.parametrize("scripts", [True, False])
def test_code_on_the_phone_sets_a_new_password_and_the_owner_is_told(
    scripts: bool, platform: Platform, window: Open, resident: Visitor, serial: int
) -> None:
    name, phone = f"resident_{serial}", f"+86139{serial:08}"
    page: Page = window(scripts=scripts).new_page()
    page.goto("/account/login/")
    page.get_by_role("link", name="忘记密码").click()
    page.get_by_label("用户名或手机号").fill(name)
    steps.answer_question(page)
    press(page, "发送验证码")

    page.get_by_label("短信验证码").fill(code_on(platform, phone))
    page.get_by_label("新密码", exact=True).fill(NEW)
    page.get_by_label("确认密码").fill(NEW)
    press(page, "提交")
    expect(page.get_by_role("heading", name="密码已更改")).to_be_visible()

    page.get_by_role("link", name="去登录").click()
    steps.sign_in(page, name, NEW)
    expect(page.get_by_role("heading", name="正在审批")).to_be_visible()
    assert resident.client.get("/my/").is_redirect  # the session of before is over
    assert resident.post("/account/login/", {"login": name, "password": PASSWORD}).status_code == 422

    def is_told() -> bool:
        page.goto("/my/inbox/")
        return page.get_by_text("登录密码已更改").count() > 0

    until(is_told, "the owner is told")
