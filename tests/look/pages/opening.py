"""A browser that gets the pages of an album as the platform answered them, and what it finds wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from lxml import html
from playwright.sync_api import Browser, Page, Route

from tests.answers import picture
from tests.look.pages.album import Shot

SITE = "https://yincai.test"
COLOURS = ("color-contrast", "link-in-text-block")
"""What depends on colours, and takes axe longest."""
RULES: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}, **{name: {"enabled": False} for name in COLOURS}},
}
"""All else that axe has by default, and WCAG 2.2's size of targets, which it leaves off."""
COLOUR_RULES: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": list(COLOURS)}
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
WIDE = """[...document.body.querySelectorAll('*')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility())
  .slice(-1).map(one => one.outerHTML.slice(0, 160))"""
NOT_KEPT = frozenset({"refresh", "content-length", "set-cookie"})
"""Headers that would lead on, or that belong to another answer."""


class Opener:
    """Opens one page after the other in the same tab, so many pixels wide."""

    def __init__(
        self, browser: Browser, *, width: int, is_elder: bool = False, has_scripts: bool = True
    ) -> None:
        self.is_elder = is_elder
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=has_scripts,
            reduced_motion="reduce",  # a colour on its way to another scheme's is neither
        )
        self.context.route(f"{SITE}/**", self._answer)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.complaints: list[str] = []
        self.files: dict[str, tuple[bytes, str]] = {}
        self.shot: Shot | None = None
        self.axe = Axe()

    def close(self) -> None:
        """Close the tab."""
        self.context.close()

    def open(self, shot: Shot) -> Page:
        """The page as the platform answered it, once its scripts have run."""
        self.shot, self.complaints = shot, []
        self.page.goto(SITE + shot.address)
        if self.page.locator("[data-rich]:visible").count():
            self.page.locator("[role=textbox]").first.wait_for()
        return self.page

    def faults(self, shot: Shot, schemes: Iterable[str] = ()) -> list[str]:
        """What axe finds, how much too wide the page is, and what its scripts complain of.

        Colours, which take longest, are looked at in each of these of `SCHEMES`.
        """
        page = self.open(shot)
        faults = self.faults_now()
        for scheme in schemes:
            page.emulate_media(**SCHEMES[scheme])
            found = page.evaluate("rules => axe.run(rules).then(found => found.violations)", COLOUR_RULES)
            faults += [f"{scheme}: {one}" for one in _told(found)]
        return faults

    def faults_now(self) -> list[str]:
        """The same of the page as it stands now, but for its colours."""
        found = self.axe.run(self.page, options=RULES).response["violations"]
        return _told(found) + self.width_faults() + self.complaints

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
        return content.replace(b"<html ", b'<html class="elder" ', 1) if self.is_elder else content

    def _file(self, path: str) -> tuple[bytes, str]:
        if path not in self.files:
            answer: Any = Client().get(path)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            self.files[path] = (content, answer["Content-Type"])
        return self.files[path]


def _told(violations: Iterable[Mapping[str, Any]]) -> list[str]:
    return [f"{one['id']}: {node['html'][:200]}" for one in violations for node in one["nodes"]]


def one_of_each(shots: Iterable[Shot]) -> list[Shot]:
    """The longest page of every template: what it can show is on it."""
    longest: dict[str, Shot] = {}
    for shot in shots:
        known = longest.get(shot.template)
        if known is None or len(shot.answer.content) > len(known.answer.content):
            longest[shot.template] = shot
    return list(longest.values())


def that_show_something_new(shots: Iterable[Shot]) -> list[Shot]:
    """Pages, the longest first, on which some element stands that no page before has in such a place."""
    known: set[tuple[str, ...]] = set()
    chosen = []
    for shot in sorted(shots, key=lambda one: len(one.answer.content), reverse=True):
        elements = {_kind(one) for one in html.document_fromstring(shot.answer.content).iter("*")}
        if elements - known:
            chosen.append(shot)
            known |= elements
    return chosen


LOOKS = (
    "class",
    "role",
    "type",
    "disabled",
    "hidden",
    "open",
    "aria-invalid",
    "aria-current",
    "aria-disabled",
)
"""What the stylesheet chooses colours by, beside the name of an element."""


def _kind(element: html.HtmlElement) -> tuple[str, ...]:
    parent = element.getparent()
    above = (parent.tag, *(parent.get(name, "") for name in LOOKS)) if parent is not None else ()
    return (*above, element.tag, *(element.get(name, "") for name in LOOKS))
