"""A face check in a real browser: the page notices by itself what happens on the phone, or after 刷新."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from prove.live.platform import Platform

from tests.journey.browsing import press

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
Open = Callable[..., BrowserContext]
PHONE = "+8619900000005"


def begin(page: Page) -> str:
    """From the sign-in page to the picture; where it leads."""
    page.goto("/account/login/")
    page.get_by_role("link", name="微警认证（刷脸登录）").click()
    press(page, "获取二维码")
    expect(page.get_by_role("heading", name="请扫描二维码")).to_be_visible()
    return str(page.get_by_role("link", name=re.compile("直接打开认证页面")).get_attribute("href"))


def on_phone(scan: str, *acts: str) -> None:
    """What the holder does."""
    for act in acts:
        answer = httpx.post(f"{scan}/{PHONE}", data={"act": act})
        assert answer.status_code == 303


@pytest.mark.parametrize("scripts", [True, False])
def test_page_follows_the_phone_to_its_end(platform: Platform, window: Open, scripts: bool) -> None:
    page = window(scripts=scripts).new_page()
    scan = begin(page)

    on_phone(scan, "scan", "approve")

    if not scripts:
        page.get_by_role("link", name="刷新").click()
        expect(page.get_by_role("heading", name="刷脸认证已通过")).to_be_visible()
        press(page, "继续")
    expect(page.get_by_text("还没有用这个证件注册的账号")).to_be_visible()


def test_page_says_that_the_phone_refused(platform: Platform, window: Open) -> None:
    page = window().new_page()
    scan = begin(page)

    on_phone(scan, "scan", "refuse")

    expect(page.get_by_text("您在手机上拒绝了这次认证")).to_be_visible()
