"""A browser that notices what no page of ours may do: ask another host, break the policy, log an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

PATIENCE_MS = 45_000
OWN = frozenset({"data", "blob"})
REFUSALS = frozenset({403, 409, 422})
"""Statuses with which our own pages tell people what to do; Chromium logs a line for each."""


class Watch:
    """What went wrong on the pages of one browser."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.faults: list[str] = []

    def listen(self, context: BrowserContext) -> None:
        """Hear everything that the pages of this browser do."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in OWN and parts.netloc != self.host:
            self.faults.append(f"asked another host: {request.url}")

    def _response(self, response: Response) -> None:
        policy = response.headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            self.faults.append(f"no strict policy: {response.url}")
        if response.status >= 400 and response.status not in REFUSALS:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        told = message.text.startswith("Failed to load resource") and any(
            f"status of {status}" in message.text for status in REFUSALS
        )
        if message.type in {"error", "warning"} and not told:
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")


@contextmanager
def browser_window(
    browser: Browser, address: str, *, scripts: bool = True, ours: bool = True, **more: Any
) -> Iterator[BrowserContext]:
    """A browser with cookies of its own; at the end nothing may have gone wrong in it.

    `ours=False` is for pages that the platform does not serve: they are not watched.
    """
    context = browser.new_context(
        base_url=address,
        java_script_enabled=scripts,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1280, "height": 900},
        **more,
    )
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(address)
    if ours:
        watch.listen(context)
    try:
        yield context
        assert not watch.faults, "\n".join(watch.faults)
    finally:
        context.close()


def press(page: Page, name: str, *, first: bool = False) -> None:
    """Press the button with this name."""
    found = page.get_by_role("main").get_by_role("button", name=name, exact=True)
    (found.first if first else found).click()


def problems(page: Page) -> str:
    """What the page says is wrong, for a failing test."""
    found = page.get_by_role("alert")
    return found.first.inner_text() if found.count() else page.get_by_role("main").inner_text()[:600]
