"""The place's portal: registered with one's real name, a system added and entered, a question answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from prove.live.people import identity_number, picture
from prove.live.visitor import PASSWORD, Officer

from tests.journey import steps
from tests.journey.browsing import press
from tests.journey.conftest import Open
from tests.journey.test_keyboard import choose_option, go_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
HERE = "/place/guangzhou/"
SYSTEM = "石家庄市人才绿卡申请平台"
HELPER = "zhichi_huang"


@dataclass(frozen=True)
class Newcomer:
    """Whom nobody knows yet."""

    serial: int

    @property
    def login(self) -> str:
        """登录帐号."""
        return f"newcomer_{self.serial}"

    @property
    def typed(self) -> dict[str, str]:
        """The wizard's second step, by the names of its fields, from top to bottom."""
        return {
            "username": self.login,
            "password1": PASSWORD,
            "password2": PASSWORD,
            "name": "张晓雨",
            "number": identity_number(10_000 + self.serial),
            "landline": "020-83126088",
            "phone": f"137{self.serial:08}",
        }


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_newcomer_registers_adds_a_system_and_asks_for_help(
    window: Open, officers: Callable[[str], Officer], serial: int, tmp_path: Path, scripts: bool
) -> None:
    page = window(scripts=scripts).new_page()
    register(page, Newcomer(serial))
    enter_system(page)

    page.get_by_role("link", name="遇到问题").click()
    number = ask(page, f"点了「下一步」是白页 {serial}", tmp_path)
    answer(steps.lend_session(officers(HELPER), window(scripts=scripts)), number)

    page.reload()
    expect(page.get_by_role("main")).to_contain_text("已答复")
    expect(page.get_by_role("main")).to_contain_text("请换一个浏览器再试。")


def test_newcomer_registers_by_keyboard_alone(window: Open, serial: int) -> None:
    page = window().new_page()
    page.goto(f"{HERE}register/")
    go_to(page, page.get_by_label("我已阅读", exact=False))
    page.keyboard.press("Space")
    press_next(page)

    for name, words in Newcomer(serial).typed.items():
        go_to(page, page.locator(f'[name="{name}"]'))
        page.keyboard.type(words)
    kind = page.locator('[name="kind"]')
    page.evaluate("document.activeElement.blur()")
    page.get_by_role("heading", name="填写帐号信息").click()
    choose_option(page, kind, "111")
    go_to(page, page.locator('[name="commitment"]'))
    page.keyboard.press("Space")
    expect(page.locator(".human [role=status]")).to_have_text("安全确认已完成。")
    press_next(page)

    go_to(page, page.get_by_label(SYSTEM))
    page.keyboard.press("Space")
    press_next(page)
    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()


def register(page: Page, person: Newcomer) -> None:
    """All four steps from the portal's home; a mistake in the second loses nothing but the passwords."""
    page.goto(HERE)
    page.get_by_role("link", name="个人用户注册").first.click()
    press(page, "下一步")
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator('[name="agree"]').check()
    press(page, "下一步")

    type_account(page, person.typed | {"number": person.typed["number"][:-1] + "A"})
    expect(page.get_by_role("alert")).to_contain_text("证件号码")
    expect(page.locator('[name="name"]')).to_have_value(person.typed["name"])
    expect(page.locator('[name="commitment"]')).to_be_checked()
    type_account(page, {name: person.typed[name] for name in ("password1", "password2", "number")})

    expect(page.get_by_role("heading", name="申请应用系统")).to_be_visible()
    press(page, "下一步")
    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(person.login)


def type_account(page: Page, typed: dict[str, str]) -> None:
    """What is typed into 填写帐号信息, and 下一步."""
    for name, words in typed.items():
        page.locator(f'[name="{name}"]').fill(words)
    page.locator('[name="commitment"]').check()
    steps.answer_question(page)
    press(page, "下一步")


def enter_system(page: Page) -> None:
    """A system that was not added refuses with the way; added, it is entered in its own look."""
    page.goto(f"{HERE}applications/shijiazhuang/talent_green_card/")
    expect(page.get_by_role("alert")).to_contain_text(f"您还没有添加「{SYSTEM}」")
    page.get_by_role("main").get_by_role("button", name="添加应用").click()
    expect(page.get_by_role("main")).to_contain_text(f"已添加「{SYSTEM}」")
    page.goto(HERE)
    page.get_by_role("region", name="我的应用").get_by_role("link", name=SYSTEM).click()
    expect(page.get_by_role("heading", name="正在审批")).to_be_visible()
    page.get_by_role("link", name="返回门户").first.click()
    expect(page.get_by_role("heading", name="我的应用")).to_be_visible()


def ask(page: Page, words: str, folder: Path) -> str:
    """A question with a picture of the screen; its number."""
    scan = folder / "screen.jpg"
    scan.write_bytes(picture())
    page.get_by_label("系统故障").check()
    page.locator('[name="text"]').fill(words)
    page.locator('[name="file"]').set_input_files(scan)
    press(page, "提交")
    notice = page.get_by_role("status").filter(has_text="已提交，编号")
    expect(notice).to_be_visible()
    return notice.inner_text().removeprefix("已提交，编号 ").rstrip("。")


def answer(desk: Page, number: str) -> None:
    """Whoever answers finds the question, takes it and answers."""
    desk.goto("/desk/support/?place=guangzhou")
    desk.get_by_role("link", name=number).click()
    press(desk, "领取")
    desk.locator('[name="text"]').fill("请换一个浏览器再试。")
    press(desk, "发送答复")
    expect(desk.get_by_role("status").first).to_contain_text(number)


def press_next(page: Page) -> None:
    """Tab to 下一步 and press it."""
    go_to(page, page.get_by_role("main").get_by_role("button", name="下一步"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
