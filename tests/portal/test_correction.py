"""The resident answers a correction: sees what is asked, changes only that, keeps the number."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.answers import SECTIONS, picture
from tests.cases import send_back
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AskedItem, CaseView, Verb
from yincai.documents.inspection import inspect_document
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]


@pytest.fixture
def returned(submitted: CaseView, actor: ActorOf) -> CaseView:
    return send_back(
        submitted.id,
        actor("window_officer"),
        AskedItem("name_en", "differs_from_document", "护照上是 ZHANG"),
        AskedItem("degree_copy", "not_legible"),
    )


def text_of(browser: Client, name: str, *args: object) -> str:
    answer = browser.get(reverse(f"portal:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_case_to_correct_is_listed_with_its_count_and_its_last_day(
    returned: CaseView, browser: BrowserOf
) -> None:
    listed = text_of(browser("applicant"), "corrections")

    assert returned.reference in listed
    assert "最迟提交日期" in listed
    assert reverse("portal:correction", args=[returned.id]) in listed


def test_page_says_what_why_and_until_when_and_leads_there(returned: CaseView, browser: BrowserOf) -> None:
    told = text_of(browser("applicant"), "correction", returned.id)

    assert "还有 10 个工作日" in told
    assert "原因：与证件或材料上的内容不一致" in told
    assert "说明：护照上是 ZHANG" in told
    assert f'href="{reverse("portal:form", args=[returned.id, "person"])}#f-name_en"' in told
    assert f'href="{reverse("portal:materials", args=[returned.id])}#slot-degree_copy"' in told
    assert told.count("还没有修改") == 2


def test_form_has_an_input_for_what_is_pinned_alone(returned: CaseView, browser: BrowserOf) -> None:
    form = text_of(browser("applicant"), "form", returned.id, "person")

    named = [name for name in SECTIONS["person"] if f'name="{name}"' in form]
    assert named == ["name_en"]
    assert "需要补正：与证件或材料上的内容不一致（护照上是 ZHANG）" in form
    assert SECTIONS["person"]["name_zh"][0] in form


@pytest.mark.parametrize("section", ["contact", "household", "introduction"])
def test_section_without_a_pin_has_no_input(returned: CaseView, browser: BrowserOf, section: str) -> None:
    form = text_of(browser("applicant"), "form", returned.id, section)

    inputs = [name for name in SECTIONS[section] if f'name="{name}"' in form]
    assert inputs in ([], ["family._ids"])
    assert "_add_row" not in form
    assert "_delete_row" not in form


def test_material_page_opens_the_pinned_slot_alone(returned: CaseView, browser: BrowserOf) -> None:
    table = text_of(browser("applicant"), "materials", returned.id)

    assert 'name="file.degree_copy"' in table
    assert table.count('type="file"') == 1
    assert table.count(">删除<") == 1


def test_crafted_save_is_refused_in_words(returned: CaseView, browser: BrowserOf) -> None:
    address = reverse("portal:form", args=[returned.id, "contact"])
    crafted = {"mobile": "13800000000", "_revision": "1"}

    page = browser("applicant").post(address, crafted)
    autosave = browser("applicant").post(address, crafted, headers={"X-Autosave": "1"})

    assert page.status_code == autosave.status_code == 403
    assert "不在这次补正的范围内" in page.content.decode()
    assert "不在这次补正的范围内" in autosave.json()["message"]


def test_resident_answers_and_hands_in_again_under_the_same_number(
    returned: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    resident, who = browser("applicant"), actor("applicant")
    address = reverse("portal:form", args=[returned.id, "person"])
    drawn = " ".join(one.name for one in returned.spec.section("person").fields)
    saved = resident.post(address, {"name_en": "ZHANG Xiaoyu", "_revision": "1", "_drawn": drawn})
    assert saved["Location"] == reverse("portal:materials", args=[returned.id])
    key = "6f1d9d0c-54a9-4a0f-8f6a-2f1f3f0f7a11"
    resident.post(
        reverse("portal:materials", args=[returned.id]), {"file.degree_copy": picture("new.jpg"), "_key": key}
    )
    added = cases.materials(returned.id)[-1]
    inspect_document(added.document_id)
    old = next(one for one in cases.materials(returned.id) if one.slot == "degree_copy")
    resident.post(reverse("portal:remove", args=[returned.id, old.id]))
    assert "恢复" in text_of(resident, "materials", returned.id)

    check = text_of(resident, "check", returned.id)
    assert "ZHANG Xiaoyu" in check
    assert "撤下" in check
    assert "再次提交" in check
    resident.post(
        reverse("portal:check", args=[returned.id]),
        {"declaration": "on", "_key": "6f1d9d0c-54a9-4a0f-8f6a-2f1f3f0f7a12"},
    )

    done = text_of(resident, "done", returned.id)
    assert (
        f"被本系统预受理，受理编号为{returned.reference}，工作人员将尽快核实您提交申请材料的有效性。" in done
    )
    again = cases.case_for(who, returned.id)
    assert (again.reference, again.round_number) == (returned.reference, 2)
    shown = text_of(resident, "case", returned.id)
    assert "首次提交" in shown
    assert "第1次补正" in shown
    first = resident.get(reverse("portal:case", args=[returned.id]), {"round": 1}).content.decode()
    assert "ZHANG Xiaoyu" not in first
    assert resident.get(reverse("portal:correction", args=[returned.id])).status_code == 302


def test_check_page_asks_for_what_is_wanting(returned: CaseView, browser: BrowserOf, actor: ActorOf) -> None:
    resident, who = browser("applicant"), actor("applicant")
    for one in cases.materials(returned.id):
        if one.slot == "degree_copy":
            resident.post(reverse("portal:remove", args=[returned.id, one.id]))

    told = text_of(resident, "check", returned.id)

    assert "请上传“学历学位证书”" in told
    assert cases.open_case(who, returned.id, Verb.EDIT).missing


def test_landing_page_leads_to_what_must_be_corrected(returned: CaseView, browser: BrowserOf) -> None:
    shown = browser("applicant").get(reverse("portal:home")).content.decode()

    assert "您有 1 件申请需要补正" in shown
    assert f'<a href="{reverse("portal:corrections")}">去材料补正</a>' in shown
    assert "去申请" not in shown
