"""A passkey: added beside the authenticator app, then signs in alone; without scripts none is offered."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import BrowserContext, Page, expect
from prove.live.platform import Platform
from prove.live.visitor import PASSWORD

from tests.journey.browsing import press
from tests.journey.steps import register

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
Open = Callable[..., BrowserContext]


def on_localhost(platform: Platform) -> str:
    """The same platform under the one name that passkeys are allowed for without TLS."""
    return platform.web.replace("127.0.0.1", "localhost")


def enrol_app(page: Page) -> None:
    """启用动态验证码, as the authenticator app would."""
    page.goto("/account/second-factor/enrol/")
    if page.get_by_label("密码").is_visible():
        page.get_by_label("密码").fill(PASSWORD)
        press(page, "继续")
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("动态验证码").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    press(page, "启用")
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()


def authenticator(page: Page) -> None:
    """A device that holds passkeys and whose owner always shows a finger."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_passkey_signs_in_without_password_and_code(platform: Platform, window: Open, serial: int) -> None:
    page = window(address=on_localhost(platform)).new_page()
    authenticator(page)
    register(page, f"passkey_{serial}", phone=f"136{serial:08}")
    enrol_app(page)

    page.goto("/account/passkeys/add/")
    page.get_by_label("名称").fill("办公室电脑")
    press(page, "添加")
    expect(page.get_by_text("通行密钥已添加")).to_be_visible()
    expect(page.get_by_text("办公室电脑")).to_be_visible()
    page.goto("/account/logout/")
    press(page, "退出登录")
    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()

    press(page, "用通行密钥登录")

    expect(page).to_have_url(re.compile("/my/$"))
    page.goto("/account/history/")
    expect(page.get_by_role("cell", name="通行密钥")).to_be_visible()


def test_without_scripts_the_sign_in_page_offers_no_passkey(platform: Platform, window: Open) -> None:
    page = window(address=on_localhost(platform), scripts=False).new_page()

    page.goto("/account/login/")

    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_hidden()
