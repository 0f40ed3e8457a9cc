"""Completing a name while it is typed, where answers come late or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import yincai.look

pytestmark = pytest.mark.browser
SCRIPT = (Path(yincai.look.__file__).parent / "static" / "look" / "lookup.js").read_text("utf8")
HERE = "http://localhost:9"
PAGE = """<!doctype html><div data-lookup="/suggest" data-library="单位库"><input value="{text}">
<p class="lookup-standing">{text}</p><button data-adding>添加企业</button></div>
<script type="module">{script}</script>"""
REFUSED = "甲乙丙"


@pytest.fixture
def field(chromium: Browser) -> Iterator[Page]:
    """A field that says "甲乙"; its server knows one name, and refuses `REFUSED`."""
    page = chromium.new_page()

    def answer(route: Route) -> None:
        if "/suggest" not in route.request.url:
            route.fulfill(
                content_type="text/html; charset=utf8", body=PAGE.format(text="甲乙", script=SCRIPT)
            )
            return
        (asked,) = parse_qs(urlsplit(route.request.url).query)["q"]
        lines = [{"name": f"{asked}{end}", "marks": "", "words": ""} for end in ("公司", "厂")]
        found = {"words": f"说{asked}", "known": False, "more": "", "records": lines}
        refusal = {"message": "查得太快了"}
        is_refused = asked == REFUSED
        body = json.dumps(refusal if is_refused else found)
        route.fulfill(status=429 if is_refused else 200, content_type="application/json", body=body)

    page.route("**/*", answer)
    page.goto(HERE)
    yield page
    page.close()


def test_text_typed_back_before_the_answer_is_said_again(field: Page) -> None:
    field.locator("input").press("End")
    field.keyboard.press("x")
    field.keyboard.press("Backspace")

    expect(field.locator(".lookup-standing")).to_have_text("说甲乙")
    expect(field.locator("[data-adding]")).to_be_visible()


def test_list_of_another_text_is_never_chosen_from(field: Page) -> None:
    field.locator("input").fill("甲")
    field.locator("input").fill("乙丙")
    expect(field.locator(".lookup-box")).to_be_visible()

    field.locator("input").fill(REFUSED)
    field.keyboard.press("ArrowDown")
    field.keyboard.press("Enter")
    expect(field.locator(".lookup-standing")).to_have_text("查得太快了")
    field.keyboard.press("ArrowDown")
    field.keyboard.press("Enter")

    expect(field.locator("input")).to_have_value(REFUSED)
    expect(field.locator(".lookup-box")).to_be_hidden()
