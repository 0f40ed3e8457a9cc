"""Registration, the officers' steps and the card without a mouse: every control is reached with Tab."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from prove.live.platform import Platform
from prove.live.visitor import APPROVER, ISSUER, PASSWORD, WINDOW, Officer, Visitor, code_on_phone
from prove.live.waiting import until

from tests.cards.scanning import addresses_on
from tests.journey import steps
from tests.journey.conftest import Open
from tests.journey.test_keyboard import go_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def test_account_is_opened_by_keyboard_alone(window: Open, serial: int) -> None:
    username = f"keys_{serial}"
    page = window().new_page()
    page.goto("/")
    press_by_key(page, page.get_by_role("link", name="立即注册"), "Enter")
    for label, words in (
        ("用户名", username),
        ("密码", PASSWORD),
        ("确认密码", PASSWORD),
        ("手机号", f"131{serial:08}"),
        ("电子邮箱", f"{username}@example.org"),
    ):
        type_into(page, page.get_by_label(label, exact=True), words)
    expect(page.locator(".human [role=status]")).to_have_text("安全确认已完成。")
    press_by_key(page, page.get_by_role("main").get_by_role("button", name="立即注册"), "Enter")

    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()
    press_by_key(page, page.get_by_role("main").get_by_role("link", name="首页"), "Enter")
    expect(page.get_by_role("heading", name="正在审批")).to_be_visible()


def test_officers_decide_and_the_card_is_fetched_by_keyboard_alone(
    platform: Platform, window: Open, officers: Callable[[str], Officer], resident: Visitor, serial: int
) -> None:
    reference = resident.submit(resident.prepare(serial))

    officer = steps.lend_session(officers(WINDOW), window())
    find_and_claim(officer, reference, key="Enter")
    take(officer, "预审通过", key="Enter")
    find_and_claim(officer, reference, key="Space")
    take(officer, "原件核验无误", key="Space", confirmed=True)
    approver = steps.lend_session(officers(APPROVER), window())
    find_and_claim(approver, reference, key="Enter")
    take(approver, "核准认定", key="Enter", opinion="符合第(4)类条件。")
    issuer = window().new_page()
    sign_in_at_desk(issuer, platform, ISSUER)
    find_and_claim(issuer, reference, key="Enter")
    take(issuer, "制卡发卡", key="Space")

    assert len(addresses_on(download_card(steps.lend_session(resident, window())))) == 1


def press_by_key(page: Page, control: Locator, key: str) -> None:
    """Tab to a link or button that leads to another page, and press the key on it."""
    go_to(page, control)
    with page.expect_navigation():
        page.keyboard.press(key)


def type_into(page: Page, field: Locator, words: str) -> None:
    """Tab to an input and type."""
    go_to(page, field)
    page.keyboard.type(words)


def sign_in_at_desk(page: Page, platform: Platform, username: str) -> None:
    """Name and password, then the code of the phone; each page is sent with Enter from its last input."""
    person = platform.people()[username]
    page.goto("/desk/")
    type_into(page, page.get_by_label("用户名"), person.username)
    type_into(page, page.get_by_label("密码"), person.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    code = code_on_phone(platform, person)
    send_code(page, code)
    if page.get_by_text("验证码不正确或已经用过").count():  # signed in moments ago: a code counts once
        until(lambda: code_on_phone(platform, person) != code, "the phone shows a new code")
        send_code(page, code_on_phone(platform, person))
    expect(page.get_by_role("heading", name="待办", level=1)).to_be_visible()


def send_code(page: Page, code: str) -> None:
    """The second factor."""
    type_into(page, page.locator('[name="code"]'), code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def find_and_claim(page: Page, reference: str, *, key: str) -> None:
    """From the queue by number to the case, and 领取."""
    page.goto("/desk/")
    type_into(page, page.get_by_label("受理编号"), reference)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)
    press_by_key(page, page.get_by_role("button", name="领取", exact=True), key)
    expect(page.get_by_role("main")).to_contain_text("您已领取")


def take(page: Page, title: str, *, key: str, opinion: str = "", confirmed: bool = False) -> None:
    """去办理, what the step needs, and its button; the page after it says what was done."""
    way = page.get_by_role("link", name="去办理")
    go_to(page, way)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#decide$"))
    form = page.locator(".decide-form").filter(has=page.get_by_role("button", name=title, exact=True))
    if opinion:
        type_into(page, form.locator('[name="opinion"]'), opinion)
    if confirmed:
        go_to(page, form.locator('[name="confirmation"]'))
        page.keyboard.press("Space")
    press_by_key(page, form.get_by_role("button", name=title, exact=True), key)
    expect(page.get_by_role("status").first).to_contain_text(f"已办理：{title}。")


def download_card(page: Page) -> bytes:
    """From 我的申请 by the menu to the sealed card."""
    link = page.get_by_role("main").get_by_role("link", name=re.compile("下载电子卡"))
    page.goto("/my/")

    def is_there() -> bool:
        press_by_key(page, page.get_by_role("link", name=re.compile("^我的电子卡")), "Enter")
        return link.count() == 1

    until(is_there, "the card is sealed", limit=240)
    go_to(page, link)
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    return Path(waiting.value.path()).read_bytes()
