"""The officers' pages: who gets in, what a look leaves behind, and the steps as buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.answers import NUMBER, SECTIONS, picture
from tests.cases import PLACE, someone_elses_case, submit, take
from yincai.cards.case_orders import order_for_case
from yincai.cards.holders import HolderData
from yincai.cards.models import Card, Substitute
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.directory.actions import publish_directory
from yincai.documents.inspection import inspect_document
from yincai.foundation import clock
from yincai.ledger import queries as ledger
from yincai.ledger.models import DeliveryTrouble
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.messages import actions as messages
from yincai.messages.vocabulary import Texts
from yincai.people import actions as people
from yincai.people.models import Account

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]


def page(case: CaseView) -> str:
    return reverse("desk:case", args=[case.id])


def reveal(case: CaseView, field: str) -> str:
    return reverse("desk:reveal", args=[case.id, field])


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("applicant", 404),
        ("stranger", 404),
        ("window_officer", 200),
        ("approver", 404),
        ("auditor", 200),
        ("administrator", 404),
    ],
)
def test_case_page_answers(submitted: CaseView, browser: BrowserOf, who: str, status: int) -> None:
    before = len(ledger.history(submitted.id))

    answer = browser(who).get(page(submitted))

    assert answer.status_code == status
    assert len(ledger.history(submitted.id)) == before + (1 if status == 200 else 0)


def test_look_is_recorded_and_shown_to_the_applicant(submitted: CaseView, browser: BrowserOf) -> None:
    browser("window_officer").get(page(submitted))

    entry = ledger.history(submitted.id)[-1]
    shown = browser("applicant").get(reverse("portal:case", args=[submitted.id])).content.decode()

    assert (entry.is_read, entry.actor.role) == (True, "window_officer")
    assert "窗口受理员" in shown.split("谁看过我的资料")[1]


def test_numbers_are_masked_on_the_page(submitted: CaseView, browser: BrowserOf) -> None:
    shown = browser("window_officer").get(page(submitted)).content.decode()

    assert "居民身份证 110***********002X" in shown
    assert "110***********0010" in shown  # of a member of the family
    assert "138****8000" in shown
    for whole in (NUMBER, "110101202011220010", "13800138000", "86054321"):
        assert whole not in shown


def test_mail_and_addresses_are_masked_but_not_those_of_an_organisation(
    submitted: CaseView, browser: BrowserOf
) -> None:
    officer = browser("window_officer")
    shown = officer.get(page(submitted)).content.decode()

    assert "z***@example.org" in shown
    assert "石家庄市长安区******" in shown
    assert "石家庄市裕华区示例路 1 号" in shown  # of the employer
    for field, whole in (("email", "zhang@example.org"), ("residence", "示例街 2 号")):
        assert whole not in shown
        answer = officer.post(reveal(submitted, field), {"reason": "与原件核对"})
        assert whole in answer.content.decode()


def test_number_is_revealed_once_for_a_reason_that_the_applicant_reads(
    submitted: CaseView, browser: BrowserOf
) -> None:
    officer, before = browser("window_officer"), len(ledger.history(submitted.id))

    answer = officer.post(reveal(submitted, "identity"), {"reason": "与原件核对"})

    shown = answer.content.decode()
    (entry,) = ledger.history(submitted.id)[before:]
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert NUMBER in shown
    assert "13800138000" not in shown
    assert (entry.is_read, entry.actor.role) == (True, "window_officer")
    assert (entry.said("purpose"), entry.payload["what"]) == ("与原件核对", "answer:identity")
    assert "与原件核对" not in str(entry.payload)
    assert NUMBER not in officer.get(page(submitted)).content.decode()
    told = browser("applicant").get(reverse("portal:case", args=[submitted.id])).content.decode()
    assert "的完整内容" in told
    assert "与原件核对" in told


def test_numbers_in_a_table_are_revealed_together(submitted: CaseView, browser: BrowserOf) -> None:
    shown = browser("window_officer").post(reveal(submitted, "family"), {"reason": "与户口簿核对"})

    assert "110101202011220010" in shown.content.decode()
    assert NUMBER not in shown.content.decode()


@pytest.mark.parametrize("reason", ["", "  ", "\0", "字" * 201, f"核对 {NUMBER}"])
def test_number_is_not_revealed_without_a_reason_that_may_be_kept(
    submitted: CaseView, browser: BrowserOf, reason: str
) -> None:
    answer = browser("window_officer").post(reveal(submitted, "mobile"), {"reason": reason})

    assert answer.status_code == 422
    assert "13800138000" not in answer.content.decode()
    assert 'href="#words-answer-mobile"' in answer.content.decode()
    assert ledger.history(submitted.id)[-1].payload["what"] == "case"


@pytest.mark.parametrize(
    ("who", "field"), [("approver", "identity"), ("applicant", "identity"), ("window_officer", "name_zh")]
)
def test_nothing_is_revealed_to_others_and_of_other_answers(
    submitted: CaseView, browser: BrowserOf, who: str, field: str
) -> None:
    before = len(ledger.history(submitted.id))

    answer = browser(who).post(reveal(submitted, field), {"reason": "核对"})

    assert answer.status_code == 404
    assert len(ledger.history(submitted.id)) == before


def test_queue_holds_the_case_with_a_masked_name(submitted: CaseView, browser: BrowserOf) -> None:
    shown = browser("window_officer").get(reverse("desk:queue")).content.decode()

    assert str(submitted.reference) in shown
    assert "张**" in shown
    assert "张晓雨" not in shown


def test_officer_claims_and_accepts_in_the_browser(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    officer = browser("window_officer")
    officer.post(reverse("desk:claim", args=[submitted.id]))

    answer = officer.post(
        reverse("desk:step", args=[submitted.id, "accept"]),
        {"_key": str(uuid4()), "_changes": str(submitted.changes)},
    )

    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:queue"))
    assert cases.case_for(actor("applicant"), submitted.id).state == "at_window"


def test_refusal_without_a_reason_comes_back_with_a_sentence(submitted: CaseView, browser: BrowserOf) -> None:
    officer = browser("window_officer")
    officer.post(reverse("desk:claim", args=[submitted.id]))

    answer = officer.post(
        reverse("desk:step", args=[submitted.id, "refuse_at_window"]),
        {"_key": str(uuid4()), "_changes": str(submitted.changes)},
    )

    assert answer.status_code == 422
    assert "请写明理由" in answer.content.decode()


def test_document_is_shown_as_a_harmless_picture_and_the_look_recorded(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    document = cases.materials(submitted.id)[0].document_id

    answer = browser("window_officer").get(reverse("desk:document", args=[submitted.id, document, 1]))

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert ledger.history(submitted.id)[-1].payload["what"] == f"document:{document}"


def test_document_of_another_case_is_not_found(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    other = someone_elses_case(actor("spouse"))
    document = cases.materials(other.id)[0].document_id
    officer = browser("window_officer")
    assert officer.get(reverse("desk:document", args=[other.id, document, 1])).status_code == 200

    answer = officer.get(reverse("desk:document", args=[submitted.id, document, 1]))

    assert answer.status_code == 404


def test_case_claimed_by_a_colleague_offers_no_step(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf, person: Callable[[str], Account]
) -> None:
    people.appoint_staff(person("reviewer"), actor=SYSTEM, place=PLACE, office="hall", role="window_officer")
    step = reverse("desk:step", args=[submitted.id, "accept"])
    actions.claim_case(submitted.id, actor=actor("reviewer"))
    assert step in browser("reviewer").get(page(submitted)).content.decode()

    shown = browser("window_officer").get(page(submitted)).content.decode()

    assert "同事正在办理" in shown
    assert step not in shown
    assert reverse("desk:claim", args=[submitted.id]) not in shown


def test_every_form_of_a_page_has_its_own_submission_key(submitted: CaseView, browser: BrowserOf) -> None:
    officer = browser("window_officer")
    officer.post(reverse("desk:claim", args=[submitted.id]))

    keys = re.findall(r'name="_key" value="([^"]+)"', officer.get(page(submitted)).content.decode())

    assert len(keys) == 3
    assert len({UUID(key) for key in keys}) == 3


def test_opinion_is_read_by_officers_alone_and_a_tick_by_nobody(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    take(submitted.id, actor("approver"), "approve", opinion="名录第三条")

    resident = browser("applicant").get(reverse("portal:case", args=[submitted.id])).content.decode()
    officer = browser("approver").get(page(submitted)).content.decode()

    assert "名录第三条" not in resident
    assert "办理意见：名录第三条" in officer
    assert [one.words for one in cases.steps(actor("applicant"), submitted.id)] == [{}, {}, {}, {}]
    assert ">on<" not in resident + officer
    assert "：on<" not in resident + officer


def test_every_stage_has_a_page_for_its_officer(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    ways = [
        ("window_officer", "accept", {}),
        ("window_officer", "check_originals", {"confirmation": "on"}),
        ("approver", "approve", {"opinion": "符合。"}),
        ("issuer", "issue", {}),
    ]
    for who, step, words in ways:
        assert browser(who).get(page(submitted)).status_code == 200
        take(submitted.id, actor(who), step, **words)

    assert cases.case_for(actor("applicant"), submitted.id).state == "making_card"


RARE = "\U0002b4e9"
"""A character that no bundled font has."""


@pytest.fixture
def approved_with_a_rare_name(complete: CaseView, actor: ActorOf) -> CaseView:
    """Approved, claimed by the issuer, and its card cannot be printed."""
    name = SECTIONS["person"] | {"name_zh": [f"张{RARE}雨"]}
    actions.save_section(
        complete.id, actor=actor("applicant"), section="person", posted=name, seen_revision=1
    )
    submitted = submit(complete.id, actor("applicant"))
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    approved = take(submitted.id, actor("approver"), "approve", opinion="符合。")
    actions.claim_case(submitted.id, actor=actor("issuer"))
    return approved


def issue(case: CaseView, browser: BrowserOf) -> HttpResponse:
    return browser("issuer").post(
        reverse("desk:step", args=[case.id, "issue"]), {"_key": str(uuid4()), "_changes": str(case.changes)}
    )


def declare(case: CaseView, browser: BrowserOf, who: str = "issuer", **words: str) -> HttpResponse:
    posted = {"character": RARE, "substitute": "□", "reason": "电话商定。"} | words
    return browser(who).post(reverse("desk:substitutes", args=[case.id]), posted)


def test_character_that_cannot_be_printed_is_told_before_anything_is_decided(
    complete: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    name = SECTIONS["person"] | {"name_zh": [f"张{RARE}雨"]}
    actions.save_section(
        complete.id, actor=actor("applicant"), section="person", posted=name, seen_revision=1
    )
    submitted = submit(complete.id, actor("applicant"))

    shown = browser("window_officer").get(page(submitted)).content.decode()

    assert f"姓名：「{RARE}」（U+2B4E9）字库里没有" in shown
    assert "登记代用字</button>" not in shown


def test_card_that_cannot_be_printed_is_refused_at_the_step_and_nothing_has_changed(
    approved_with_a_rare_name: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    case = approved_with_a_rare_name

    answer = issue(case, browser)

    assert answer.status_code == 422
    assert "字库里没有，印不出来" in answer.content.decode()
    assert cases.case_for(actor("applicant"), case.id).state == case.state
    assert "card.requested" not in [one.event for one in ledger.history(case.id)]


def test_declared_substitute_is_printed_recorded_and_shown_to_the_applicant(
    approved_with_a_rare_name: CaseView, browser: BrowserOf
) -> None:
    case = approved_with_a_rare_name

    declared = declare(case, browser)
    issued = issue(case, browser)

    (entry,) = [one for one in ledger.history(case.id) if one.event == "card.substitute_declared"]
    assert (declared.status_code, issued.status_code) == (302, 302)
    assert (entry.actor.role, entry.payload["characters"], entry.said("reason")) == (
        "issuer",
        1,
        "电话商定。",
    )
    order_for_case(next(one for one in ledger.history(case.id) if one.event == "card.requested"))
    card = Card.objects.get(case_id=case.id)
    holder = HolderData.unsealed(card.holder, card_id=card.id)
    assert (holder.printed["holder_name"], holder.name) == ("张□雨", f"张{RARE}雨")
    shown = browser("applicant").get(reverse("portal:case", args=[case.id])).content.decode()
    assert f"「{RARE}」印作「□」" in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"substitute": ""}, "请填写"),
        ({"substitute": RARE}, "要用字库里有的字"),
        ({"substitute": "吉" * 13}, "最多 12 个字"),
        ({"reason": " "}, "请写明与申请人商定的经过"),
        ({"character": "张"}, "只有字库里没有的字才登记代用字"),
    ],
)
def test_substitute_that_cannot_be_taken_is_refused_with_what_was_typed(
    approved_with_a_rare_name: CaseView, browser: BrowserOf, words: dict[str, str], sentence: str
) -> None:
    answer = declare(approved_with_a_rare_name, browser, **words)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Substitute.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("window_officer", 403), ("approver", 403), ("stranger", 404)])
def test_only_who_makes_the_card_declares_a_substitute(
    approved_with_a_rare_name: CaseView, browser: BrowserOf, who: str, status: int
) -> None:
    assert declare(approved_with_a_rare_name, browser, who).status_code == status
    assert not Substitute.objects.exists()


def test_follow_up_that_was_given_up_is_told_on_the_page(submitted: CaseView, browser: BrowserOf) -> None:
    DeliveryTrouble.objects.create(
        entry_id=ledger.history(submitted.id)[-1].id,
        handler="cards.order_for_case",
        reason="CannotTypeset",
        attempts=1,
        given_up=True,
        at=clock.now(),
    )

    shown = browser("window_officer").get(page(submitted)).content.decode()

    assert "制作电子卡没有完成" in shown


def test_receipt_is_called_after_the_step_that_was_taken(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    messages.tell(
        submitted.account_id,
        template_name="case.originals_checked",
        texts=Texts(title="原件已核验", body="正文", sms="短信"),
        case_id=submitted.id,
        idempotency_key="entry:2",
    )

    receipts = browser("window_officer").get(page(submitted)).content.decode().partition("通知回执")[2]

    assert "原件核验无误<" in receipts
    assert "等待集中复核" not in receipts


def test_officer_sees_how_the_applicant_was_told(submitted: CaseView, browser: BrowserOf) -> None:
    texts = Texts(title="申请已预受理", body="正文", sms="短信")
    messages.tell(
        submitted.account_id,
        template_name="case.submitted",
        texts=texts,
        case_id=submitted.id,
        idempotency_key="entry:1",
    )

    page = browser("window_officer").get(reverse("desk:case", args=[submitted.id])).content.decode()

    receipts = page.partition("通知回执")[2]
    assert "提交申请" in receipts
    assert "站内消息" in receipts
    assert "待发送" in receipts


def test_documents_stand_in_the_order_of_the_table_of_materials(
    complete: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    late = actions.add_material(
        complete.id, actor=actor("applicant"), slot="identity_copy", upload=picture("back.jpg")
    )
    inspect_document(late.document_id)
    case = submit(complete.id, actor("applicant"))

    shown = browser("window_officer").get(page(case)).content.decode()

    titles = re.findall(r"(照片|身份证或护照|学历学位证书) · 首次提交", shown)
    assert list(dict.fromkeys(titles)) == ["照片", "身份证或护照", "学历学位证书"]
    assert titles.index("学历学位证书") > max(i for i, one in enumerate(titles) if one == "身份证或护照")


def test_page_says_whether_the_employer_stands_in_the_directory_and_who_reviews(
    submitted: CaseView, browser: BrowserOf
) -> None:
    officer = browser("window_officer")
    before = officer.get(page(submitted)).content.decode()
    publish_directory(settings.PLACES / PLACE)

    now = officer.get(page(submitted)).content.decode()

    assert "单位库里没有完全相同的名称。" in before
    assert "已在单位库中，统一社会信用代码 91130108MA0X00015X，裕华区。" in now
    assert "人才绿卡服务窗口受理，报市委组织部审核。" in now
