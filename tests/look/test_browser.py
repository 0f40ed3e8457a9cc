"""The style page in a real browser: axe, reflow, targets, and the scripts that make things faster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "touch": {"has_touch": True, "is_mobile": True},
    "elder": {},
    "elder-dark": {"color_scheme": "dark"},
}
TOO_SMALL = """least => [...document.querySelectorAll('button, summary, .button, .input, nav a, .file > a')]
  .filter(one => one.checkVisibility() && !one.closest('.visually-hidden'))
  .filter(one => one.getBoundingClientRect().height < least).map(one => one.outerHTML.slice(0, 120))"""

INK = """signs => signs.map(sign => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '32px ' + getComputedStyle(document.body).fontFamily;
  pen.fillText(sign, 2, 32);
  return [...pen.getImageData(0, 0, 40, 40).data].filter(one => one > 128).length;
})"""


@pytest.fixture
def page(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The style page in the mode and width of the test; what the browser complains about fails it."""
    mode, width = getattr(request, "param", ("light", 1280))
    context = chromium.new_context(viewport={"width": width, "height": 900}, **MODES[mode])
    if mode.startswith("elder"):
        context.add_cookies([{"name": "elder", "value": "1", "url": address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/style/")
    page.locator("[role=textbox]").nth(1).wait_for()  # both editors have come
    yield page
    assert complaints == []
    context.close()


@pytest.mark.parametrize(
    "page",
    [
        *((mode, width) for mode in ("light", "dark", "forced") for width in (1280, 320)),
        ("elder", 320),
        ("elder-dark", 1280),
    ],
    indirect=True,
    ids=lambda given: f"{given[0]}-{given[1]}",
)
def test_the_style_page_has_no_violation_and_does_not_overflow(page: Page) -> None:
    found = Axe().run(page).response["violations"]

    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= seen


@pytest.mark.parametrize("page", [("touch", 320)], indirect=True)
def test_targets_are_large_enough_for_a_thumb(page: Page) -> None:
    assert page.evaluate(TOO_SMALL, 44) == []


def test_a_branch_shows_only_when_it_is_chosen(page: Page) -> None:
    post = page.locator("#f-post")
    assert post.is_visible()

    page.locator("#f-route-rigid").check()

    assert not post.is_visible()


def test_the_count_says_how_much_is_written_and_how_much_is_too_much(page: Page) -> None:
    area, count = page.locator("#f-history"), page.locator("#f-history-count")

    area.fill("好 " * 201)

    assert count.text_content() == "已写 201 字，超出 1 字"


def test_the_filter_narrows_a_long_list_and_keeps_what_was_chosen(page: Page) -> None:
    page.locator("#f-ethnic-filter").fill("壮")

    texts = page.locator("#f-ethnic option").all_text_contents()

    assert texts == ["请选择", "维吾尔族", "壮族"]
    assert page.locator("#f-ethnic").input_value() == "05"


def test_keys_move_between_documents_and_never_while_somebody_types(page: Page) -> None:
    page.locator("#s-opinion").focus()
    page.keyboard.press("j")
    assert page.locator(".document-current").count() == 0
    assert page.locator("#s-opinion").input_value() == "j"

    page.locator("[data-viewer]").focus()
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.keyboard.press("+")

    assert page.locator(".document-current").count() == 1
    assert page.locator(".document.turn-1").count() == 1
    assert "zoom-1" in (page.locator("[data-viewer]").get_attribute("class") or "")


def test_the_help_of_the_keys_opens_closes_and_turns_them_off(page: Page) -> None:
    page.locator("[data-viewer]").focus()
    page.keyboard.press("?")
    page.locator("#keys-off").check()
    page.get_by_role("button", name="关闭").click()

    page.locator("[data-viewer]").focus()
    page.keyboard.press("j")

    assert page.locator(".document-current").count() == 0


def test_chinese_glyphs_are_drawn(page: Page) -> None:
    thin, dense = page.evaluate(INK, ["一", "鑫"])

    assert thin * 3 < dense
