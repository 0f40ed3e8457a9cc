"""After signing in, whoever has nothing in 正在审批 is told where their applications are."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.cases import PLACE, PROGRAMME, take
from yincai.casework.actions import open_draft
from yincai.casework.actions.drafting import MOST_DRAFTS
from yincai.casework.vocabulary import CaseView
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]


def landing(browser: Client) -> str:
    return browser.get(reverse("portal:home")).content.decode().partition("<main")[2]


def pointer(name: str, title: str) -> str:
    return f'<a href="{reverse(f"portal:{name}")}">您有 1 件申请在「{title}」</a>'


def test_draft_is_named_with_its_link(draft: CaseView, browser: BrowserOf) -> None:
    shown = landing(browser("applicant"))

    assert "没有正在审批的申请。" in shown
    assert pointer("drafts", "草稿箱") in shown
    assert shown.count("件申请在「") == 1
    assert "去申请" not in shown


def test_refused_case_is_named_with_its_link(submitted: CaseView, browser: BrowserOf, actor: ActorOf) -> None:
    take(submitted.id, actor("window_officer"), "refuse_at_window", reason="材料不属于申请人。")

    assert pointer("refused", "不予受理") in landing(browser("applicant"))


def test_approved_case_is_named_with_its_link(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    take(submitted.id, actor("approver"), "approve", opinion="符合。")

    assert pointer("approved", "审批通过") in landing(browser("applicant"))


def test_list_that_is_not_empty_names_no_other(submitted: CaseView, browser: BrowserOf) -> None:
    assert "件申请在「" not in landing(browser("applicant"))


def test_who_holds_too_many_drafts_is_shown_them(draft: CaseView, browser: BrowserOf, actor: ActorOf) -> None:
    chosen = f"{PLACE}/{PROGRAMME}/A"
    for _ in range(MOST_DRAFTS - 1):
        open_draft(actor=actor("applicant"), place=PLACE, programme=PROGRAMME, variant="A", key=uuid4())

    answer = browser("applicant").post(reverse("portal:apply"), {"programme": chosen, "_key": str(uuid4())})

    shown = html.fromstring(answer.content)
    assert answer.status_code == 422
    assert "已有 10 份没有提交的草稿" in shown.get_element_by_id("problems").text_content()
    assert len(shown.xpath('//a[text()="删除草稿"]')) == MOST_DRAFTS


@pytest.mark.parametrize("name", ["drafts", "corrections", "refused", "approved"])
def test_other_lists_that_are_empty_say_only_that(submitted: CaseView, browser: BrowserOf, name: str) -> None:
    shown = browser("applicant").get(reverse(f"portal:{name}")).content.decode()

    assert 'class="empty"' in shown
    assert "件申请在「" not in shown


def test_whoever_has_no_application_is_led_to_apply(submitted: CaseView, browser: BrowserOf) -> None:
    shown = landing(browser("stranger"))

    assert "去申请" in shown
    assert "件申请在「" not in shown


def test_form_of_a_case_that_was_handed_in_leads_to_the_case(submitted: CaseView, browser: BrowserOf) -> None:
    answer = browser("applicant").get(reverse("portal:form", args=[submitted.id, "person"]), follow=True)

    assert answer.redirect_chain == [(reverse("portal:case", args=[submitted.id]), 302)]
    assert "已经提交，申请表不能再修改" in answer.content.decode()
    stranger = browser("stranger").get(reverse("portal:form", args=[submitted.id, "person"]))
    assert stranger.status_code == 404
