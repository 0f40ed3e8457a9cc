"""A long text with formatting, from the applicant's editor through a save without scripts to the officer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from prove.live.visitor import WINDOW, Officer, Visitor
from prove.live.waiting import until

from tests.journey import steps
from tests.journey.browsing import press
from tests.journey.conftest import Open
from tests.look.test_rich_editor import HOSTILE, PASTE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FIRST_WEIGHT = """() => performance.getEntriesByType('resource')
  .filter(one => /\\.(css|js)$/.test(one.name.split('?')[0]) && !/rich|editor/.test(one.name))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
BUDGET = 60_000


def test_formatting_reaches_the_officer_and_survives_a_device_without_scripts(
    window: Open, officers: Callable[[str], Officer], resident: Visitor, serial: int
) -> None:
    case = resident.prepare(serial)
    address = f"/my/cases/{case}/form/experience/"
    page = steps.lend_session(resident, window())
    page.goto(address)
    write_everything(page)
    until(lambda: "年份" in resident.get(address).text, "the last word is stored")
    assert page.evaluate(FIRST_WEIGHT) < BUDGET

    plain = steps.lend_session(resident, window(scripts=False))
    plain.goto(address)
    box = plain.locator('textarea[name="history"]')
    expect(plain.locator(".rich-preview")).to_contain_text("主持课题")
    stored = box.input_value()
    assert_clean(stored)
    box.fill(f"先补一行\n{stored}")
    press(plain, "保存")
    expect(box).to_have_value(f"<p>先补一行</p>\n{stored}")
    expect(plain.locator('textarea[name="achievements"]')).to_have_value("省部级科技进步一等奖。")

    page.goto(address)
    assert_formatted(steps.editor(page, "history").inner_html())
    reference = resident.submit(case)
    desk = steps.lend_session(officers(WINDOW), window())
    steps.open_case(desk, reference)
    shown = desk.locator("#answer-history dd")
    expect(shown.locator("p").first).to_have_text("先补一行")
    assert_formatted(shown.inner_html())
    assert_clean(shown.inner_html())


def write_everything(page: Page) -> None:
    """Bold, a list, a link, a table and something hostile from the clipboard."""
    text = steps.editor(page, "history")
    bar = page.get_by_role("toolbar", name="国内外学习工作经历：格式")
    text.fill("")
    text.evaluate(PASTE, HOSTILE)
    text.press("ControlOrMeta+End")
    text.press("Enter")
    bar.get_by_role("button", name="加粗", exact=True).click()
    page.keyboard.type("2008 年")
    text.press("Enter")
    bar.get_by_role("button", name="项目符号", exact=True).click()
    page.keyboard.type("主持课题")
    text.press("Enter")
    text.press("Enter")
    bar.get_by_role("button", name="链接", exact=True).click()
    page.get_by_label("链接地址").fill("https://example.com/home")
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    text.press("Enter")
    bar.get_by_role("button", name="表格", exact=True).click()
    page.keyboard.type("年份")


def assert_formatted(html: str) -> None:
    for part in (
        "<strong>2008 年</strong>",
        "<ul>",
        "主持课题",
        'href="https://example.com/home"',
        "<th",
        "年份",
    ):
        assert part in html, part


def assert_clean(html: str) -> None:
    for part in ("script", "style", "onclick", "onerror", "javascript", "<img", "<iframe", "<svg", "target"):
        assert part not in html.lower(), part
    assert "重点" in html
