"""材料补正 from the ticks of an officer to the second receipt: by keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from prove.live.people import picture
from prove.live.visitor import WINDOW, Officer, Visitor

from tests.journey import steps
from tests.journey.browsing import press
from tests.journey.conftest import Open
from tests.journey.test_keyboard import go_to, press_next, type_field

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def handed_in(resident: Visitor, page: Page, serial: int, scan: Path) -> tuple[str, str]:
    """A case handed in by its resident: its id and its number."""
    case = resident.open_draft()
    page.goto(f"/my/cases/{case}/form/person/")
    return case, steps.hand_in(page, serial, scan, scripts=False)


def test_case_goes_back_and_forth_without_scripts(
    window: Open,
    resident: Visitor,
    officers: Callable[[str], Officer],
    serial: int,
    tmp_path: Path,
) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture())
    page = steps.lend_session(resident, window(scripts=False))
    case, reference = handed_in(resident, page, serial, scan)
    desk = steps.lend_session(officers(WINDOW), window(scripts=False))
    steps.claim(desk, reference)
    tick(desk, "name_en", "differs_from_document", "护照上是 ZHANG")
    press(desk, "退回补正")
    expect(desk.get_by_role("heading", name="待办", level=1)).to_be_visible()

    page.goto("/my/corrections/")
    page.get_by_role("link", name="去补正").click()
    expect(page.get_by_role("main")).to_contain_text("护照上是 ZHANG")
    page.get_by_role("link", name="开始补正").click()
    expect(page.locator("main form[data-autosave] input:visible")).to_have_count(1)
    page.locator('[name="name_en"]').fill("ZHANG San")
    steps.next_section(page)
    page.get_by_role("link", name="下一步").click()
    expect(page.get_by_role("main")).to_contain_text("ZHANG San")
    page.locator("#declaration").check()
    press(page, "再次提交")

    assert steps.read_receipt(page) == reference
    steps.open_case(desk, reference)
    expect(desk.get_by_role("main")).to_contain_text("第1次补正改动了什么")
    expect(desk.get_by_role("main")).to_contain_text("ZHANG San")


def test_correction_is_answered_by_keyboard_alone(
    window: Open,
    resident: Visitor,
    officers: Callable[[str], Officer],
    serial: int,
    tmp_path: Path,
) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture())
    _, reference = handed_in(resident, steps.lend_session(resident, window(scripts=False)), serial, scan)
    desk = steps.lend_session(officers(WINDOW), window())
    steps.claim(desk, reference)
    go_to(desk, desk.locator('details:has([value="name_en"]) > summary'))
    desk.keyboard.press("Enter")
    go_to(desk, desk.locator('[name="pin"][value="name_en"]'))
    desk.keyboard.press("Space")
    go_to(desk, desk.locator('[name="pin-reason.name_en"]'))
    desk.keyboard.press("ArrowDown")
    go_to(desk, desk.get_by_role("button", name="退回补正", exact=True))
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="待办", level=1)).to_be_visible()

    page = steps.lend_session(resident, window())
    page.goto("/my/corrections/")
    for link in ("去补正", "开始补正"):
        go_to(page, page.get_by_role("link", name=link))
        with page.expect_navigation():
            page.keyboard.press("Enter")
    type_field(page, "name_en", "ZHANG San")
    press_next(page)
    go_to(page, page.get_by_role("link", name="下一步", exact=True))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go_to(page, page.locator("#declaration"))
    page.keyboard.press("Space")
    go_to(page, page.get_by_role("button", name="再次提交"))
    page.keyboard.press("Enter")

    assert steps.read_receipt(page) == reference


def tick(desk: Page, path: str, reason: str, note: str) -> None:
    """Open the pin beside an answer, tick it, say why."""
    pin = desk.locator(f'details:has([name="pin"][value="{path}"])')
    pin.locator("summary").click()
    pin.get_by_role("checkbox").check()
    pin.get_by_label("原因").select_option(reason)
    pin.get_by_label("说明").fill(note)
