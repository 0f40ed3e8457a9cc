"""Somebody's employer is not in the directory: looked for, asked for, reviewed, found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from prove.live.people import picture
from prove.live.visitor import Officer, Visitor
from prove.live.waiting import until

from tests.journey import steps
from tests.journey.browsing import press
from tests.journey.conftest import Open
from yincai.foundation.identifiers import IdentifierError, check_uscc

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
REVIEWER = "shuju_chen"
HERE = "/place/guangzhou/organisations/"


@pytest.mark.parametrize(
    ("scripts", "name", "initials"),
    [(True, "海豚玩具有限公司", "htwjyxgs"), (False, "鲸鱼灯具有限公司", "jydjyxgs")],
    ids=["scripts", "plain"],
)
def test_employer_is_asked_for_reviewed_and_found(
    window: Open,
    officers: Callable[[str], Officer],
    resident: Visitor,
    serial: int,
    tmp_path: Path,
    scripts: bool,
    name: str,
    initials: str,
) -> None:
    scan = tmp_path / "licence.jpg"
    scan.write_bytes(picture())
    page = steps.lend_session(resident, window(scripts=scripts))
    page.goto(HERE)
    page.locator("#q").fill(name)
    press(page, "查询")
    expect(page.get_by_role("main")).to_contain_text("无符合条件的记录")
    page.get_by_role("link", name="添加企业").first.click()
    expect(page.get_by_role("heading", name="添加企业")).to_be_visible()

    number = ask_for(page, name, serial, scan)

    desk = steps.lend_session(officers(REVIEWER), window(scripts=scripts))
    review(desk, number)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("已通过")
    page.goto(f"{HERE}?q={initials}")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("由白云区人力资源和社会保障局审核")
    until(lambda: is_told(page, number), "the inbox tells that the request was approved")


def ask_for(page: Page, name: str, serial: int, scan: Path) -> str:
    """Fill the form, first without its file; the number of the request."""
    page.locator("#f-name").fill(name)
    page.locator("#f-uscc").fill(uscc(serial))
    page.locator("#f-kind").select_option(label="企业")
    page.locator("#f-address").fill("白云区示例路 1 号")
    page.locator("#f-district").select_option(label="白云区")
    page.locator("#f-person").fill("周小舟")
    page.locator("#f-phone").fill("13800000009")
    press(page, "提交")
    expect(page.get_by_role("alert")).to_contain_text("请上传营业执照")
    page.locator("#f-file").set_input_files(scan)
    press(page, "提交")
    notice = page.get_by_role("status").filter(has_text="已提交，编号")
    expect(notice).to_be_visible()
    return notice.inner_text().removeprefix("已提交，编号 ").rstrip("。")


def review(desk: Page, number: str) -> None:
    """Open the request from the list, look at its file, approve it."""
    desk.goto("/desk/directory/?place=guangzhou")
    desk.get_by_role("link", name=number).click()
    expect(desk.get_by_role("heading", name=number)).to_be_visible()
    until(lambda: is_drawn(desk), "the reader has looked at the file")
    press(desk, "通过")
    expect(desk.get_by_role("status")).to_contain_text(f"{number} 已办结：通过")


def is_drawn(desk: Page) -> bool:
    """Whether the file's page is there; looks anew when it is not."""
    if desk.locator("figure img").count():
        return True
    desk.reload()
    return bool(desk.locator("figure img").count())


def is_told(page: Page, number: str) -> bool:
    """Whether the inbox speaks of the request."""
    page.goto("/my/inbox/")
    return number in page.get_by_role("main").inner_text()


def uscc(serial: int) -> str:
    """A code that nobody has, with its right check character."""
    body = f"91440111MA7X{serial:05}"
    for last in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        try:
            return check_uscc(body + last)
        except IdentifierError:
            continue
    raise AssertionError(body)
