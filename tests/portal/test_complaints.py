"""举报投诉: handed in signed in or not, followed, answered; who handles it never sees who is anonymous."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from lxml import html

from tests import checks, personas
from tests.answers import picture
from tests.cases import take
from tests.directory.asking import resident
from tests.directory.helping import COMPLAINT, complain, officer
from yincai.casework.vocabulary import CaseView
from yincai.directory.models import Complaint
from yincai.documents.inspection import inspect_document
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

pytestmark = pytest.mark.django_db
HERE = "/place/harbour_city/complaints/"
DESK = "/desk/complaints/"
FREE = "办理人才业务一律不收取任何费用"


@pytest.fixture
def browser(db: None, reader_here: None) -> Client:
    """Where `asker` is signed in."""
    return personas.sign_in(resident(), second_factor=False)


def posted(**more: Any) -> dict[str, Any]:
    return {"_key": str(uuid4()), **COMPLAINT, **more}


def desk_of(name: str = "helper", **more: Any) -> Client:
    officer(name, **more)
    return personas.sign_in(resident(name), second_factor=True)


def test_channel_says_that_nothing_costs_anything(browser: Client) -> None:
    assert FREE in Client().get(HERE).content.decode()
    assert FREE in browser.get(f"{HERE}new/").content.decode()
    assert FREE in browser.get("/place/harbour_city/support/").content.decode()


def test_complaint_is_handed_in_handled_and_answered(browser: Client) -> None:
    sent = browser.post(f"{HERE}new/", posted(anonymous="on", name="林小舟", file=picture()))

    row = Complaint.objects.get()
    inspect_document(row.documents[0])
    assert sent.headers["Location"] == f"{HERE}{row.pk}/"
    desk = desk_of()
    listed = html.document_fromstring(desk.get(DESK).content)
    assert listed.xpath("//tbody//th/a/@href") == [f"{DESK}{row.pk}/"]
    page = desk.get(f"{DESK}{row.pk}/").content.decode()
    assert COMPLAINT["text"] in page
    for hidden in ("林小舟", "asker", ".jpg"):  # the name of a file may tell who somebody is
        assert hidden not in page
    (shown,) = html.document_fromstring(page).xpath("//main//img/@src")
    assert desk.get(shown)["Content-Type"] == "image/jpeg"
    refused = desk.post(f"{DESK}{row.pk}/", {"act": "identity", "reason": "想知道"})
    assert refused.status_code == 422
    assert "林小舟" not in refused.content.decode()

    desk.post(f"{DESK}{row.pk}/", {"act": "claim"})
    empty = desk.post(f"{DESK}{row.pk}/", {"act": "answer"})
    assert empty.status_code == 422
    desk.post(f"{DESK}{row.pk}/", {"act": "answer", "outcome": "true", "text": "已退回全部费用。"})

    answered = browser.get(sent.headers["Location"]).content.decode()
    assert "已退回全部费用。" in answered
    assert "属实" in answered
    assert row.number in browser.get(HERE).content.decode()
    assert row.number in desk.get(f"{DESK}answered/").content.decode()


def test_supervisor_sees_who_is_anonymous_for_a_reason(db: None) -> None:
    made = complain(is_anonymous=True, name="林小舟")
    desk = desk_of("watcher", role="supervisor")
    assert "林小舟" not in desk.get(f"{DESK}{made.id}/").content.decode()

    without = desk.post(f"{DESK}{made.id}/", {"act": "identity", "reason": " "})
    shown = desk.post(f"{DESK}{made.id}/", {"act": "identity", "reason": "核实受理"})

    assert (without.status_code, "林小舟" in without.content.decode()) == (422, False)
    assert "林小舟" in shown.content.decode()


def test_whom_it_concerns_has_no_such_page(db: None) -> None:
    made = complain(against="officer", officer="温言")
    named = desk_of()

    assert named.get(f"{DESK}{made.id}/").status_code == 404
    assert named.post(f"{DESK}{made.id}/", {"act": "claim"}).status_code == 404
    assert made.number not in named.get(DESK).content.decode()


def test_officer_withdraws_and_supervisor_keeps_another_away(db: None) -> None:
    made, desk = complain(), desk_of()
    other = officer("second")
    supervisor = desk_of("watcher", role="supervisor")
    page = html.document_fromstring(supervisor.get(f"{DESK}{made.id}/").content)
    assert str(other.id) in page.xpath("//select[@name='account']/option/@value")
    assert not html.document_fromstring(desk.get(f"{DESK}{made.id}/").content).xpath(
        "//select[@name='account']"
    )

    supervisor.post(f"{DESK}{made.id}/", {"act": "away", "account": str(other.id)})
    desk.post(f"{DESK}{made.id}/", {"act": "away"})

    row = Complaint.objects.get()
    assert {other.id, resident("helper").pk} <= set(row.kept_away)
    assert desk.get(f"{DESK}{made.id}/").status_code == 404
    assert supervisor.post(f"{DESK}{made.id}/", {"act": "away", "account": "x"}).status_code == 404


def test_stranger_complains_and_follows_by_number_and_code(db: None) -> None:
    stranger = Client()
    unchecked = stranger.post(f"{HERE}new/", posted())
    assert (unchecked.status_code, Complaint.objects.count()) == (422, 0)

    sent = stranger.post(f"{HERE}new/", posted(**checks.work_done("support")), follow=True)

    row = Complaint.objects.get()
    found = re.search(r"<code>([A-Z2-7-]{14})</code>", sent.content.decode())
    assert found
    other = Client()
    assert other.get(f"{HERE}{row.pk}/").status_code == 404
    progress = "/place/harbour_city/support/progress/"
    wrong = other.post(progress, {"number": row.number, "code": "AAAA-AAAA-AAAA"})
    assert wrong.status_code == 422
    shown = other.post(progress, {"number": row.number, "code": found[1]}, follow=True)
    assert row.number in shown.content.decode()


def test_mistakes_are_told_and_nothing_typed_is_lost(browser: Client) -> None:
    wrong = browser.post(f"{HERE}new/", posted(against="", officer="某人", file=picture()))

    page = html.document_fromstring(wrong.content)
    assert wrong.status_code == 422
    assert page.xpath("//div[@id='problems']//a/@href") == ["#f-against-0"]
    assert page.xpath("//input[@name='officer']/@value") == ["某人"]
    assert len(page.xpath("//input[@name='_upload']/@value")) == 1


def test_others_see_nothing_of_a_complaint(browser: Client) -> None:
    made = complain("other")

    file = f"documents/{uuid4()}/"
    for one in ("", f"{file}1/", f"{file}text/", f"{file}original/"):
        assert browser.get(f"{HERE}{made.id}/{one}").status_code == 404
    own = complain()
    assert browser.get(f"/place/guangzhou/complaints/{own.id}/").status_code == 404


def test_who_worked_on_my_case_is_kept_away(
    submitted: CaseView, person: Callable[[str], Any], actor: Callable[[str], Actor]
) -> None:
    take(submitted.id, actor("window_officer"), "accept")
    mine = personas.sign_in(person("applicant"), second_factor=False)
    form = html.document_fromstring(mine.get(f"{HERE}new/").content)
    assert str(submitted.id) in form.xpath("//select[@name='case']/option/@value")

    mine.post(f"{HERE}new/", posted(against="decision", case=str(submitted.id)))

    row = Complaint.objects.get()
    assert actor("window_officer").id in row.kept_away
    assert row.case == submitted.reference
    assert "kept_away" in ledger.history(row.pk)[0].payload


def test_case_of_another_is_not_taken_from_the_form(browser: Client, submitted: CaseView) -> None:
    browser.post(f"{HERE}new/", posted(case=str(submitted.id)))

    assert len(Complaint.objects.get().kept_away) == 1


@pytest.mark.parametrize("path", ["", "answered/"])
def test_desk_pages_are_for_those_who_handle_or_watch(path: str) -> None:
    made = complain()
    desk = desk_of("second", role="librarian")

    assert desk.get(f"{DESK}{path}").status_code == 404
    assert desk.get(f"{DESK}{made.id}/").status_code == 404
