"""代办申请 at the desk: opened, filled on the portal's own pages, confirmed by its applicant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from lxml import html

from tests import personas
from tests.cases import PLACE, PROGRAMME, fill
from tests.casework.entering import PHONE, WHO, code_of, filled
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case, CounterConfirmation, CounterHelp
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as accounts

HERE = "/desk/counter/"
OFFER = f"{PLACE}/{PROGRAMME}/A"
BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]


def posted(**more: str) -> dict[str, str]:
    return {"_key": str(uuid4()), **WHO, "offer": OFFER, "present": "on", **more}


def test_officer_enters_on_the_pages_of_the_portal_and_the_applicant_confirms(
    browser: BrowserOf, actor: ActorOf
) -> None:
    desk = browser("window_officer")
    opened = desk.post(HERE, posted())
    helping = CounterHelp.objects.get()
    assert opened.headers["Location"].startswith(f"/my/cases/{helping.case_id}/form/")
    form = desk.get(opened.headers["Location"]).content.decode()
    assert "代办：您正在为" in form
    assert WHO["number"] in form  # what the officer was shown stands there
    assert PHONE not in form
    officer = actor("window_officer")
    assert officer.id is not None
    found = cases.open_help(officer.id, helping.id)
    assert found is not None
    fill(helping.case_id, found.actor)
    check = desk.get(f"/my/cases/{helping.case_id}/check/").content.decode()
    assert "请申请人核对确认" in check
    sent = desk.post(f"/my/cases/{helping.case_id}/check/", {"_key": str(uuid4()), "declaration": "on"})
    confirm = f"{HERE}{helping.id}/confirm/"
    assert sent.headers["Location"] == confirm
    assert cases.case_for(found.actor, helping.case_id).is_draft

    asked = desk.post(confirm, {"act": "ask"})
    page = desk.get(asked.headers["Location"]).content.decode()
    assert WHO["name"] in page
    assert "139****9001" in page
    confirmation = CounterConfirmation.objects.get().id
    hand = {"_key": str(uuid4()), "asked": str(confirmation), "code": code_of(confirmation)}
    back = html.document_fromstring(desk.get(confirm).content)
    assert back.xpath("//input[@name='asked']/@value") == [str(confirmation)]
    wrong = desk.post(confirm, hand | {"code": "x"})
    assert wrong.status_code == 422
    done = desk.post(confirm, hand, follow=True)

    case = Case.objects.get()
    assert case.reference in done.content.decode()
    assert "按证件号码找回" in done.content.decode()
    again = desk.post(confirm, hand, follow=True)
    assert (again.status_code, Case.objects.get().changes) == (200, case.changes)
    assert desk.get(f"/my/cases/{helping.case_id}/").status_code == 404
    shown = desk.get(f"/desk/cases/{helping.case_id}/claim/")
    assert shown.status_code in (403, 404, 405)


def test_everything_that_is_wrong_is_told_in_one_round(browser: BrowserOf) -> None:
    answer = browser("window_officer").post(HERE, {"_key": str(uuid4()), "kind": "111"})

    found = html.document_fromstring(answer.content).xpath("//div[@id='problems']//a/@href")
    assert set(found) == {"#f-offer", "#f-present", "#f-name", "#f-number"}


def test_mistakes_are_told_and_nothing_is_opened(browser: BrowserOf) -> None:
    wrong = browser("window_officer").post(HERE, posted(number="1", present="", offer="x/y/z"))

    page = html.document_fromstring(wrong.content)
    assert wrong.status_code == 422
    assert set(page.xpath("//div[@id='problems']//a/@href")) == {"#f-offer", "#f-present", "#f-number"}
    number = browser("colleague").post(HERE, posted(number="1"))
    assert html.document_fromstring(number.content).xpath("//div[@id='problems']//a/@href") == ["#f-number"]
    assert accounts.account_of_document("111", WHO["number"]) is None
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", ["approver", "auditor", "administrator"])
def test_page_is_for_window_officers_alone(browser: BrowserOf, actor: ActorOf, who: str) -> None:
    helping = filled(actor("window_officer"))
    desk = browser(who)

    assert desk.get(HERE).status_code == 404
    assert desk.post(HERE, posted()).status_code == 404
    for path in ("resume", "end", "confirm"):
        assert desk.post(f"{HERE}{helping.id}/{path}/", {}).status_code == 404
    assert CounterHelp.objects.get().ended_at is None


def test_help_is_taken_up_again_and_ended(browser: BrowserOf, actor: ActorOf) -> None:
    helping = filled(actor("window_officer"))
    desk = browser("window_officer")
    assert desk.get(f"/my/cases/{helping.case}/").status_code == 404  # not before it is taken up
    assert f"{HERE}{helping.id}/resume/" in desk.get(HERE).content.decode()

    resumed = desk.post(f"{HERE}{helping.id}/resume/")
    assert desk.get(resumed.headers["Location"]).status_code == 200
    desk.post(f"{HERE}{helping.id}/end/")

    assert desk.get(resumed.headers["Location"]).status_code == 404


def test_session_without_the_second_factor_enters_nothing(
    browser: BrowserOf, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    helping = filled(actor("window_officer"))
    half = personas.sign_in(person("window_officer"), second_factor=False)
    session = half.session
    session["counter"] = {str(helping.case): str(helping.id)}
    session.save()

    assert half.get(f"/my/cases/{helping.case}/materials/").status_code == 404


def test_session_of_another_officer_enters_nothing(
    browser: BrowserOf, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    helping = filled(actor("window_officer"))
    other = personas.sign_in(person("colleague"), second_factor=True)
    session = other.session
    session["counter"] = {str(helping.case): str(helping.id)}
    session.save()

    assert other.get(f"/my/cases/{helping.case}/materials/").status_code == 404


def test_own_lists_of_the_officer_stay_their_own(browser: BrowserOf, actor: ActorOf) -> None:
    helping = filled(actor("window_officer"))
    desk = browser("window_officer")
    desk.post(f"{HERE}{helping.id}/resume/")

    for path in ("drafts/", "inbox/", "library/", "cards/"):
        page = desk.get(f"/my/{path}").content.decode()
        assert str(helping.case) not in page
    materials = desk.get(f"/my/cases/{helping.case}/materials/").content.decode()
    assert "资料库" not in html.document_fromstring(materials).xpath("string(//main)")


def test_applicant_sees_the_draft_of_the_counter(
    browser: BrowserOf, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    helping = filled(actor("window_officer"))
    from yincai.people.models import Account

    own = personas.sign_in(Account.objects.get(pk=helping.applicant), second_factor=False)

    assert str(helping.case) in own.get("/my/drafts/").content.decode()
    assert own.get(f"/my/cases/{helping.case}/check/").status_code == 200
    actions.end_counter_help(helping.id, actor=actor("window_officer"))
    assert own.get(f"/my/cases/{helping.case}/check/").status_code == 200
