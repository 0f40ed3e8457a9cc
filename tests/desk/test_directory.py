"""The reviewers' pages: the list, a request beside its file, the rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from tests import personas
from tests.directory.asking import WRITTEN, ask, resident, reviewer
from yincai.directory import queries
from yincai.directory.actions import decide_request, publish_directory
from yincai.directory.vocabulary import Deed, RequestView, Sort, Standing
from yincai.ledger import queries as ledger
from yincai.messages import queries as messages
from yincai.messages import tasks

LIST = "/desk/directory/"


@pytest.fixture
def asked(db: None, reader_here: None) -> RequestView:
    """A request that waits."""
    publish_directory(settings.PLACES / "harbour_city")
    return ask()


@pytest.fixture
def desk(asked: RequestView) -> Client:
    """The reviewer's browser."""
    return browser_of("shenhe")


def browser_of(name: str, **more: Any) -> Client:
    reviewer(name, **more)
    return personas.sign_in(resident(name), second_factor=True)


def address(asked: RequestView) -> str:
    return f"{LIST}{asked.id}/"


def standing(asked: RequestView) -> Standing:
    return queries.own_request(asked.account, asked.id).standing


def test_reviewer_finds_opens_and_approves(desk: Client, asked: RequestView) -> None:
    listed = html.document_fromstring(desk.get(LIST).content)
    assert listed.xpath("//tbody//th/a/@href") == [address(asked)]
    page = desk.get(address(asked)).content.decode()
    assert WRITTEN["address"] in page
    assert "138****0009" in page
    assert WRITTEN["phone"] not in page
    (picture,) = html.document_fromstring(page).xpath("//figure//img/@src")
    assert desk.get(picture)["Content-Type"] == "image/jpeg"

    answer = desk.post(address(asked), {"verdict": "approve", "opinion": ""}, follow=True)

    assert "已办结：通过" in answer.content.decode()
    assert standing(asked) is Standing.APPROVED
    looks = [one.payload["what"] for one in ledger.history(asked.id) if one.is_read]
    assert looks[:2] == ["request", f"document:{asked.documents[0]}"]


def test_refusal_without_a_reason_keeps_the_page(desk: Client, asked: RequestView) -> None:
    answer = desk.post(address(asked), {"verdict": "refuse", "opinion": " "})

    assert answer.status_code == 422
    assert html.document_fromstring(answer.content).xpath("//div[@id='problems']//a/@href") == ["#opinion"]
    assert standing(asked) is Standing.PENDING


def test_phone_is_shown_whole_for_a_reason_on_record(desk: Client, asked: RequestView) -> None:
    without = desk.post(address(asked), {"verdict": "reveal", "reason": ""})
    shown = desk.post(address(asked), {"verdict": "reveal", "reason": "核对执照"})

    assert without.status_code == 422
    assert WRITTEN["phone"] not in without.content.decode()
    assert WRITTEN["phone"] in shown.content.decode()
    looks = [one for one in ledger.history(asked.id) if one.payload.get("what") == "answer:phone"]
    assert [one.said("purpose") for one in looks] == ["核对执照"]
    own = personas.sign_in(resident(), second_factor=False)
    told = own.get(f"/place/harbour_city/organisations/requests/{asked.id}/").content.decode()
    assert "核对执照" in told


def test_second_officer_is_told_that_somebody_was_first(desk: Client, asked: RequestView) -> None:
    other = browser_of("ershen")
    desk.post(address(asked), {"verdict": "approve"})

    late = other.post(address(asked), {"verdict": "refuse", "opinion": "执照看不清"})

    assert late.status_code == 409
    assert standing(asked) is Standing.APPROVED


def test_own_request_has_no_buttons(asked: RequestView) -> None:
    own = ask("ershen", sort=Sort.MAJOR)
    desk = browser_of("ershen")

    page = desk.get(address(own)).content.decode()

    assert "须由另一位审核人员办理" in page
    assert 'value="approve"' not in page
    assert desk.post(address(own), {"verdict": "approve"}).status_code == 403


@pytest.mark.parametrize("more", [{"role": "librarian"}, {"place": "shijiazhuang"}])
def test_other_staff_see_nothing(asked: RequestView, more: dict[str, str]) -> None:
    desk = browser_of("bieren", **more)

    assert desk.get(address(asked)).status_code == 404
    assert desk.get(f"{LIST}?place=harbour_city").status_code == 404
    assert desk.get(f"{address(asked)}documents/{asked.documents[0]}/1/").status_code == 404
    assert desk.post(address(asked), {"verdict": "approve"}).status_code == 404
    assert standing(asked) is Standing.PENDING


def test_change_stands_beside_what_counts_now(desk: Client) -> None:
    (record,) = queries.search("harbour_city", Sort.ORGANISATION, "灯塔").records
    change = ask(deed=Deed.CHANGE, record_id=record.id, written=WRITTEN | {"uscc": record.code})

    page = desk.get(address(change)).content.decode()

    assert "现在：西岛灯塔咖啡有限公司" in page
    assert "现在：西岛区" in page
    assert "现在：企业" not in page


def test_reviewer_ends_a_right_with_a_reason(desk: Client) -> None:
    (library,) = queries.search("harbour_city", Sort.ORGANISATION, "图书馆").records
    wanted = ask(deed=Deed.ADMINISTER, record_id=library.id, written={"phone": "13800000009"})
    desk.post(address(wanted), {"verdict": "approve"})
    (right,) = queries.administers(wanted.account)
    rights = f"{LIST}administrators/"
    assert library.name in desk.get(rights).content.decode()

    without = desk.post(rights, {"right": str(right.id), "reason": ""})
    desk.post(rights, {"right": str(right.id), "reason": "已离职"})

    assert without.status_code == 422
    assert queries.administers(wanted.account) == []
    assert desk.post(rights, {"right": "nothing", "reason": "x"}).status_code == 404


@pytest.mark.parametrize(("approve", "words"), [(True, "已通过"), (False, "执照看不清")])
def test_applicant_is_told_by_inbox_and_sms(asked: RequestView, approve: bool, words: str) -> None:
    decide_request(asked.id, actor=reviewer(), approve=approve, opinion="执照看不清" if not approve else "")

    tasks.tell_requester(ledger.history(asked.id)[-1])
    tasks.tell_requester(ledger.history(asked.id)[-1])

    (told,) = messages.inbox(asked.account)
    assert asked.number in told.body
    assert words in told.body
