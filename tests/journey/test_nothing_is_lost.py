"""Two devices, impatient fingers, sessions that end, faster colleagues: nothing is lost or done twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect
from prove.live.people import SLOTS, picture
from prove.live.platform import Platform
from prove.live.visitor import COLLEAGUE, PASSWORD, WINDOW, Officer, Visitor
from prove.live.waiting import until

from tests.journey import steps
from tests.journey.browsing import press
from tests.journey.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_two_devices_that_change_one_field_are_both_shown(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    phone = steps.lend_session(resident, window(scripts=False))
    laptop = steps.lend_session(resident, window(scripts=False))
    for page in (phone, laptop):
        page.goto(f"/my/cases/{case}/form/employer/")
    phone.locator('[name="employer_name"]').fill("手机上填的公司")
    press(phone, "保存")
    expect(phone.get_by_role("main")).to_contain_text("已保存")

    laptop.locator('[name="employer_name"]').fill("电脑上填的公司")
    laptop.locator('[name="employer_contact"]').fill("李四")
    press(laptop, "保存")

    expect(laptop.locator('[name="employer_name"]')).to_have_value("电脑上填的公司")
    expect(laptop.get_by_role("main")).to_contain_text("手机上填的公司")
    expect(laptop.locator('[name="employer_contact"]')).to_have_value("李四")
    press(laptop, "保存")
    expect(laptop.get_by_role("main")).to_contain_text("已保存")
    phone.reload()
    expect(phone.locator('[name="employer_name"]')).to_have_value("电脑上填的公司")
    expect(phone.locator('[name="employer_contact"]')).to_have_value("李四")


def test_two_devices_that_change_different_fields_are_joined(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    phone = steps.lend_session(resident, window())
    laptop = steps.lend_session(resident, window())
    for page in (phone, laptop):
        page.goto(f"/my/cases/{case}/form/employer/")

    phone.locator('[name="employer_name"]').fill("示例公司")
    expect(phone.locator("[data-save-state]")).to_have_text(steps.SAVED)
    laptop.locator('[name="employer_contact"]').fill("李四")
    expect(laptop.locator("[data-save-state]")).to_have_text(steps.SAVED)

    phone.reload()
    expect(phone.locator('[name="employer_name"]')).to_have_value("示例公司")
    expect(phone.locator('[name="employer_contact"]')).to_have_value("李四")


def test_autosave_tells_of_the_other_device(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    page = steps.lend_session(resident, window())
    page.goto(f"/my/cases/{case}/form/employer/")
    resident.save(case, "employer", {"employer_name": ["另一台设备"]})

    page.locator('[name="employer_name"]').fill("这一台设备")

    expect(page.locator("[data-save-state]")).to_contain_text("另一台设备")
    expect(page.locator('[name="employer_name"]')).to_have_value("这一台设备")


def test_device_that_types_on_keeps_what_the_other_saved_meanwhile(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    phone, laptop = (steps.lend_session(resident, window()) for _ in range(2))
    for page in (phone, laptop):
        page.goto(f"/my/cases/{case}/form/employer/")
    phone.locator('[name="employer_contact"]').fill("李四")
    expect(phone.locator("[data-save-state]")).to_have_text(steps.SAVED)

    held: list[Route] = []
    laptop.route(
        "**/form/employer/",
        lambda route: held.append(route) if is_autosave(route.request) and not held else route.continue_(),
    )
    with laptop.expect_request(is_autosave):
        laptop.locator('[name="employer_name"]').fill("示例")
    laptop.locator('[name="employer_name"]').fill("示例公司")
    held[
        0
    ].continue_()  # the answer comes while somebody types, so the page is drawn anew only after the next
    expect(laptop.locator('[name="employer_contact"]')).to_have_value("李四")

    phone.reload()
    expect(phone.locator('[name="employer_contact"]')).to_have_value("李四")
    expect(phone.locator('[name="employer_name"]')).to_have_value("示例公司")


def test_autosave_whose_answer_is_lost_is_no_other_device(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    page = steps.lend_session(resident, window(ours=False))  # Chromium logs the reset connection
    page.goto(f"/my/cases/{case}/form/employer/")
    page.route("**/form/employer/", lose_the_answer)
    page.locator('[name="employer_name"]').fill("第一次填的公司")
    expect(page.locator("[data-save-state]")).to_contain_text("暂时没有保存上")
    page.unroute("**/form/employer/")

    page.locator('[name="employer_name"]').fill("第二次填的公司")
    expect(page.locator("[data-save-state]")).to_have_text(steps.SAVED)
    page.reload()
    expect(page.locator('[name="employer_name"]')).to_have_value("第二次填的公司")


def test_saving_waits_for_the_autosave_on_its_way(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    page = steps.lend_session(resident, window())
    page.goto(f"/my/cases/{case}/form/employer/")
    held: list[Route] = []
    page.route(
        "**/form/employer/",
        lambda route: held.append(route) if is_autosave(route.request) else route.continue_(),
    )
    with page.expect_request(is_autosave):
        page.locator('[name="employer_name"]').fill("先填的公司")
    page.locator('[name="employer_name"]').fill("后填的公司")
    press(page, "保存")
    expect(page.locator("[data-save-state]")).to_have_text("正在保存")

    with page.expect_navigation():
        held[0].continue_()

    expect(page.locator('[name="employer_name"]')).to_have_value("后填的公司")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_page_left_while_it_is_typed_keeps_what_was_typed_last(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    page = steps.lend_session(resident, window())
    page.goto(f"/my/cases/{case}/form/employer/")
    left = page.locator('[name="_page"]').input_value()
    page.locator('[name="employer_name"]').fill("离开前填的公司")
    page.reload()
    expect(page.locator('[name="_before"]')).to_have_value(left)
    address = f"/my/cases/{case}/form/employer/"
    until(lambda: "离开前填的公司" in resident.get(address).text, "what was typed last is saved", limit=20)

    page.locator('[name="employer_contact"]').fill("王五")
    expect(page.locator("[data-save-state]")).to_have_text(steps.SAVED)
    page.locator('[name="employer_name"]').fill("回来后填的公司")
    expect(page.locator("[data-save-state]")).to_have_text(steps.SAVED)
    with page.expect_navigation():
        press(page, "保存")
    page.reload()

    expect(page.locator('[name="employer_name"]')).to_have_value("回来后填的公司")
    expect(page.locator('[name="employer_contact"]')).to_have_value("王五")


def test_form_drawn_anew_keeps_its_filter_and_the_words_in_it(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    page = steps.lend_session(resident, window())
    page.goto(f"/my/cases/{case}/form/person/")
    words = page.locator("#f-ethnic-filter")
    words.fill("满")
    resident.save(case, "person", {"name_en": ["Zhang San"]})

    page.locator('[name="name_zh"]').fill("张三")
    expect(page.locator('[name="name_en"]')).to_have_value("Zhang San")

    expect(page.locator('[name="name_zh"]')).to_be_focused()
    expect(words).to_have_value("满")
    expect(page.locator('[name="ethnic"] option')).to_have_text(["请选择", "满族"])
    words.fill("回")
    expect(page.locator('[name="ethnic"] option')).to_have_text(["请选择", "回族"])


def test_form_drawn_anew_leaves_the_focus_on_the_button_that_has_it(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    page = steps.lend_session(resident, window())
    page.goto(f"/my/cases/{case}/form/employer/")
    resident.save(case, "employer", {"employer_contact": ["李四"]})
    button = page.locator(".save-bar").get_by_role("button", name="保存下一步")

    page.locator('[name="employer_name"]').fill("示例公司")
    button.focus()
    expect(page.locator('[name="employer_contact"]')).to_have_value("李四")

    expect(button).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("signed_in_again", [False, True])
def test_upload_of_a_session_that_ended_says_so_and_goes_through_after_signing_in(
    window: Open, resident: Visitor, serial: int, tmp_path: Path, signed_in_again: bool
) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture())
    case = resident.open_draft()
    context = window()
    page = steps.lend_session(resident, context)
    page.goto(f"/my/cases/{case}/materials/")
    row = page.locator(f"#slot-{SLOTS[0]}")
    context.clear_cookies(name="session")
    if not signed_in_again:
        row.locator("input[type=file]").set_input_files(scan)
        expect(row.locator("[data-upload-state]")).to_contain_text("登录已结束，文件还没有传上去，仍在这里")
        with context.expect_page() as opened:
            row.get_by_role("link", name="重新登录").click()
        other = opened.value
    else:
        other = context.new_page()
        other.goto("/account/login/")
    steps.sign_in(other, f"resident_{serial}", PASSWORD)
    other.wait_for_url(re.compile("/my/"))

    if signed_in_again:
        row.locator("input[type=file]").set_input_files(scan)
    else:
        row.get_by_role("button", name=re.compile("^上传")).click()

    expect(row).to_contain_text("已上传1份")


def is_autosave(request: Request) -> bool:
    """Whether the script saves, not the button."""
    return "x-autosave" in request.headers


def lose_the_answer(route: Route) -> None:
    """The request arrives, its answer does not."""
    route.fetch()
    route.abort("connectionreset")


def test_double_click_and_back_button_submit_once(
    platform: Platform, window: Open, resident: Visitor, serial: int
) -> None:
    case = resident.prepare(serial)
    page = steps.lend_session(resident, window())
    page.goto(f"/my/cases/{case}/check/")
    page.locator("#declaration").check()
    page.get_by_role("button", name="提交申请").dblclick()
    reference = steps.read_receipt(page)

    page.go_back()
    again = page.get_by_role("button", name="提交申请")
    if again.count():  # the browser showed the page that it kept
        page.locator("#declaration").check()
        with page.expect_navigation():
            again.click()
    page.goto(f"/my/cases/{case}/check/")

    assert steps.read_receipt(page) == reference
    numbers = platform.rows("SELECT count(*) FROM casework_case WHERE reference = %s", reference)
    assert numbers == [(1,)]
    steps_taken = platform.rows("SELECT count(*) FROM casework_step WHERE case_id = %s", case)
    assert steps_taken == [(1,)]


@pytest.mark.parametrize("scripts", [True, False])
def test_session_that_ends_gives_back_what_was_typed(
    window: Open, resident: Visitor, serial: int, scripts: bool
) -> None:
    case = resident.open_draft()
    context = window(scripts=scripts)
    page = steps.lend_session(resident, context)
    page.goto(f"/my/cases/{case}/form/employer/")
    context.clear_cookies(name="session")

    page.locator('[name="employer_name"]').fill("会话结束前填的公司")
    press(page, "保存")
    assert_kept(page, "会话结束前填的公司")
    with context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("登录")).last.click()
    steps.sign_in(opened.value, f"resident_{serial}", PASSWORD)
    opened.value.wait_for_url(re.compile("/my/"))
    send_again(page)

    page.goto(f"/my/cases/{case}/form/employer/")
    expect(page.locator('[name="employer_name"]')).to_have_value("会话结束前填的公司")


def test_session_that_ends_under_autosave_is_told_and_kept(window: Open, resident: Visitor) -> None:
    case = resident.open_draft()
    context = window()
    page = steps.lend_session(resident, context)
    page.goto(f"/my/cases/{case}/form/employer/")
    context.clear_cookies(name="session")

    page.locator('[name="employer_name"]').fill("会话结束前填的公司")
    expect(page.locator("[data-save-state]")).to_contain_text("登录已结束")
    press(page, "保存")

    assert_kept(page, "会话结束前填的公司")
    expect(page.locator("input[type=hidden][name=_page]")).to_have_count(1)


def assert_kept(page: Page, words: str) -> None:
    expect(page.get_by_role("main")).to_contain_text("内容仍保留在本页")
    expect(page.locator(f'input[type=hidden][value="{words}"]')).to_have_count(1)


def send_again(page: Page) -> None:
    """One press sends what the page kept, though the new session has a form token of its own."""
    with page.expect_navigation():
        page.get_by_role("button", name="再次提交").click()
    expect(page.get_by_role("button", name="再次提交")).to_have_count(0)


def test_case_that_a_colleague_holds_can_be_read_but_not_decided(
    window: Open,
    officers: Callable[[str], Officer],
    resident: Visitor,
    serial: int,
) -> None:
    reference = resident.submit(resident.prepare(serial))
    mine = steps.lend_session(officers(WINDOW), window())
    steps.open_case(mine, reference)
    colleague = steps.lend_session(officers(COLLEAGUE), window())
    steps.claim(colleague, reference)

    press(mine, "领取")
    expect(mine.get_by_role("main")).to_contain_text("另一位同事领取")
    steps.open_case(mine, reference)

    expect(mine.get_by_role("main")).to_contain_text("同事正在办理")
    expect(mine.get_by_role("button", name="预审通过")).to_have_count(0)
    press(colleague, "退回队列")
    steps.claim(mine, reference)
