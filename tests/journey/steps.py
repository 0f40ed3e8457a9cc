"""What applicants and officers do in a browser, page by page."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect
from prove.live.people import MEMBER, SLOTS, Posted, application
from prove.live.platform import DemoPerson, Platform
from prove.live.visitor import PASSWORD, REFERENCE, Visitor, code_on_phone
from prove.live.waiting import until

from tests import checks
from tests.journey.browsing import PATIENCE_MS, press

expect.set_options(timeout=PATIENCE_MS)
SAVED = re.compile(r"已保存 \d\d:\d\d")


def lend_session(visitor: Visitor, context: BrowserContext) -> Page:
    """A page in this browser, signed in as the visitor."""
    cookies = [
        {"name": one.name, "value": one.value or "", "url": visitor.address}
        for one in visitor.client.cookies.jar
        if one.name == "session"
    ]
    context.add_cookies(cookies)  # type: ignore[arg-type]  # its own TypedDict
    return context.new_page()


def register(page: Page, username: str, *, phone: str) -> None:
    """From the home page to 注册成功."""
    page.goto("/")
    page.get_by_role("link", name="立即注册").first.click()
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("确认密码").fill(PASSWORD)
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("电子邮箱").fill(f"{username}@example.org")
    answer_question(page)
    press(page, "立即注册")
    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()


def answer_question(page: Page) -> None:
    """The question of the human check, where no script took it away."""
    page.wait_for_load_state("load")
    box = page.get_by_label(re.compile("^验证问题"))
    if box.is_visible():
        asked = page.locator("label", has_text="验证问题").inner_text().removeprefix("验证问题：")
        box.fill(checks.answered(asked))


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """From the page that asks for it."""
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    press(page, "登录")


def open_draft(page: Page) -> str:
    """From 我的申请 to the first section; the case's id."""
    page.goto("/my/apply/")
    press(page, "申请A卡")
    expect(page.get_by_role("heading", name="个人基本信息", level=1)).to_be_visible()
    found = re.search(r"/cases/([0-9a-f-]{36})/form/person/", page.url)
    assert found
    return found[1]


def fill_section(page: Page, posted: Posted, *, scripts: bool = True) -> None:
    """Type and choose what is posted, in inputs that are there."""
    for name, (value,) in posted.items():
        fill_field(page, name, value, scripts=scripts)


def fill_field(page: Page, name: str, value: str, *, scripts: bool = True) -> None:
    """Fill one input of whatever kind."""
    found = page.locator(f'[name="{name}"]')
    if found.count() == 0 or found.first.get_attribute("type") == "hidden":
        return
    if scripts and page.locator(f'[data-rich] [name="{name}"]').count():
        found = editor(page, name)
    if page.locator(f'select[name="{name}"]').count():
        found.select_option(value)
    elif found.first.get_attribute("type") == "radio":
        page.locator(f'[name="{name}"][value="{value}"]').check()
    else:
        found.fill(value)


def editor(page: Page, name: str) -> Locator:
    """The editor that stands in the place of a long text's box."""
    return page.locator(f'[data-rich]:has([name="{name}"]) [contenteditable]')


def fill_form(page: Page, serial: int, *, scripts: bool = True) -> None:
    """All sections, each saved as it is typed where scripts run, then by 保存下一步."""
    for section, posted in application(serial).items():
        expect(page).to_have_url(re.compile(f"/form/{section}/"))
        if section == "household":
            add_member(page)
        fill_section(page, posted, scripts=scripts)
        if scripts:
            expect(page.locator("[data-save-state]")).to_have_text(SAVED)
            answer_what_appeared(page, posted)
        next_section(page)
        if f"/form/{section}/" in page.url:  # an answer made another question appear
            fill_section(page, posted, scripts=scripts)
            next_section(page)


def answer_what_appeared(page: Page, posted: Posted) -> None:
    """An answer can make a question appear while the section is saved as it is typed: answer that too."""
    for name, (value,) in posted.items():
        field = page.locator(f'[name="{name}"]')
        expect(field).not_to_have_count(0)
        if (
            field.first.get_attribute("type") == "radio"
            and not page.locator(f'[name="{name}"]:checked').count()
        ):
            fill_field(page, name, value)


def next_section(page: Page) -> None:
    """保存下一步."""
    button = page.locator("main form[data-autosave]").get_by_role("button", name="保存下一步").last
    with page.expect_navigation():
        button.click()


def add_member(page: Page) -> None:
    """One line in the table of household members."""
    page.get_by_role("button", name=re.compile("^添加")).click()
    rows = page.locator('[name="family._ids"]')
    expect(rows).to_have_count(1)
    for name, value in MEMBER.items():
        fill_field(page, f"family.{rows.first.input_value()}.{name}", value)


def upload(page: Page, slot: str, file: Path, *, scripts: bool = True) -> None:
    """One file under a slot; scripts send it as soon as it is chosen, without them the button does."""
    row = page.locator(f"#slot-{slot}")
    row.locator("input[type=file]").set_input_files(file)
    if not scripts:
        row.get_by_role("button", name=re.compile("^上传")).click()
    expect(row).to_contain_text("已上传1份")
    wait_for_the_reader(page, slot, scripts=scripts)
    assert "不能使用" not in row.inner_text()


def wait_for_the_reader(page: Page, slot: str, *, scripts: bool = True) -> None:
    """Until the file is checked; the page asks by itself, without scripts a person loads it again."""
    waiting = page.locator(f"#slot-{slot}").get_by_text("检查中")

    def is_checked() -> bool:
        if not scripts and waiting.count():
            page.reload()
        return waiting.count() == 0

    until(is_checked, f"{slot} is checked")


def hand_in(page: Page, serial: int, scan: Path, *, scripts: bool = True) -> str:
    """From the first section to the receipt, with a file under every slot; its number."""
    fill_form(page, serial, scripts=scripts)
    for slot in SLOTS:
        upload(page, slot, scan, scripts=scripts)
    return submit(page)


def submit(page: Page) -> str:
    """From the table of materials to the receipt; its number."""
    page.get_by_role("link", name="下一步").click()
    page.locator("#declaration").check()
    press(page, "提交申请")
    return read_receipt(page)


def read_receipt(page: Page) -> str:
    """The number on the page 完成."""
    expect(page).to_have_url(re.compile("/done/"))
    found = REFERENCE.search(page.get_by_role("main").inner_text())
    assert found
    return found[0]


def open_case(page: Page, reference: str) -> None:
    """From the queue by number to the case."""
    page.goto("/desk/")
    page.get_by_label("受理编号").fill(reference)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)


def claim(page: Page, reference: str) -> None:
    """领取."""
    open_case(page, reference)
    press(page, "领取")
    expect(page.get_by_role("main")).to_contain_text("您已领取")


def take(page: Page, title: str, **words: str) -> None:
    """One step with what it needs; the page after it says what was done."""
    form = page.locator("main form").filter(has=page.get_by_role("button", name=title, exact=True))
    for name, value in words.items():
        field = form.locator(f'[name="{name}"]')
        if field.get_attribute("type") == "checkbox":
            field.check()
        else:
            field.fill(value)
    form.get_by_role("button", name=title, exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(f"已办理：{title}。")


def sign_in_at_desk(page: Page, platform: Platform, person: DemoPerson) -> Page:
    """Name and password, then the code that the phone shows."""
    page.goto("/desk/")
    sign_in(page, person.username, person.password)
    enter_code(page, code_on_phone(platform, person))
    if page.get_by_text("验证码不正确或已经用过").count():  # signed in moments ago: a code counts once
        used = code_on_phone(platform, person)
        until(lambda: code_on_phone(platform, person) != used, "the phone shows a new code")
        enter_code(page, code_on_phone(platform, person))
    expect(page.get_by_role("heading", name="待办", level=1)).to_be_visible()
    return page


def enter_code(page: Page, code: str) -> None:
    """The second factor, and the page after it."""
    page.locator('[name="code"]').fill(code)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()


def download_card(page: Page, case: str) -> bytes:
    """The card as its holder gets it, once the signer has sealed it."""

    def is_there() -> bool:
        page.goto(f"/my/cases/{case}/")
        return page.get_by_role("link", name=re.compile("下载电子卡")).count() == 1

    until(is_there, "the card is sealed", limit=240)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("下载电子卡")).click()
    return Path(waiting.value.path()).read_bytes()
