"""Names of organisations in the form: completed, looked up and added without losing what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from tests.answers import SECTIONS
from tests.cases import PLACE, send_back, submit
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AskedItem, CaseView
from yincai.directory import queries as directory
from yincai.directory.actions import publish_directory
from yincai.directory.vocabulary import SEARCHES_PER_ACCOUNT, Sort
from yincai.engine.kinds import Kind
from yincai.engine.spec import Field, Section
from yincai.foundation import clock
from yincai.ledger.vocabulary import Actor
from yincai.portal.lookups import lookups_of

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
KNOWN, CODE = "石家庄示例药业股份有限公司", "91130109MA0X0002"
UNKNOWN = "海豚玩具有限公司"
STANDING = f"已在单位库中，统一社会信用代码 {CODE}"
SUGGEST = reverse("directory:organisation-suggest", args=[PLACE])


@pytest.fixture(autouse=True)
def library(published: Any) -> int:
    """The organisations of the place, taken up as publishing does."""
    return publish_directory(settings.PLACES / PLACE)


def form(case: CaseView) -> str:
    return reverse("portal:form", args=[case.id, "employer"])


def find(case: CaseView, path: str = "employer_name") -> str:
    return reverse("portal:find", args=[case.id, "employer", path])


def posted(case: CaseView, actor: Actor, name: str, **more: str) -> dict[str, list[str] | str]:
    """The section of the employer as a page would send it."""
    revision = cases.contents(actor, case.id)["employer"].revision
    return SECTIONS["employer"] | {"employer_name": [name], "_revision": str(revision)} | more


def standing(answer: Any) -> str:
    page = html.document_fromstring(answer.content)
    return str(page.xpath("string(//p[@id='f-employer_name-standing'])"))


@pytest.mark.parametrize(
    ("name", "words"),
    [(KNOWN, STANDING), (f" {KNOWN} ", STANDING), (UNKNOWN, "单位库里没有完全相同的名称"), ("", "")],
)
def test_field_says_whether_the_name_is_in_the_directory(
    complete: CaseView, browser: BrowserOf, actor: ActorOf, name: str, words: str
) -> None:
    resident = browser("applicant")
    resident.post(form(complete), posted(complete, actor("applicant"), name))

    shown = resident.get(form(complete))

    assert standing(shown).startswith(words)
    assert bool(standing(shown)) is bool(words)
    (adding,) = html.document_fromstring(shown.content).xpath("//button[@name='_add_record']")
    assert ("hidden" in adding.attrib) is (name != UNKNOWN)


def test_free_name_is_as_good_as_one_of_the_directory(
    complete: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    browser("applicant").post(form(complete), posted(complete, actor("applicant"), UNKNOWN))

    assert submit(complete.id, actor("applicant")).reference


def test_looking_up_saves_first_even_with_mistakes_and_the_choice_is_filled_in(
    complete: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    resident, who = browser("applicant"), actor("applicant")
    typed = posted(complete, who, "药业", employer_phone="12", _find="employer_name")

    answer = resident.post(form(complete), typed)
    page = html.document_fromstring(resident.get(answer["Location"]).content)

    assert answer["Location"] == find(complete)  # what was typed stands in no address
    assert page.xpath("//input[@id='q']/@value") == ["药业"]
    assert page.xpath("//ul[@class='found']//p[@class='found-name']/text()")[0].strip() == KNOWN
    (record,) = page.xpath("//button[@name='record']/@value")

    chosen = resident.post(find(complete), {"record": record})

    content = cases.contents(who, complete.id)["employer"]
    assert chosen["Location"] == f"{form(complete)}#f-employer_name"
    assert content.values["employer_name"] == KNOWN
    assert content.typed["employer_phone"] == "12"
    assert content.values["employer_contact"] == SECTIONS["employer"]["employer_contact"][0]


def test_adding_saves_first_and_keeps_the_way_back(
    complete: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    resident = browser("applicant")
    typed = posted(complete, actor("applicant"), UNKNOWN, _add_record="employer_name")

    asked = resident.get(resident.post(form(complete), typed)["Location"])

    page = html.document_fromstring(asked.content)
    assert page.xpath("//input[@id='f-name']/@value") == [UNKNOWN]
    assert page.xpath("//a[text()='返回申请表']/@href") == [f"{form(complete)}#f-employer_name"]
    hidden = {name: page.xpath(f"//input[@name='{name}']/@value")[0] for name in ("_key", "back")}
    refused = resident.post(asked.wsgi_request.path, hidden | {"name": ""})
    again = html.document_fromstring(refused.content)
    assert again.xpath("//a[text()='返回申请表']/@href") == [f"{form(complete)}#f-employer_name"]
    assert cases.contents(actor("applicant"), complete.id)["employer"].values["employer_name"] == UNKNOWN


@pytest.mark.parametrize("back", ["https://example.org/my/cases/", "//example.org/my/cases/", "/desk/"])
def test_way_back_leads_to_a_form_alone(browser: BrowserOf, back: str) -> None:
    address = reverse("directory:organisation-add", args=[PLACE])

    shown = browser("applicant").get(address, {"back": back}).content.decode()

    assert "返回申请表" not in shown


def test_search_of_a_field_is_its_applicants_and_of_fields_that_name_something(
    complete: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    record = directory.search(PLACE, Sort.ORGANISATION, KNOWN).records[0]

    assert browser("stranger").get(find(complete)).status_code == 404
    assert browser("stranger").post(find(complete), {"record": str(record.id)}).status_code == 404
    assert browser("applicant").get(find(complete, "employer_phone")).status_code == 404
    assert browser("applicant").post(find(complete), {"record": "nothing"}).status_code == 404
    assert browser("applicant").get(find(complete) + "?q=没有这个名字").status_code == 200


def test_search_of_a_field_is_closed_where_a_correction_does_not_ask_for_it(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    send_back(submitted.id, actor("window_officer"), AskedItem("name_en", "not_filled"))

    assert browser("applicant").get(find(submitted)).status_code == 404


@pytest.mark.parametrize("query", ["示例药业", "slyygf", "shijiazhuangshiliyaoye", KNOWN])
def test_name_is_completed_by_part_pinyin_or_initials(browser: BrowserOf, query: str) -> None:
    answer = browser("applicant").get(SUGGEST, {"q": query}).json()

    (line,) = answer["records"]
    assert line["name"] == KNOWN
    assert line["marks"].startswith(CODE)
    assert line["marks"].endswith("藁城区 · 示例")
    assert line["words"].startswith(STANDING)
    assert answer["known"] is (query == KNOWN)
    assert answer["words"].startswith(STANDING if query == KNOWN else "单位库里没有完全相同的名称")


def test_completion_says_when_there_is_more(browser: BrowserOf) -> None:
    answer = browser("applicant").get(SUGGEST, {"q": "示例"}).json()

    assert len(answer["records"]) == 8
    assert "请继续输入" in answer["more"]


@pytest.mark.parametrize("query", ["", "\0", "%", "'\"<script>", "灯塔" * 3000])
def test_hostile_completion_is_answered(browser: BrowserOf, query: str) -> None:
    answer = browser("applicant").get(SUGGEST, {"q": query})

    assert (answer.status_code, answer.json()["records"]) == (200, [])


def test_completion_is_for_whoever_is_signed_in_and_not_without_end(browser: BrowserOf) -> None:
    resident = browser("applicant")
    with clock.frozen(clock.now()):
        for _ in range(SEARCHES_PER_ACCOUNT.amount):
            assert resident.get(SUGGEST, {"q": "药"}).status_code == 200
        refused = resident.get(SUGGEST, {"q": "药"})
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        later = resident.get(SUGGEST, {"q": "药"})

    assert (refused.status_code, later.status_code) == (429, 200)
    assert "直接填写全称" in refused.json()["message"]
    assert Client().get(SUGGEST, {"q": "药"}).status_code == 403


def test_place_without_schools_completes_none(browser: BrowserOf) -> None:
    resident = browser("applicant")

    assert resident.get(f"/place/{PLACE}/schools/suggest/", {"q": "大学"}).status_code == 404
    assert resident.get(f"/place/{PLACE}/schools/").status_code == 404
    assert "院校查询" not in resident.get(f"/place/{PLACE}/").content.decode()


def test_place_without_a_directory_has_plain_text(complete: CaseView) -> None:
    section = complete.spec.section("employer")

    assert lookups_of("nowhere", section, {}) == {}
    assert set(lookups_of(PLACE, section, {})) == {"employer_name"}


def test_rows_are_looked_up_in_one_query() -> None:
    school = Field("school", Kind.SCHOOL, "院校")
    section = Section("study", "学习经历", (Field("study", Kind.ROWS, "学习经历", rows=(school,)),))
    rows = [f"r{number}" for number in range(9)]
    posted = {"study._ids": rows} | {f"study.{row}.school": ["港城大学"] for row in rows}
    publish_directory(settings.PLACES / "harbour_city")

    with CaptureQueriesContext(connection) as captured:
        found = lookups_of("harbour_city", section, posted)

    assert len(captured) == 1
    assert set(found) == {f"study.{row}.school" for row in rows}
    assert all(one.is_known and one.library == "院校库" for one in found.values())


def test_search_of_a_field_and_completion_count_together_and_keep_what_was_typed(
    complete: CaseView, browser: BrowserOf
) -> None:
    resident = browser("applicant")
    with clock.frozen(clock.now()):
        for _ in range(SEARCHES_PER_ACCOUNT.amount - 1):
            resident.get(SUGGEST, {"q": "药"})
        last = resident.get(find(complete), {"q": "药业"})
        refused = resident.get(
            find(complete), {"q": "药业", "after": "4.00000000-0000-0000-0000-000000000000"}
        )
        completed = resident.get(SUGGEST, {"q": "药"})

    assert (last.status_code, refused.status_code, completed.status_code) == (200, 429, 429)
    page = html.document_fromstring(refused.content)
    assert page.xpath("//input[@id='q']/@value") == ["药业"]
    assert "查得太快了" in page.xpath("string(//p[@role='alert'])")
    assert not page.xpath("//button[@name='record']")
    assert 0 < int(refused["Retry-After"]) <= 61
