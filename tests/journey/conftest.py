from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from prove.live.platform import Platform, running_platform
from prove.live.visitor import Officer, Visitor

from tests.journey.browsing import browser_window

SERIALS = count(1)
SEATS = count(1)
"""Every browser comes from an address of its own, as people do: registration is limited by address."""

Open = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """The whole platform as `make run` starts it; one for all journeys."""
    with running_platform(YINCAI_WEB_WORKERS="1", YINCAI_TRUSTED_PROXIES="1") as running:
        yield running


@pytest.fixture
def window(platform: Platform, chromium: Browser) -> Iterator[Open]:
    """`window()` opens a browser of its own on the platform; `scripts=False` one without JavaScript."""

    def opens(*, address: str = "", **more: Any) -> BrowserContext:
        seat = next(SEATS)
        from_there = {"X-Forwarded-For": f"10.200.{seat >> 8}.{seat & 255}"}
        return opened.enter_context(
            browser_window(chromium, address or platform.web, **{"extra_http_headers": from_there, **more})
        )

    with ExitStack() as opened:
        yield opens


@pytest.fixture
def serial() -> int:
    """The number of an applicant whom nobody else uses."""
    return next(SERIALS)


@pytest.fixture
def resident(platform: Platform, serial: int) -> Iterator[Visitor]:
    """A fresh account, signed in without a browser."""
    with closing(Visitor(platform.web, seat=serial)) as visitor:
        visitor.register(f"resident_{serial}", phone=f"139{serial:08}")
        yield visitor


@pytest.fixture(scope="session")
def officers(platform: Platform) -> Iterator[Callable[[str], Officer]]:
    """`officers(WINDOW)` is signed in with both factors, once for all journeys: a code counts once."""
    found: dict[str, Officer] = {}

    def officer(username: str) -> Officer:
        if username not in found:
            found[username] = Officer(platform, platform.people()[username])
        return found[username]

    yield officer
    for one in found.values():
        one.close()
