"""A browser that gets the pages of an album as the platform answered them, and what it finds wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.answers import picture
from tests.look.pages.album import Shot

SITE = "https://yincai.test"
RULES: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""All that axe has by default, and WCAG 2.2's size of targets, which it leaves off."""
COLOURS: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
"""What depends on colours; everything else is the same in every scheme."""


@dataclass(frozen=True)
class Mode:
    """How a page is shown, and what axe looks for then."""

    context: Mapping[str, Any]
    width: int = 1280
    rules: Mapping[str, Any] = field(default_factory=lambda: RULES)
    is_elder: bool = False


MODES = {
    "light": Mode({"color_scheme": "light"}),
    "narrow": Mode({"color_scheme": "light"}, width=320),
    "dark": Mode({"color_scheme": "dark"}, rules=COLOURS),
    "forced": Mode({"forced_colors": "active"}, rules=COLOURS),
    "elder": Mode({"color_scheme": "light"}, width=320, is_elder=True),
}
WIDE = """[...document.body.querySelectorAll('*')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility())
  .slice(-1).map(one => one.outerHTML.slice(0, 160))"""
NOT_KEPT = frozenset({"refresh", "content-length", "set-cookie"})
"""Headers that would lead on, or that belong to another answer."""


class Opener:
    """Opens one page after the other in the same tab."""

    def __init__(self, browser: Browser, *, mode: str) -> None:
        self.mode = MODES[mode]
        self.context = browser.new_context(
            **self.mode.context, viewport={"width": self.mode.width, "height": 900}
        )
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
        """What axe finds, how much wider than its window the page is, and what its scripts complain of."""
        page = self.open(shot)
        found = self.axe.run(page, options=dict(self.mode.rules)).response["violations"]
        faults = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
        return faults + self.width_faults() + self.complaints

    def width_faults(self) -> list[str]:
        """By how much the open page is wider than its window."""
        wide, seen = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        return [f"{wide - seen} px too wide: {self.page.evaluate(WIDE)}"] if wide > seen else []

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
        return content.replace(b"<html ", b'<html class="elder" ', 1) if self.mode.is_elder else content

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
