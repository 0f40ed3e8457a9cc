"""Every page in every state that matters, in a real browser: axe finds nothing, nothing overflows.

Every state at 320 px for all but its colours; every state that shows an element which no other does in light;
the longest page of each template in dark, in forced colours, and in 长辈模式.

The pages are taken once through the platform's own doors, then opened in Chromium from what was taken, with
the real stylesheet and scripts.  An address or a template that nobody took, and that is not explained here,
fails: a new page is covered or named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver
from lxml import html
from playwright.sync_api import Browser

from tests.look.pages import (
    accounts,
    administrators,
    content,
    counter,
    directory,
    gates,
    inviting,
    officers,
    privacy,
    proving,
    residents,
    street,
    support,
)
from tests.look.pages.album import Album, Cast, Shot, stage
from tests.look.pages.opening import SCHEMES, Opener, one_of_each, that_show_something_new

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(1800)]

ROOMS = {
    "street": street.take_all,
    "accounts": accounts.take_all,
    "proving": proving.take_all,
    "gates": gates.take_all,
    "residents": residents.take_all,
    "officers": officers.take_all,
    "administrators": administrators.take_all,
    "directory": directory.take_all,
    "content": content.take_all,
    "privacy": privacy.take_all,
    "support": support.take_all,
    "counter": counter.take_all,
    "inviting": inviting.take_all,  # last: it publishes the programme anew
}
NO_PAGES = {
    "a file or a picture": """
        mfa_enrolment_code mfa_download_recovery_codes account_certificate_text
        portal:card-file portal:card portal:form-pdf portal:receipt public:flow public:operation
        portal:library-document portal:library-document-text portal:library-document-original
        portal:document portal:document-text portal:document-original
        desk:document desk:document-text desk:document-original desk:card desk:form desk:receipt
        desk:admin-export
        account_data_file account_amendment_document place:writing_file
        desk:amendment-document desk:amendment-document-text desk:amendment-document-original
        directory:document directory:document-text directory:document-original
        desk:directory-document desk:directory-document-text desk:directory-document-original
        support:document support:document-text support:document-original
        desk:support-document desk:support-document-text desk:support-document-original
        support:complaint-document support:complaint-document-text support:complaint-document-original
        desk:complaint-document desk:complaint-document-text desk:complaint-document-original
    """,
    "acts, then leads to a page that is here": """
        public:elder portal:read portal:library-rotate portal:library-remove portal:remove portal:restore
        directory:withdraw directory:give-up account_amendment_withdraw
        portal:rotate portal:reuse portal:move desk:claim desk:renew desk:release desk:leave-end
        desk:counter-resume desk:counter-end portal:revoke-invitation portal:read-all desk:admin-transfer
        desk:admin-end desk:admin-settle-reset desk:admin-remove-document outside_login outside_callback
        desk:admin-revoke-key desk:admin-switch-webhook desk:admin-ping-webhook desk:admin-redeliver
    """,
    "for programs": """
        livez readyz metrics account_check account_face_state api:openapi
        directory:organisation-suggest directory:school-suggest
    """,
    "looked at in `test_browser`": "public:style",
}
"""Why an address is no page."""
OPERATIONS = "api-v1:"
"""What machines ask; `tests/api/test_document.py` opens each of them."""
MAIN_ACTIONS = "//main//*[contains(@class, 'button-primary')][not(ancestor::dialog)]"


@pytest.fixture(scope="module")
def album(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Album]:
    """All pages; what was done for them is forgotten."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's loop runs in this thread
        with django_db_blocker.unblock(), stage(tmp_path_factory.mktemp("files")) as album:
            cast = Cast()
            for take_all in ROOMS.values():
                take_all(album, cast)
        yield album
        connections.close_all()  # the one that these pages had beside the browser's loop


def test_axe_finds_nothing_in_any_state_and_none_is_wider_than_a_narrow_phone(
    album: Album, chromium: Browser
) -> None:
    with closing(Opener(chromium, width=320)) as opener:
        assert found_on(album.shots, opener.faults) == {}


def test_elder_mode_is_as_good(album: Album, chromium: Browser) -> None:
    with closing(Opener(chromium, width=320, is_elder=True)) as opener:
        assert found_on(one_of_each(album.shots), opener.faults) == {}


def test_every_template_is_as_good_on_a_wide_screen_in_every_scheme(album: Album, chromium: Browser) -> None:
    with closing(Opener(chromium, width=1280)) as opener:
        assert found_on(one_of_each(album.shots), lambda shot: opener.faults(shot, SCHEMES)) == {}


def test_colours_of_every_element_are_told_apart(album: Album, chromium: Browser) -> None:
    seen = {shot.state for shot in one_of_each(album.shots)}
    others = [shot for shot in that_show_something_new(album.shots) if shot.state not in seen]

    with closing(Opener(chromium, width=1280)) as opener:
        assert found_on(others, lambda shot: opener.faults(shot, ["light"])) == {}


def found_on(shots: Iterable[Shot], look: Callable[[Shot], list[str]]) -> dict[str, list[str]]:
    """What is wrong, by the state that a page shows."""
    found = {f"{shot.state} ({shot.address})": look(shot) for shot in shots}
    return {state: faults for state, faults in found.items() if faults}


def test_a_page_has_one_heading_and_one_main_action(album: Album) -> None:
    found = {shot: html.document_fromstring(shot.answer.content) for shot in album.shots}
    actions = {shot: page.xpath(MAIN_ACTIONS) for shot, page in found.items()}

    assert [shot.state for shot, page in found.items() if len(page.xpath("//main//h1")) != 1] == []
    busy = {shot.template for shot, several in actions.items() if len(several) > 1}
    assert busy == {"portal/apply.html"}  # three cards to choose from, none before the others


@pytest.mark.parametrize(
    ("state", "words"), [("queue, filled", "筛选"), ("queue, variant=B", "筛选（已选 1 项）")]
)
def test_filters_of_the_officers_list_are_folded_on_a_phone_and_open_without_scripts(
    album: Album, chromium: Browser, state: str, words: str
) -> None:
    (shot,) = [one for one in album.shots if one.state == state]
    with closing(Opener(chromium, width=375, has_scripts=False)) as opener:
        page = opener.open(shot)
        fold, filters = page.locator(".filters-fold > summary"), page.locator("form.filters")

        assert (fold.inner_text(), filters.is_visible()) == (words, False)
        fold.click()
        assert filters.get_by_role("button", name="筛选").is_visible()
        page.set_viewport_size({"width": 768, "height": 900})
        assert (fold.is_visible(), filters.is_visible()) == (False, True)


def test_unfolded_filters_have_no_fault_on_a_narrow_phone(album: Album, chromium: Browser) -> None:
    (shot,) = [one for one in album.shots if one.state == "queue, variant=B"]
    with closing(Opener(chromium, width=320)) as opener:
        opener.open(shot).locator(".filters-fold > summary").click()

        assert opener.faults_now() == []


def test_every_address_is_taken_or_is_no_page(album: Album) -> None:
    names = {name for name in addresses(get_resolver()) if not name.startswith(OPERATIONS)}

    explained = {name for listed in NO_PAGES.values() for name in listed.split()}

    assert sorted(names - album.names - explained) == []
    assert sorted(explained - names) == []


def test_every_template_of_a_page_is_drawn(album: Album) -> None:
    drawn = {shot.template for shot in album.shots}

    assert sorted(templates() - drawn) == []


def addresses(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespaces."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}"
        else:
            yield from addresses(one, f"{one.namespace}:" if one.namespace else space)


def templates() -> set[str]:
    """Every template that is a whole page."""
    folders = Path(settings.ROOT, "src", "yincai").glob("*/jinja2")
    found = {(folder, path) for folder in folders for path in folder.rglob("*.html")}
    pages = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for folder, path in found}
    layouts = {name for text in pages.values() for name in re.findall('extends "([^"]+)"', text)}
    return {name for name, text in pages.items() if "{% extends" in text} - layouts - {"public/style.html"}
