"""The supporters' pages: the list, a question, the claim, the answer."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from lxml import html

from tests import personas
from tests.directory.asking import resident
from tests.directory.helping import PHONE, answer, applicant, ask, officer, screenshot
from yincai.directory import queries
from yincai.ledger import queries as ledger

pytestmark = pytest.mark.django_db
LIST = "/desk/support/"


def desk_of(name: str = "helper", **more: Any) -> Client:
    officer(name, **more)
    return personas.sign_in(resident(name), second_factor=True)


def test_officer_finds_claims_and_answers(reader_here: None) -> None:
    made, desk = ask(uploads=(screenshot(),)), desk_of()
    listed = html.document_fromstring(desk.get(LIST).content)
    assert listed.xpath("//tbody//th/a/@href") == [f"{LIST}{made.id}/"]
    page = desk.get(f"{LIST}{made.id}/").content.decode()
    assert "点「下载」没有反应" in page
    assert "Chrome 120，Windows" in page
    assert PHONE not in page
    (picture,) = html.document_fromstring(page).xpath("//ol[@class='said']//img/@src")
    assert desk.get(picture)["Content-Type"] == "image/jpeg"

    desk.post(f"{LIST}{made.id}/", {"act": "claim"})
    empty = desk.post(f"{LIST}{made.id}/", {"act": "answer", "_key": str(uuid4()), "text": " "})
    assert empty.status_code == 422
    done = desk.post(
        f"{LIST}{made.id}/", {"act": "answer", "_key": str(uuid4()), "text": "请再试。"}, follow=True
    )

    assert "已答复" in done.content.decode()
    assert queries.own_ticket(applicant(), made.id).messages[-1].text == "请再试。"
    assert made.number in desk.get(f"{LIST}answered/").content.decode()


def test_question_is_given_back(db: None) -> None:
    made, desk = ask(), desk_of()
    desk.post(f"{LIST}{made.id}/", {"act": "claim"})
    other = desk_of("second")
    assert "温言 办理中" in other.get(f"{LIST}{made.id}/").content.decode()
    assert other.post(f"{LIST}{made.id}/", {"act": "claim"}).status_code == 409

    desk.post(f"{LIST}{made.id}/", {"act": "release"})

    assert queries.own_ticket(applicant(), made.id).claimed_by is None


def test_phone_is_shown_whole_for_a_reason_on_record(db: None) -> None:
    made, desk = ask(), desk_of()

    without = desk.post(f"{LIST}{made.id}/", {"act": "reveal", "reason": ""})
    shown = desk.post(f"{LIST}{made.id}/", {"act": "reveal", "reason": "电话里说明"})

    assert (without.status_code, PHONE in without.content.decode()) == (422, False)
    assert PHONE in shown.content.decode()
    looks = [one for one in ledger.history(made.id) if one.payload.get("what") == "answer:phone"]
    assert [one.said("purpose") for one in looks] == ["电话里说明"]


def test_own_question_is_another_officers(db: None) -> None:
    officer()
    made = ask("helper")

    page = desk_of().get(f"{LIST}{made.id}/").content.decode()

    assert "须由另一位工作人员答复" in page


@pytest.mark.parametrize("path", ["", "answered/"])
def test_page_is_for_supporters_of_the_place_alone(path: str) -> None:
    made = ask()
    answer(ask("other"))
    desk = desk_of("second", role="librarian")

    assert desk.get(f"{LIST}{path}").status_code == 404
    assert desk.get(f"{LIST}{made.id}/").status_code == 404
    assert desk.post(f"{LIST}{made.id}/", {"act": "claim"}).status_code == 404
    assert [one for one in ledger.history(made.id) if one.is_read] == []


def test_unknown_act_is_refused(db: None) -> None:
    made, desk = ask(), desk_of()

    assert desk.post(f"{LIST}{made.id}/", {"act": "erase"}).status_code == 404
    assert desk.post(f"{LIST}{made.id}/", {"act": "answer", "text": "x"}).status_code == 422
