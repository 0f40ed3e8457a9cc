"""The session ended on the last page: after signing in one press hands the application in, and only once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.cases import send_back
from tests.ops.test_kept_token import HERE, inputs_of, sign_in
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AskedItem, CaseView
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
KEY = "6f1d9d0c-54a9-4a0f-8f6a-2f1f3f0f7a21"


def kept_on_the_last_page(case: CaseView) -> tuple[Client, dict[str, str]]:
    """A browser whose session has ended, and what its page keeps of the press on the last button."""
    client = Client(enforce_csrf_checks=True)
    client.get("/account/login/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    posted = {"csrfmiddlewaretoken": token, "declaration": "on", "_key": KEY}
    page = client.post(reverse("portal:check", args=[case.id]), posted)
    assert page.status_code == 403
    return client, inputs_of(page.content.decode())


def assert_handed_in_once(case: CaseView, client: Client, form: dict[str, str], event: str) -> None:
    """The first press leads to the receipt, another to the same one."""
    address, done = (reverse(f"portal:{name}", args=[case.id]) for name in ("check", "done"))

    first = client.post(address, form, headers=HERE)
    second = client.post(address, form, headers=HERE)

    assert (first.status_code, first.headers.get("Location")) == (302, done)
    assert (second.status_code, second.headers.get("Location")) == (302, done)
    assert sum(one.event == event for one in ledger.history(case.id)) == 1


def test_application_is_handed_in_with_one_press(complete: CaseView, person: Callable[[str], Any]) -> None:
    client, form = kept_on_the_last_page(complete)
    sign_in(client, person("applicant"))

    assert_handed_in_once(complete, client, form, "case.submitted")


@pytest.fixture
def corrected(submitted: CaseView, actor: ActorOf, browser: BrowserOf) -> CaseView:
    """A case whose correction is answered, but not handed in."""
    sent_back = send_back(
        submitted.id, actor("window_officer"), AskedItem("name_en", "differs_from_document")
    )
    drawn = " ".join(one.name for one in sent_back.spec.section("person").fields)
    saved = browser("applicant").post(
        reverse("portal:form", args=[sent_back.id, "person"]),
        {"name_en": "ZHANG Xiaoyu", "_revision": "1", "_drawn": drawn},
    )
    assert saved.status_code == 302
    return sent_back


def test_correction_is_handed_in_with_one_press(
    corrected: CaseView, person: Callable[[str], Any], actor: ActorOf
) -> None:
    client, form = kept_on_the_last_page(corrected)
    sign_in(client, person("applicant"))

    assert_handed_in_once(corrected, client, form, "case.resubmitted")
    again = cases.case_for(actor("applicant"), corrected.id)
    assert (again.reference, again.round_number) == (corrected.reference, 2)
