"""A photo framed, a scan kept and used again from the library: with scripts and keys, and without scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from prove.live.people import picture
from prove.live.visitor import Visitor
from prove.live.waiting import until

from tests.journey import steps
from tests.journey.browsing import press
from tests.journey.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_photo_is_framed_and_a_scan_is_used_again(
    window: Open, resident: Visitor, tmp_path: Path, scripts: bool
) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(picture())
    page = steps.lend_session(resident, window(scripts=scripts))
    case = steps.open_draft(page)
    page.goto(f"/my/cases/{case}/materials/")
    page.locator("#keep").check()
    steps.upload(page, "identity_copy", scan, scripts=scripts)
    page.locator("#keep").uncheck()
    steps.upload(page, "photo", scan, scripts=scripts)

    frame_photo(page, scripts=scripts)

    wait_for_the_library(page)
    page.goto(f"/my/cases/{case}/materials/")
    row = page.locator("#slot-identity_copy")
    row.get_by_role("button", name=re.compile("^删除")).click()
    row.locator(".offers summary").click()
    row.get_by_role("button", name=re.compile("^选用")).click()
    expect(row).to_contain_text("已上传1份")
    expect(page.get_by_text("已从资料库选用")).to_be_visible()
    row.locator(".preview summary").click()
    expect(row.locator(".preview img")).to_be_visible()


def frame_photo(page: Page, *, scripts: bool) -> None:
    """From the row to the crop page, some steps, and back with the photo cut."""
    page.locator("#slot-photo").get_by_role("link", name=re.compile("^查看和调整")).click()
    page.get_by_role("link", name="裁剪照片").click()
    whole = page.locator("#frame-width").input_value()
    if scripts:
        page.locator("[data-frame-box]").focus()
        for key in ("-", "ArrowRight", "ArrowDown"):
            page.keyboard.press(key)
    else:
        for name in ("更小", "右", "下"):
            press(page, name)
    assert int(page.locator("#frame-width").input_value()) < int(whole)
    assert int(page.locator("#frame-left").input_value()) > 0
    press(page, "使用这个范围")
    expect(page.get_by_text("已按选定的范围裁剪")).to_be_visible()
    expect(page.get_by_role("img", name="裁剪后的一寸照片")).to_be_visible()


def wait_for_the_library(page: Page) -> None:
    """Until the worker has put the copy in."""

    def is_there() -> bool:
        page.goto("/my/library/")
        return page.get_by_role("link", name="scan.jpg", exact=True).count() == 1

    until(is_there, "the scan is in the library")
    expect(page.get_by_role("main")).to_contain_text("居民身份证")
