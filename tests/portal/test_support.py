"""遇到问题: from any page to an answer, signed in or not."""

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
from tests.directory.asking import resident
from tests.directory.helping import PHONE, answer, applicant, ask, code_of, officer, stranger_asks
from yincai.casework.vocabulary import CaseView
from yincai.directory import queries
from yincai.directory.models import Ticket
from yincai.documents.inspection import inspect_document

pytestmark = pytest.mark.django_db
HERE = "/place/harbour_city/support/"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"
WRITTEN = {"topic": "download", "text": "点「下载」没有反应。", "phone": PHONE}


@pytest.fixture
def browser(db: None, reader_here: None) -> Client:
    """Where `asker` is signed in."""
    return personas.sign_in(resident(), second_factor=False)


def posted(**more: Any) -> dict[str, Any]:
    return {"_key": str(uuid4()), **WRITTEN, "along": "on", **more}


def page_of(answer: Any) -> Any:
    return html.document_fromstring(answer.content.decode())


def along(page: Any) -> dict[str, str]:
    """What the page says will be sent along."""
    rows = page.xpath("//section[@class='along']//dl/div")
    return {row.findtext("dt"): row.findtext("dd") for row in rows}


def test_every_page_leads_to_the_form_with_its_address_and_nothing_of_its_query(browser: Client) -> None:
    page = page_of(browser.get("/verify/", {"number": "1300001", "code": "SECRET"}))

    (way,) = page.xpath("//footer//a[text()='遇到问题']/@href")

    assert "SECRET" not in way
    assert way == "/support/?page=%2Fverify%2F"


def test_key_in_an_address_is_not_passed_on(browser: Client) -> None:
    page = page_of(browser.get("/verify/ABCDEFGHJKMNPQRS/"))

    (way,) = page.xpath("//footer//a[text()='遇到问题']/@href")

    assert "ABCDEFGHJKMNPQRS" not in way
    shown = page_of(browser.get(f"{HERE}ask/", {"page": "/verify/ABCDEFGHJKMNPQRS/?a=b"}))
    assert along(shown)["所在页面"] == "/verify/…/"


def test_error_page_brings_its_number_along(browser: Client) -> None:
    missing = browser.get("/no/such/page/", headers={"X-Request-ID": "request-12345678"})

    (way,) = page_of(missing).xpath("//a[text()='遇到问题']/@href")

    assert "故障编号 request-12345678" in missing.content.decode()
    assert way == "/support/?log=request-12345678"
    arrived = browser.get(f"{HERE}ask/?log=request-12345678", headers={"User-Agent": AGENT})
    assert along(page_of(arrived)) == {"浏览器": "Chrome 120，Windows", "故障编号": "request-12345678"}


def test_way_leads_to_the_place_or_to_the_choice_of_one(browser: Client) -> None:
    chosen = browser.get("/support/", {"place": "harbour_city", "page": "/my/"})
    choice = page_of(browser.get("/support/", {"page": "/my/"}))

    assert chosen.headers["Location"] == f"{HERE}ask/?page=%2Fmy%2F"
    assert f"{HERE}ask/?page=%2Fmy%2F" in choice.xpath("//main//a/@href")


def test_question_is_asked_with_its_context_and_answered(browser: Client) -> None:
    form = browser.get(f"{HERE}ask/?page=/my/approved/", headers={"User-Agent": AGENT})
    assert along(page_of(form)) == {"所在页面": "/my/approved/", "浏览器": "Chrome 120，Windows"}

    sent = browser.post(
        f"{HERE}ask/", posted(page="/my/approved/", file=picture()), headers={"User-Agent": AGENT}
    )

    ticket = Ticket.objects.get()
    assert sent.headers["Location"] == f"{HERE}tickets/{ticket.pk}/"
    said = queries.own_ticket(applicant(), ticket.pk)
    assert dict(said.context) == {"page": "/my/approved/", "browser": "Chrome 120，Windows"}
    (file,) = said.messages[0].documents
    inspect_document(file)
    assert browser.get(f"{sent.headers['Location']}documents/{file}/1/")["Content-Type"] == "image/jpeg"
    answer(said)
    shown = browser.get(sent.headers["Location"]).content.decode()
    assert "已修复" in shown
    assert "温言" not in shown  # whoever answers does so for the office
    assert ticket.number in browser.get(HERE).content.decode()


def test_context_that_is_switched_off_is_not_kept(browser: Client) -> None:
    sent = posted(page="/my/approved/", log="request-12345678")
    del sent["along"]

    browser.post(f"{HERE}ask/", sent, headers={"User-Agent": AGENT})

    assert queries.own_ticket(applicant(), Ticket.objects.get().pk).context == {}


def test_mistakes_are_told_and_nothing_typed_or_uploaded_is_lost(browser: Client) -> None:
    wrong = browser.post(f"{HERE}ask/", posted(phone="12", topic="", file=picture(), page="/my/"))

    page = page_of(wrong)
    assert wrong.status_code == 422
    assert set(page.xpath("//div[@id='problems']//a/@href")) == {"#f-topic-0", "#f-phone"}
    assert page.xpath("//textarea/text()")[0].strip() == WRITTEN["text"]
    assert page.xpath("//input[@name='page']/@value") == ["/my/"]
    (upload,) = page.xpath("//input[@name='_upload']/@value")
    again = browser.post(f"{HERE}ask/", posted(_upload=upload))
    assert again.status_code == 302
    assert str(queries.own_ticket(applicant(), Ticket.objects.get().pk).messages[0].documents[0]) == upload


def test_asker_answers_back_and_ends_it(browser: Client) -> None:
    made = answer(ask())
    address = f"{HERE}tickets/{made.id}/"

    empty = browser.post(address, {"_key": str(uuid4()), "text": ""})
    assert (empty.status_code, page_of(empty).xpath("//div[@id='problems']//a/@href")) == (422, ["#f-text"])
    browser.post(address, {"_key": str(uuid4()), "text": "还是不行。", "file": picture()})
    assert queries.own_ticket(applicant(), made.id).is_waiting
    browser.post(address, {"act": "close"})

    assert queries.own_ticket(applicant(), made.id).is_closed
    assert "提交后重新开始办理" in browser.get(address).content.decode()


def test_others_see_nothing_of_a_question(browser: Client) -> None:
    made = ask("other")
    address = f"{HERE}tickets/{made.id}/"

    for one in (
        "",
        f"documents/{uuid4()}/1/",
        f"documents/{uuid4()}/text/",
        f"documents/{uuid4()}/original/",
    ):
        assert browser.get(f"{address}{one}").status_code == 404
    assert browser.post(address, {"act": "close"}).status_code == 404
    own = ask()
    assert browser.get(f"/place/guangzhou/support/tickets/{own.id}/").status_code == 404


def test_asker_sees_who_looked(browser: Client) -> None:
    made = ask()
    queries.open_ticket(officer(), made.id)

    assert "谁看过这份求助" in browser.get(f"{HERE}tickets/{made.id}/").content.decode()


def test_place_without_support_has_no_such_pages(db: None) -> None:
    assert Client().get("/place/nowhere/support/ask/").status_code == 404


def test_stranger_asks_with_a_code_and_follows_by_number_and_code(db: None) -> None:
    stranger = Client()
    assert stranger.get(f"{HERE}ask/").status_code == 200
    unchecked = stranger.post(f"{HERE}ask/", posted(name="路人"))
    assert (unchecked.status_code, Ticket.objects.count()) == (422, 0)

    sent = stranger.post(f"{HERE}ask/", posted(name="路人", **checks.work_done("support")))
    ticket = Ticket.objects.get()
    assert sent.headers["Location"] == f"{HERE}confirm/{ticket.pk}/"
    page = stranger.get(sent.headers["Location"]).content.decode()
    assert "139****0001" in page
    assert PHONE not in page
    wrong = stranger.post(sent.headers["Location"], {"code": "x"})
    assert (wrong.status_code, Ticket.objects.get().standing) == (422, "unconfirmed")
    done = stranger.post(sent.headers["Location"], {"code": code_of(ticket.pk)}, follow=True)

    found = re.search(r"<code>([A-Z2-7-]{14})</code>", done.content.decode())
    assert found
    ticket.refresh_from_db()
    other = Client()
    assert other.get(f"{HERE}tickets/{ticket.pk}/").status_code == 404
    refused = other.post(f"{HERE}progress/", {"number": ticket.number, "code": "AAAA-AAAA-AAAA"})
    assert refused.status_code == 422
    shown = other.post(f"{HERE}progress/", {"number": ticket.number, "code": found[1]}, follow=True)
    assert ticket.number in shown.content.decode()
    replied = other.post(f"{HERE}tickets/{ticket.pk}/", {"_key": str(uuid4()), "text": "补充。"})
    assert replied.status_code == 302
    assert len(queries.open_ticket(officer(), ticket.pk).messages) == 2


def test_codes_are_not_tried_without_end(db: None) -> None:
    made, stranger = stranger_asks(), Client()
    for _ in range(20):
        stranger.post(f"{HERE}progress/", {"number": made.number, "code": "AAAA-AAAA-AAAA"})

    right = {"number": made.number, "code": queries.progress_code(made.id)}
    refused = stranger.post(f"{HERE}progress/", right)

    assert refused.status_code == 422
    assert "请约" in refused.content.decode()


def test_one_address_sends_ten_questions_an_hour_at_most(db: None) -> None:
    stranger = Client()
    for number in range(10):
        sent = posted(name="路人", phone=f"139123400{number:02}", **checks.work_done("support"))
        assert stranger.post(f"{HERE}ask/", sent).status_code == 302

    last = stranger.post(
        f"{HERE}ask/", posted(name="路人", phone="13912340099", **checks.work_done("support"))
    )

    assert (last.status_code, Ticket.objects.count()) == (429, 10)


def test_page_of_a_case_names_it_to_its_own_applicant_alone(
    submitted: CaseView, person: Callable[[str], Any]
) -> None:
    asked = f"{HERE}ask/?page=/my/cases/{submitted.id}/"
    own, other = (personas.sign_in(person(name), second_factor=False) for name in ("applicant", "stranger"))

    assert along(page_of(own.get(asked)))["申请编号"] == submitted.reference
    assert "申请编号" not in along(page_of(other.get(asked)))
    assert "申请编号" not in along(page_of(Client().get(asked)))
