"""A whole application without a mouse: everything is reached with Tab, in an order that makes sense."""

from __future__ import annotations

import re
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from prove.live.people import SLOTS, application, picture
from prove.live.visitor import Visitor
from prove.live.waiting import until

from tests.journey import steps
from tests.journey.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FAR = 150
"""More presses of Tab than any page needs."""


def test_application_is_filled_uploaded_and_submitted_by_keyboard_alone(
    window: Open, resident: Visitor, serial: int, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture())
    case = resident.open_draft()
    page = steps.lend_session(resident, window())
    page.on("filechooser", lambda _: None)  # choosers are caught from now on, not from a moment after a key
    page.goto(f"/my/cases/{case}/form/person/")
    for section, posted in application(serial).items():
        expect(page).to_have_url(re.compile(f"/form/{section}/"))
        type_section(page, {name: value for name, (value,) in posted.items()})
    expect(page).to_have_url(re.compile("/materials/"))
    for slot, key in zip(SLOTS, cycle(("Enter", "Space")), strict=False):
        choose_file(page, slot, scan, key=key)
    go_to(page, page.get_by_role("link", name="下一步", exact=True))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go_to(page, page.locator("#declaration"))
    page.keyboard.press("Space")
    go_to(page, page.get_by_role("button", name="提交申请"))
    page.keyboard.press("Enter")
    assert steps.read_receipt(page)


def test_first_tab_leads_past_the_menus(window: Open) -> None:
    page = window().new_page()
    page.goto("/help/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("main")).to_be_focused()


def type_section(page: Page, answers: dict[str, str]) -> None:
    """Fill one section from top to bottom and press 保存下一步; once more when new questions appear."""
    address = page.url
    for name in answers:
        type_field(page, name, answers[name])
    press_next(page)
    if page.url.split("#")[0] == address.split("#")[0]:
        for name in answers:
            type_field(page, name, answers[name])
        press_next(page)


def type_field(page: Page, name: str, value: str) -> None:
    """Fill one input with the keys that its kind takes."""
    field = page.locator(f'[name="{name}"]')
    if not field.count() or field.first.get_attribute("type") == "hidden":
        return
    kind = field.first.get_attribute("type")
    if kind == "radio":
        choose_radio(page, field, value)
    elif page.locator(f'select[name="{name}"]').count():
        choose_option(page, field, value)
    elif kind == "date":
        type_date(page, field, value)
    else:
        if page.locator(f'[data-rich] [name="{name}"]').count():
            field = steps.editor(page, name)
            field.wait_for()
        go_to(page, field)
        page.keyboard.press("Control+a")
        page.keyboard.type(value)


def type_date(page: Page, field: Locator, value: str) -> None:
    """Digits only; whether the year comes first or last is the browser's own language."""
    year, month, day = value.split("-")
    go_to(page, field)
    for parts in ((year, "", month, day), (month, day, year)):
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
        for part in parts:
            if part:
                page.keyboard.type(part)
            else:
                page.keyboard.press("ArrowRight")
        if field.input_value() == value:
            return
    expect(field).to_have_value(value)


def choose_radio(page: Page, group: Locator, value: str) -> None:
    """Tab into the group, then arrows until the choice is made."""
    wanted = group.and_(page.locator(f'[value="{value}"]'))
    if wanted.is_checked():
        return
    go_to(page, group)
    page.keyboard.press("Space")
    for _ in range(group.count()):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()


def choose_option(page: Page, select: Locator, value: str) -> None:
    """Arrows until the option is chosen."""
    go_to(page, select)
    for _ in range(select.locator("option").count()):
        if select.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    expect(select).to_have_value(value)


def choose_file(page: Page, slot: str, file: Path, *, key: str) -> None:
    """Enter or the space bar on the input of a slot opens the system's dialogue, which gives a file.

    Chromium opens it for both, in a form or outside one, and Enter there submits nothing.  Enter does it as
    the key goes down, the space bar as it comes up: a test that asks for choosers together with the key may
    be too late for Enter.
    """
    row = page.locator(f"#slot-{slot}")
    steps.wait_for_the_reader(page, slot)
    go_to(page, row.locator("input[type=file]"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press(key)
    chooser.value.set_files(file)
    expect(row).to_contain_text("已上传1份")


def press_next(page: Page) -> None:
    """Tab to 保存下一步 and press it."""
    button = page.locator("form[data-autosave]").get_by_role("button", name="保存下一步").last
    go_to(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until one of the targets has the focus, and see it there."""
    for _ in range(FAR):
        if target.evaluate_all("found => found.includes(document.activeElement)"):
            until(lambda: page.evaluate(IN_SIGHT), f"the focus is in sight on {target}", limit=10)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")


IN_SIGHT = """() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]];
  return points.some(([right, down]) => {
    const top = document.elementFromPoint(box.left + box.width * right, box.top + box.height * down);
    return top !== null && [one, ...(one.labels || [])].some((each) => each.contains(top));
  });
}"""
"""Whether some of the focused control can be seen: scrolled to, and not under something that stays put."""
