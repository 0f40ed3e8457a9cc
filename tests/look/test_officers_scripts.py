"""The scripts of officers' pages: documents by keys, and a page that tells when its spreadsheet is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.look.pages.album import Album, Cast, Shot, stage
from tests.look.pages.opening import Opener
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.actions.export import make_export

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def shots(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Shot]]:
    """A case in hand, and the page of spreadsheets before one is made and after."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's loop runs in this thread
        with django_db_blocker.unblock(), stage(tmp_path_factory.mktemp("files")) as album:
            take_all(album, Cast())
            yield {shot.state: shot for shot in album.shots}
        connections.close_all()  # the one that these pages had beside the browser's loop


def take_all(album: Album, cast: Cast) -> None:
    case = cast.resident().submitted()
    actions.claim_case(case.id, actor=cast.staff("window_officer"))
    page = reverse("desk:case", args=[case.id])
    album.take("case", cast.browser("window_officer"), page)
    chief, address = cast.browser("administrator"), reverse("desk:admin-exports")
    album.take("waiting", chief, address, {"purpose": "向上级报送月报"})
    (asked,) = cases.exports_of(cast.account("administrator").pk, place=case.place)
    make_export(asked.id)
    album.take("ready", chief, address)


@pytest.fixture
def opener(shots: dict[str, Shot], chromium: Browser) -> Iterator[Opener]:
    with closing(Opener(chromium, width=1280)) as opener:
        yield opener


def current(page: Page) -> int:
    """Which document is marked, counted from 0; -1 for none."""
    return int(
        page.evaluate(
            "[...document.querySelectorAll('[data-viewer] .document')]"
            ".findIndex(one => one.classList.contains('document-current'))"
        )
    )


def test_documents_are_walked_turned_and_enlarged_by_keys(shots: dict[str, Shot], opener: Opener) -> None:
    page = opener.open(shots["case"])
    viewer, documents = page.locator("[data-viewer]"), page.locator("[data-viewer] .document")
    last = documents.count() - 1
    assert last >= 1

    for key, where in (("k", 0), ("j", 1), ("k", 0), *(("j", min(n, last)) for n in range(1, last + 3))):
        page.keyboard.press(key)
        assert current(page) == where
    page.keyboard.press("r")
    expect(documents.nth(last)).to_contain_class("turn-1")
    for zoom in (1, 2, 3, 3):
        page.keyboard.press("+")
        expect(viewer).to_contain_class(f"zoom-{zoom}")
    page.keyboard.press("0")
    expect(viewer).not_to_contain_class("zoom-3")
    assert opener.complaints == []


def test_keys_say_what_they_do_and_can_be_switched_off(shots: dict[str, Shot], opener: Opener) -> None:
    page = opener.open(shots["case"])
    page.keyboard.press("?")
    dialog = page.locator("[data-viewer-help]")
    expect(dialog).to_be_visible()
    dialog.locator("[data-keys-off]").check()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.keyboard.press("j")

    assert current(page) == -1
    page.reload()
    page.keyboard.press("j")
    assert current(page) == -1


def test_key_typed_into_a_field_is_a_letter(shots: dict[str, Shot], opener: Opener) -> None:
    page = opener.open(shots["case"])
    reason = page.locator("#decide textarea").first
    reason.focus()

    page.keyboard.type("jr")

    assert (reason.input_value(), current(page)) == ("jr", -1)


def test_page_of_spreadsheets_shows_by_itself_that_one_is_there(
    shots: dict[str, Shot], opener: Opener
) -> None:
    page = opener.open(shots["waiting"])
    expect(page.locator("progress")).to_be_visible()
    page.locator("#f-purpose").fill("另一份")
    answer = shots["ready"].answer
    headers = {"content-type": answer["Content-Type"]}
    page.route(
        "**" + shots["ready"].address + "*", lambda one: one.fulfill(headers=headers, body=answer.content)
    )

    expect(page.get_by_role("button", name="下载")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("这一页会自己刷新")).to_have_count(0)
    expect(page.locator("#f-purpose")).to_have_value("另一份")
    assert opener.complaints == []
