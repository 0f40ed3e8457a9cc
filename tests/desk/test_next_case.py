"""After a step the next case of the list is shown; nothing of a case is fetched before it is opened;
documents are turned and enlarged by links."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.answers import picture
from tests.cases import PLACE, send_back, someone_elses_case, submit, take
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AskedItem, CaseView
from yincai.documents.inspection import inspect_document
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
LISTED = {"place": PLACE}


@pytest.fixture
def other(submitted: CaseView, actor: ActorOf) -> CaseView:
    """The case that comes after `submitted` in the list."""
    return someone_elses_case(actor("spouse"))


def accept(officer: Client, case: CaseView, **posted: str) -> HttpResponse:
    officer.post(reverse("desk:claim", args=[case.id]), LISTED)
    form = {"_key": str(uuid4()), "_changes": str(case.changes), **posted}
    return officer.post(reverse("desk:step", args=[case.id, "accept"]), form)  # type: ignore[return-value] # Django's stubs


def looks(case_id: UUID) -> list[Any]:
    return [entry.payload["what"] for entry in ledger.history(case_id) if entry.is_read]


def test_step_leads_to_the_next_case_of_the_list(
    submitted: CaseView, other: CaseView, browser: BrowserOf
) -> None:
    officer = browser("window_officer")

    answer = accept(officer, submitted, **LISTED)

    there = f"{reverse('desk:case', args=[other.id])}?place={PLACE}"
    assert (answer.status_code, answer["Location"]) == (302, there)
    shown = officer.get(there).content.decode()
    assert f"{submitted.reference} 已办理：预审通过。现在的环节是「等待窗口核验原件」。" in shown
    assert f'href="{reverse("desk:case", args=[submitted.id])}?place={PLACE}">查看刚办的这件' in shown
    assert f"{reverse('desk:queue')}?place={PLACE}" in shown
    assert "已办理" not in officer.get(there).content.decode()


def test_list_keeps_its_filters_on_the_way(submitted: CaseView, other: CaseView, browser: BrowserOf) -> None:
    take_other = {"state": "pre_accepted", "variant": "A", **LISTED}

    answer = accept(browser("window_officer"), submitted, **take_other)

    address, _, query = answer["Location"].partition("?")
    assert address == reverse("desk:case", args=[other.id])
    assert sorted(query.split("&")) == [f"place={PLACE}", "state=pre_accepted", "variant=A"]


def test_end_of_the_list_leads_back_to_it(submitted: CaseView, other: CaseView, browser: BrowserOf) -> None:
    answer = accept(browser("window_officer"), other, **LISTED)

    assert answer["Location"] == f"{reverse('desk:queue')}?place={PLACE}"


def test_case_that_was_looked_for_leads_to_no_other(
    submitted: CaseView, other: CaseView, browser: BrowserOf
) -> None:
    officer = browser("window_officer")
    sent = officer.post(reverse("desk:search"), {"text": str(submitted.reference), **LISTED})
    opened = officer.get(sent["Location"]).content.decode()

    answer = accept(officer, submitted, alone="1", **LISTED)

    assert opened.count('name="alone" value="1"') > 0
    assert 'rel="next"' not in opened
    assert answer["Location"] == f"{reverse('desk:queue')}?place={PLACE}"
    assert looks(other.id) == []


def test_case_that_a_colleague_holds_is_passed_over(
    submitted: CaseView, other: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    actions.claim_case(other.id, actor=actor("colleague"))

    answer = accept(browser("window_officer"), submitted, **LISTED)

    assert answer["Location"] == f"{reverse('desk:queue')}?place={PLACE}"


def test_next_case_is_a_link_and_nothing_of_it_is_fetched(
    submitted: CaseView, other: CaseView, browser: BrowserOf
) -> None:
    officer = browser("window_officer")

    answer = officer.get(reverse("desk:case", args=[submitted.id]), LISTED)

    shown = answer.content.decode()
    assert f'href="{reverse("desk:case", args=[other.id])}?place={PLACE}" rel="next"' in shown
    assert not re.search(r'rel="(prefetch|preload|prerender)"|speculationrules', shown)
    assert "Link" not in answer
    assert looks(other.id) == []


def test_first_page_of_an_opened_case_comes_at_once(submitted: CaseView, browser: BrowserOf) -> None:
    shown = browser("window_officer").get(reverse("desk:case", args=[submitted.id])).content.decode()

    pictures = re.findall(r"<a class=\"document-page\"[^>]*><img [^>]*>", shown)
    assert ['fetchpriority="high"' in one for one in pictures] == [True] + [False] * (len(pictures) - 1)
    assert ['loading="lazy"' in one for one in pictures] == [False] + [True] * (len(pictures) - 1)
    assert len(pictures) > 1


def view_of(case: CaseView, at: int = 0) -> str:
    return reverse("desk:view", args=[case.id, cases.materials(case.id)[at].document_id])


@pytest.mark.parametrize(
    ("query", "classes", "links"),
    [
        ("", "document document-alone", ["page=1&amp;zoom=1", "page=1&amp;turn=1", "page=1&amp;turn=3"]),
        ("zoom=3&turn=3", "document document-alone zoom-3 turn-3 turned", ["page=1&amp;zoom=2&amp;turn=3"]),
        ("zoom=9&turn=x&page=77", "document document-alone zoom-3", ["page=1&amp;zoom=2"]),
        ("zoom=-1&turn=²", "document document-alone", ["page=1&amp;zoom=1"]),
    ],
)
def test_document_is_turned_and_enlarged_by_links(
    submitted: CaseView, browser: BrowserOf, query: str, classes: str, links: list[str]
) -> None:
    shown = browser("window_officer").get(f"{view_of(submitted)}?{query}").content.decode()

    assert f'<figure class="{classes}">' in shown
    for link in links:
        assert f'href="?{link}&amp;place={PLACE}"' in shown


def test_look_at_a_document_alone_is_on_record_by_its_picture(
    submitted: CaseView, browser: BrowserOf
) -> None:
    officer = browser("window_officer")
    document = cases.materials(submitted.id)[0].document_id

    shown = officer.get(view_of(submitted)).content.decode()
    picture_at = reverse("desk:document", args=[submitted.id, document, 1])

    assert looks(submitted.id) == []
    assert "张晓雨" not in shown
    assert f'<img src="{picture_at}"' in shown
    assert officer.get(picture_at).status_code == 200
    assert looks(submitted.id) == [f"document:{document}"]


@pytest.mark.parametrize("who", ["elsewhere", "administrator", "approver"])
def test_document_alone_is_for_whoever_may_read_the_case(
    submitted: CaseView, browser: BrowserOf, who: str
) -> None:
    assert browser(who).get(view_of(submitted)).status_code == 404


def test_document_alone_of_another_case_is_not_found(
    submitted: CaseView, other: CaseView, browser: BrowserOf
) -> None:
    document = cases.materials(other.id)[0].document_id

    answer = browser("window_officer").get(reverse("desk:view", args=[submitted.id, document]))

    assert answer.status_code == 404


def test_document_of_an_earlier_round_is_viewed_too(
    complete: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    applicant, officer = actor("applicant"), actor("window_officer")
    submit(complete.id, applicant)
    before = next(one for one in cases.materials(complete.id) if one.slot == "degree_copy")
    send_back(complete.id, officer, AskedItem("degree_copy", "not_legible"))
    added = actions.add_material(complete.id, actor=applicant, slot="degree_copy", upload=picture())
    inspect_document(added.document_id)
    actions.remove_material(complete.id, before.id, actor=applicant)
    submit(complete.id, applicant)

    address = reverse("desk:view", args=[complete.id, before.document_id])

    assert browser("window_officer").get(address).status_code == 200
    assert take(complete.id, officer, "accept").state == "at_window"
