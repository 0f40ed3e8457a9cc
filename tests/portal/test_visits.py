"""谁看过我的资料: looks grouped by visit; and what comes next on the page of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.cases import take
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor
from yincai.look.flow import course_ahead
from yincai.portal.visits import visits_of
from yincai.programmes import queries as programmes

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
NOON = clock.start_of(clock.today() + timedelta(days=1)) + timedelta(hours=12)


def test_looks_of_one_person_within_half_an_hour_are_one_visit(submitted: CaseView, actor: ActorOf) -> None:
    document = cases.materials(submitted.id)[0].document_id
    officer, colleague = actor("window_officer"), actor("approver")
    with clock.frozen(NOON):
        cases.look_at_case(officer, submitted.id)
    with clock.frozen(NOON + timedelta(minutes=10)):
        cases.open_document(officer, submitted.id, document)
        cases.look_at_case(officer, submitted.id, what="answer:identity", purpose="与原件核对")
    with clock.frozen(NOON + timedelta(hours=2)):
        cases.look_at_case(officer, submitted.id)
        take(submitted.id, officer, "accept")
        take(submitted.id, officer, "check_originals", confirmation="on")
        cases.look_at_case(colleague, submitted.id)

    found = visits_of(
        ledger.history(submitted.id),
        place=programmes.place(submitted.place),
        documents={document: "身份证或护照"},
        answers={"identity": "证件类型和证件号码"},
    )

    assert [one.who for one in found] == ["组织部审核", "窗口受理员", "窗口受理员"]
    first = found[-1]
    assert (first.begun, first.ended) == (NOON, NOON + timedelta(minutes=10))
    assert list(first.parts) == ["申请内容", "材料「身份证或护照」", "「证件类型和证件号码」的完整内容"]
    assert list(first.reasons) == ["办理", "与原件核对"]


def test_document_that_was_taken_away_is_still_named() -> None:
    from yincai.engine.place import Branding, Place
    from yincai.ledger.vocabulary import EntryView

    reader = Actor("staff", UUID(int=1), "window_officer")
    payload = {"purpose": "办理", "what": f"document:{uuid4()}"}
    look = EntryView(1, uuid4(), 1, "record.read", reader, "", NOON, payload, True, "")

    (visit,) = visits_of([look], place=Place("x", "x", "x", Branding("x"), (), ()), documents={}, answers={})

    assert list(visit.parts) == ["材料「已撤下的材料」"]


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("export", "导出的表格（姓名和号码已隐去中间部分）"),
        ("export:whole", "导出的表格（含完整的姓名、证件号码和手机号）"),
    ],
)
def test_spreadsheet_is_named_with_how_much_of_a_number_is_in_it(what: str, named: str) -> None:
    from yincai.engine.place import Branding, Place
    from yincai.ledger.vocabulary import EntryView

    reader = Actor("staff", UUID(int=1), "administrator")
    payload = {"purpose": "导出表格", "what": what}
    look = EntryView(1, uuid4(), 1, "record.read", reader, "", NOON, payload, True, "")

    (visit,) = visits_of([look], place=Place("x", "x", "x", Branding("x"), (), ()), documents={}, answers={})

    assert list(visit.parts) == [named]


def test_what_comes_next_follows_the_facts_of_the_case(submitted: CaseView) -> None:
    table = submitted.spec.workflow

    def ahead(**facts: str) -> list[str]:
        return [one.state.name for one in course_ahead(table, "at_window", facts)]

    assert ahead(variant="A", category="4") == ["in_approval", "approved", "making_card", "ready", "issued"]
    assert ahead(variant="A", category="6")[:2] == ["in_approval", "expert_review"]
    assert ahead(variant="C", category_c="1")[:3] == ["awaiting_recheck", "in_recheck", "in_approval"]
    assert course_ahead(table, "issued", {}) == []


def test_page_of_a_case_says_who_holds_it_its_limit_and_what_is_next(
    submitted: CaseView, browser: BrowserOf
) -> None:
    page = html.fromstring(browser("applicant").get(reverse("portal:case", args=[submitted.id])).content)

    facts = dict(
        zip(page.xpath("//dt/text()"), (one.text_content() for one in page.xpath("//dd")), strict=False)
    )
    assert facts["现在由谁办理"] == "窗口受理员"
    assert facts["办理时限"].startswith("24 小时内，即 ")
    assert facts["下一步"] == "等待窗口核验原件"
    assert facts["人才类别"] == "第(4)类"
    steps = [" ".join(one.text_content().split()) for one in page.xpath("//*[@class='timeline-title']")]
    assert steps[0] == "提交申请"
    now = page.xpath("//*[@aria-current='step']//*[@class='timeline-title']/text()")
    assert now == ["预受理"]
