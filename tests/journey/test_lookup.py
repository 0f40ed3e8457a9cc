"""The employer's name: completed while typing, by keyboard and by finger; looked for without scripts."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from prove.live.visitor import Visitor

from tests.journey import steps
from tests.journey.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PHARMACY = "石家庄示例药业股份有限公司"
STANDING = re.compile("已在单位库中，统一社会信用代码 91130109MA0X000")


def employer(resident: Visitor, window: Open, **more: object) -> Page:
    """The page of the employer of a fresh draft."""
    page = steps.lend_session(resident, window(**more))
    page.goto(f"/my/cases/{resident.open_draft()}/form/employer/")
    return page


def test_name_is_completed_by_keyboard_and_saved(window: Open, resident: Visitor) -> None:
    page = employer(resident, window)
    page.set_viewport_size({"width": 320, "height": 700})
    name = page.get_by_role("combobox", name="全称")
    lines = page.get_by_role("listbox", name="单位库里的名称").get_by_role("option")

    name.press_sequentially("示例药", delay=20)
    expect(lines).to_have_count(1)
    expect(name).to_have_attribute("aria-expanded", "true")
    assert Axe().run(page).response["violations"] == []
    name.press("Escape")
    expect(name).to_have_attribute("aria-expanded", "false")
    expect(name).to_have_value("示例药")
    name.press("ArrowDown")
    expect(lines.first).to_have_attribute("aria-selected", "true")
    expect(name).to_have_attribute("aria-activedescendant", re.compile("lookup-"))
    with page.expect_response(lambda one: PHARMACY.encode() in (one.request.post_data_buffer or b"")):
        name.press("Enter")

    expect(name).to_have_value(PHARMACY)
    expect(name).to_be_focused()
    expect(page.locator("#f-employer_name-standing")).to_have_text(STANDING)
    expect(page.locator("[data-save-state]")).to_have_text(steps.SAVED)
    page.reload()
    expect(page.locator('[name="employer_name"]')).to_have_value(PHARMACY)
    expect(page.locator("#f-employer_name-standing")).to_have_text(STANDING)


def test_name_is_chosen_by_finger_or_typed_freely(window: Open, resident: Visitor) -> None:
    page = employer(resident, window, has_touch=True, is_mobile=True)
    name = page.get_by_role("combobox", name="全称")

    name.press_sequentially("slyy", delay=20)
    page.get_by_role("option", name=PHARMACY).tap()
    expect(name).to_have_value(PHARMACY)
    expect(page.get_by_role("button", name="添加企业")).to_be_hidden()

    name.fill("海豚玩具有限公司")
    expect(page.locator("#f-employer_name-standing")).to_have_text("单位库里没有完全相同的名称")
    page.get_by_role("button", name="添加企业").tap()
    expect(page.get_by_label("单位名称")).to_have_value("海豚玩具有限公司")
    page.get_by_role("link", name="返回申请表").tap()
    expect(page.locator('[name="employer_name"]')).to_have_value("海豚玩具有限公司")


def test_name_is_looked_for_without_scripts(window: Open, resident: Visitor) -> None:
    page = employer(resident, window, scripts=False)
    page.locator('[name="employer_contact"]').fill("李四")
    page.locator('[name="employer_name"]').fill("药业")

    page.get_by_role("button", name="在单位库中查找").click()
    expect(page.get_by_role("heading", name="查找单位")).to_be_visible()
    page.get_by_role("button", name=PHARMACY).click()

    expect(page).to_have_url(re.compile("/form/employer/#f-employer_name$"))
    expect(page.locator('[name="employer_name"]')).to_have_value(PHARMACY)
    expect(page.locator('[name="employer_contact"]')).to_have_value("李四")
    expect(page.locator("#f-employer_name-standing")).to_have_text(STANDING)
