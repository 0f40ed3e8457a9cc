"""The papers of a case and the wallet: filled form, sealed receipt, cards cancelled and issued again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.answers import SECTIONS
from tests.cases import PLACE, take
from tests.portal.test_progress import WithoutSeal
from yincai.cards import queries as cards
from yincai.cards import reissuing
from yincai.cards.case_orders import order_for_case
from yincai.cards.receipts import order_receipt
from yincai.cards.rich_blocks import blocks_of
from yincai.cards.sealing_job import seal_card
from yincai.cards.vocabulary import CardState, VerificationStatus
from yincai.casework import queries as cases
from yincai.casework.models import Case
from yincai.casework.tasks import end_with_card, go_back_without_card
from yincai.casework.vocabulary import CARD_REQUESTED, ROUND_FROZEN, CaseView
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor, EntryView
from yincai.look.files import count_form
from yincai.people.actions import appoint_staff
from yincai.people.vocabulary import FORMS_PER_ACCOUNT, FORMS_PER_OFFICER

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]


@pytest.fixture
def stored(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }


@pytest.fixture
def issued(submitted: CaseView, actor: ActorOf, stored: None) -> CaseView:
    """A case whose card is sealed."""
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    take(submitted.id, actor("approver"), "approve", opinion="符合。")
    take(submitted.id, actor("issuer"), "issue")
    order_for_case(entry_of(submitted, CARD_REQUESTED))
    (card,) = cards.cards_of_case(submitted.id)
    assert seal_card(card.id, signer=WithoutSeal())
    return submitted


def entry_of(case: CaseView, event: str) -> EntryView:
    return [one for one in ledger.history(case.id) if one.event == event][-1]


def words_of(pdf: bytes) -> str:
    """The text that a PDF shows; typeset glyphs are mapped back by their font."""
    from yincai.cards.inspecting import read_text

    return "".join((read_text(pdf) or "").split())


def test_filled_form_holds_the_answers_for_the_applicant_and_the_officer(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    mine = browser("applicant").get(reverse("portal:form-pdf", args=[submitted.id]))
    theirs = browser("window_officer").get(reverse("desk:form", args=[submitted.id]))

    assert (mine.status_code, mine["Content-Type"]) == (200, "application/pdf")
    text = words_of(mine.content)
    assert SECTIONS["person"]["name_zh"][0] in text
    assert str(submitted.reference) in text
    assert "国内外学习工作经历" in text
    assert theirs.content == mine.content
    looks = [one.payload["what"] for one in ledger.history(submitted.id) if one.is_read]
    assert looks == ["form"]


def test_form_is_typeset_so_often_in_an_hour_for_one_account(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    mine = reverse("portal:form-pdf", args=[submitted.id])
    theirs = reverse("desk:form", args=[submitted.id])
    with clock.frozen(clock.now()) as hands:
        for _ in range(FORMS_PER_ACCOUNT.amount):
            count_form(person("applicant").pk, FORMS_PER_ACCOUNT)
        for _ in range(FORMS_PER_OFFICER.amount):
            count_form(person("window_officer").pk, FORMS_PER_OFFICER)

        refused = [browser("applicant").get(mine), browser("window_officer").get(theirs)]
        assert browser("colleague").get(theirs).status_code == 200
        hands.move_by(timedelta(hours=1, seconds=1))
        assert browser("applicant").get(mine).status_code == 200

    assert [one.status_code for one in refused] == [429, 429]
    assert {one["Retry-After"] for one in refused} == {"3601"}
    assert all("生成申请表的次数已达到上限" in one.content.decode() for one in refused)
    looks = [one.actor.id for one in ledger.history(submitted.id) if one.is_read]
    assert looks == [actor("colleague").id]


def test_papers_belong_to_the_applicant_alone(submitted: CaseView, browser: BrowserOf, stored: None) -> None:
    order_receipt(entry_of(submitted, ROUND_FROZEN))
    (receipt,) = cards.receipts_of_case(submitted.id)
    seal_card(receipt.id, signer=WithoutSeal())

    for address in (
        reverse("portal:form-pdf", args=[submitted.id]),
        reverse("portal:receipt", args=[submitted.id, receipt.id]),
    ):
        assert browser("applicant").get(address).status_code == 200
        assert browser("stranger").get(address).status_code == 404


def test_draft_has_no_form_to_print(complete: CaseView, browser: BrowserOf) -> None:
    assert browser("applicant").get(reverse("portal:form-pdf", args=[complete.id])).status_code == 404


def test_receipt_lists_the_materials_with_their_hashes_and_verifies_as_a_receipt(
    submitted: CaseView, browser: BrowserOf, stored: None
) -> None:
    order_receipt(entry_of(submitted, ROUND_FROZEN))
    order_receipt(entry_of(submitted, ROUND_FROZEN))  # however often it is asked, there is one

    (receipt,) = cards.receipts_of_case(submitted.id)
    assert seal_card(receipt.id, signer=WithoutSeal())

    pdf = cards.open_pdf(receipt.id)
    text = words_of(pdf)
    frozen = entry_of(submitted, "case.submitted").payload["materials"]
    assert isinstance(frozen, dict)
    assert all(str(one) in text for one in frozen.values())
    assert str(submitted.reference) in text
    found = cards.verify_file(pdf)
    assert found.status is VerificationStatus.VALID
    assert found.facts is not None
    assert (found.facts.paper, found.facts.number) == (True, submitted.reference)
    assert cards.cards_of_case(submitted.id) == []  # a receipt is no card
    page = browser("applicant").get(reverse("portal:done", args=[submitted.id])).content.decode()
    assert reverse("portal:receipt", args=[submitted.id, receipt.id]) in page


def test_receipt_of_a_case_in_the_making_of_its_card_does_not_end_it(
    submitted: CaseView, stored: None
) -> None:
    order_receipt(entry_of(submitted, ROUND_FROZEN))
    (receipt,) = cards.receipts_of_case(submitted.id)
    seal_card(receipt.id, signer=WithoutSeal())

    events = [one.event for one in ledger.history(submitted.id)]
    assert events[-2:] == ["paper.ordered", "paper.issued"]
    assert "card.issued" not in events


def test_wallet_shows_the_card_with_its_code_and_where_it_is_verified(
    issued: CaseView, browser: BrowserOf
) -> None:
    page = html.fromstring(browser("applicant").get(reverse("portal:cards")).content)
    (card,) = cards.cards_of_case(issued.id)

    assert page.xpath("//h1/text()") == ["我的电子卡"]
    assert card.number in page.text_content()
    assert page.xpath("//figure//*[local-name()='svg']")
    (address,) = page.xpath("//dd/a/@href")
    assert cards.verify_code(address.rpartition("/")[2]).status is VerificationStatus.VALID
    file = reverse("portal:card-file", args=[card.id])
    assert browser("applicant").get(file).status_code == 200
    assert browser("stranger").get(file).status_code == 404


def test_cancelled_card_verifies_as_cancelled_and_its_holder_reads_why(
    issued: CaseView, browser: BrowserOf
) -> None:
    (card,) = cards.cards_of_case(issued.id)
    pdf = cards.open_pdf(card.id)
    address = reverse("desk:end-card", args=[issued.id, card.id, "cancel"])

    issuer = browser("issuer")

    refused = issuer.post(address, {"reason": " "})
    issuer.post(address, {"reason": "本人调离本市。"})

    assert refused.status_code == 422
    assert f'href="#reason-cancel-{card.id}"' in refused.content.decode()
    told = issuer.get(reverse("desk:cards", args=[issued.id])).content.decode()
    assert f"电子卡 {card.number} 已注销" in told
    shown = issuer.get(reverse("desk:case", args=[issued.id])).content.decode()
    assert "已注销" in shown
    assert "打印电子卡" not in shown
    assert "没有可以发给申请人的卡" in shown
    assert cards.verify_file(pdf).status is VerificationStatus.CANCELLED
    assert "本人调离本市。" in browser("applicant").get(reverse("portal:cards")).content.decode()


def test_reissued_card_takes_the_place_of_the_old_one_when_it_is_sealed(
    issued: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    (old,) = cards.cards_of_case(issued.id)
    pdf = cards.open_pdf(old.id)

    newer = reissuing.reissue_for_case(old.id, actor=actor("issuer"), reason="卡面照片更换。")

    assert cards.verify_file(pdf).status is VerificationStatus.VALID  # until the new one is there
    with pytest.raises(SomeoneWasFirst):
        reissuing.reissue_for_case(old.id, actor=actor("issuer"), reason="卡面照片更换。")
    assert seal_card(newer.id, signer=WithoutSeal())
    reissuing.retire_replaced(entry_of(issued, "card.issued"))
    assert cards.verify_file(pdf).status is VerificationStatus.REPLACED
    assert [one.state for one in cards.cards_of_case(issued.id)] == [CardState.REPLACED, CardState.SEALED]
    assert cards.cards_of_case(issued.id)[0].end_reason == "卡面照片更换。"
    page = browser("issuer").get(reverse("desk:cards", args=[issued.id])).content.decode()
    assert "已换发" in page


def test_cards_are_ended_by_those_who_issue_them_alone(issued: CaseView, actor: ActorOf) -> None:
    (card,) = cards.cards_of_case(issued.id)

    with pytest.raises(NotAllowed):
        reissuing.cancel_for_case(card.id, actor=actor("approver"), reason="试一试。")
    with pytest.raises(NotFound):
        reissuing.cancel_for_case(card.id, actor=actor("stranger"), reason="试一试。")
    with pytest.raises(Invalid):
        reissuing.cancel_for_case(card.id, actor=actor("issuer"), reason="长" * 201)


def test_issuer_of_another_office_ends_no_card_that_they_may_only_see(
    issued: CaseView, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    """An auditor sees every case; issuing for another office does not reach this one."""
    (card,) = cards.cards_of_case(issued.id)
    Case.objects.filter(id=issued.id).update(office="elsewhere")
    appoint_staff(person("auditor"), actor=SYSTEM, place=PLACE, office="hall", role="issuer")
    assert cases.case_for(actor("auditor"), issued.id).id == issued.id

    for end in (reissuing.cancel_for_case, reissuing.reissue_for_case):
        with pytest.raises(NotAllowed):
            end(card.id, actor=actor("auditor"), reason="试一试。")
    assert [one.state for one in cards.cards_of_case(issued.id)] == [CardState.SEALED]


@pytest.fixture
def without_card(issued: CaseView, browser: BrowserOf) -> CaseView:
    """The card was cancelled while it lay ready, at the issuer's page, and the house heard of it."""
    end_with_card(entry_of(issued, "card.issued"))
    (card,) = cards.cards_of_case(issued.id)
    address = reverse("desk:end-card", args=[issued.id, card.id, "cancel"])
    assert browser("issuer").post(address, {"reason": "卡面姓名有误。"}).status_code == 302
    go_back_without_card(entry_of(issued, "card.cancelled"))
    return issued


def pressed(browser: Client, case: CaseView, step: str, **words: str) -> Any:
    """What follows when an officer claims the case and presses the button of this step on its page."""
    browser.post(reverse("desk:claim", args=[case.id]))
    shown = html.fromstring(browser.get(reverse("desk:case", args=[case.id])).content)
    (form,) = shown.xpath(f'//form[@id="words-{step}"]')
    return browser.post(form.get("action"), dict(form.form_values()) | words)


def test_card_cancelled_before_it_was_handed_over_is_made_again(
    without_card: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    case, issuer = without_card, browser("issuer")
    (old,) = cards.cards_of_case(case.id)
    told = browser("applicant").get(reverse("portal:case", args=[case.id])).content.decode()
    assert "等待重新制卡" in told

    assert pressed(issuer, case, "make_again", reason=" ").status_code == 422
    assert pressed(issuer, case, "make_again", reason="更正姓名后重新制作。").status_code == 302
    for _ in range(2):  # however often it is heard of, there is one
        order_for_case(entry_of(case, CARD_REQUESTED))
    _, newer = cards.cards_of_case(case.id)
    assert seal_card(newer.id, signer=WithoutSeal())
    end_with_card(entry_of(case, "card.issued"))
    take(case.id, actor("issuer"), "hand_over", confirmation="on")

    assert cases.case_for(actor("applicant"), case.id).state == "issued"
    assert [one.state for one in cards.cards_of_case(case.id)] == [CardState.CANCELLED, CardState.SEALED]
    assert newer.number != old.number


def test_case_whose_card_was_cancelled_is_ended_with_a_reason(
    without_card: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    sent = pressed(browser("issuer"), without_card, "close_without_card", reason="本人申请放弃。")

    ended = cases.case_for(actor("applicant"), without_card.id)
    assert (sent.status_code, ended.state, ended.ended_at is not None) == (302, "closed", True)
    told = browser("applicant").get(reverse("portal:case", args=[ended.id])).content.decode()
    assert "本人申请放弃。" in told


def test_card_cancelled_after_it_was_handed_over_moves_nothing(issued: CaseView, actor: ActorOf) -> None:
    end_with_card(entry_of(issued, "card.issued"))
    take(issued.id, actor("issuer"), "hand_over", confirmation="on")
    (card,) = cards.cards_of_case(issued.id)

    reissuing.cancel_for_case(card.id, actor=actor("issuer"), reason="本人调离本市。")
    go_back_without_card(entry_of(issued, "card.cancelled"))

    assert cases.case_for(actor("applicant"), issued.id).state == "issued"


def test_case_stays_when_the_card_in_place_of_its_card_is_cancelled(issued: CaseView, actor: ActorOf) -> None:
    end_with_card(entry_of(issued, "card.issued"))
    (card,) = cards.cards_of_case(issued.id)
    newer = reissuing.reissue_for_case(card.id, actor=actor("issuer"), reason="卡面照片更换。")

    reissuing.cancel_for_case(newer.id, actor=actor("issuer"), reason="不用换了。")
    go_back_without_card(entry_of(issued, "card.cancelled"))

    assert cases.case_for(actor("applicant"), issued.id).state == "ready"


def test_case_is_handed_over_at_the_window(issued: CaseView, actor: ActorOf) -> None:
    end_with_card(entry_of(issued, "card.issued"))
    assert cases.case_for(actor("applicant"), issued.id).state == "ready"

    ended = take(issued.id, actor("issuer"), "hand_over", confirmation="on")

    assert (ended.state, ended.ended_at is not None) == ("issued", True)


def test_long_answer_becomes_blocks_of_runs() -> None:
    found = blocks_of(
        "<p>甲<strong>乙</strong></p><ol><li>一</li><li><em>二</em></li></ol><ul><li>点</li></ul>"
    )

    assert [(one["mark"], [run["text"] for run in one["runs"]]) for one in found] == [
        ("", ["甲", "乙"]),
        ("1. ", ["一"]),
        ("2. ", ["二"]),
        ("• ", ["点"]),
    ]
    assert found[0]["runs"][1]["bold"]


def test_portable_document_is_whole(submitted: CaseView) -> None:
    with pikepdf.open(io.BytesIO(cards.form_pdf(submitted.id))) as pdf:
        assert len(pdf.pages) >= 1
