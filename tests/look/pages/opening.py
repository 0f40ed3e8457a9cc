"""A browser that gets the pages of an album as the platform answered them, and what it finds wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.answers import picture
from tests.look.pages.album import Shot

SITE = "https://yincai.test"
WIDTHS = (1280, 320)
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "elder": {"color_scheme": "light"},
}
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""All that axe has by default, and WCAG 2.2's size of targets, which it leaves off."""
WIDE = """[...document.body.querySelectorAll('*')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility())
  .slice(-1).map(one => one.outerHTML.slice(0, 160))"""
NOT_KEPT = frozenset({"refresh", "content-length", "set-cookie"})
"""Headers that would lead on, or that belong to another answer."""


class Opener:
    """Opens one page after the other in the same tab."""

    def __init__(self, browser: Browser, *, mode: str) -> None:
        self.mode = mode
        self.context = browser.new_context(**MODES[mode])
        self.context.route(f"{SITE}/**", self._answer)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.complaints: list[str] = []
        self.files: dict[str, tuple[bytes, str]] = {}
        self.shot: Shot | None = None
        self.axe = Axe()

    def open(self, shot: Shot) -> Page:
        """The page as the platform answered it, once its scripts have run."""
        self.shot, self.complaints = shot, []
        self.page.goto(SITE + shot.address)
        if self.page.locator("[data-rich]:visible").count():
            self.page.locator("[role=textbox]").first.wait_for()
        return self.page

    def faults(self, shot: Shot) -> list[str]:
        """What is wrong with the page at each width, and what its scripts complain of."""
        page, faults = self.open(shot), []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            faults += [f"at {width} px: {one}" for one in self._faults_here()]
        return faults + self.complaints

    def _faults_here(self) -> list[str]:
        """What axe finds, and how much wider than its window the page is."""
        found = self.axe.run(self.page, options=RULES).response["violations"]
        faults = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
        wide, seen = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if wide > seen:
            faults.append(f"{wide - seen} px too wide: {self.page.evaluate(WIDE)}")
        return faults

    def _answer(self, route: Route) -> None:
        assert self.shot is not None
        asked = route.request
        if asked.is_navigation_request():
            headers = {k: v for k, v in self.shot.answer.headers.items() if k.lower() not in NOT_KEPT}
            route.fulfill(status=200, headers=headers, body=self._body(self.shot))
        elif asked.resource_type in {"stylesheet", "script"} or asked.url.endswith(".svg"):
            content, kind = self._file(urlsplit(asked.url).path)
            route.fulfill(body=content, content_type=kind)
        elif asked.resource_type == "image":
            route.fulfill(body=picture().read(), content_type="image/jpeg")
        else:
            route.fulfill(status=404, body="")

    def _body(self, shot: Shot) -> bytes:
        """The page; 长辈模式 is one class that the server writes for whoever chose it."""
        content = shot.answer.content
        return content.replace(b"<html ", b'<html class="elder" ', 1) if self.mode == "elder" else content

    def _file(self, path: str) -> tuple[bytes, str]:
        if path not in self.files:
            answer: Any = Client().get(path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            self.files[path] = (content, answer["Content-Type"])
        return self.files[path]


def one_of_each(shots: Iterable[Shot]) -> list[Shot]:
    """The longest page of every template: what it can show is on it."""
    longest: dict[str, Shot] = {}
    for shot in shots:
        known = longest.get(shot.template)
        if known is None or len(shot.answer.content) > len(known.answer.content):
            longest[shot.template] = shot
    return list(longest.values())
