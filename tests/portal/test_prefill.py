"""What the number and the account tell is filled in, said so, and never written over what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.answers import NUMBER, SECTIONS
from tests.cases import someone_elses_case
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.ledger.vocabulary import Actor
from yincai.people import actions as people

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
FROM_NUMBER = "已按身份证号码填写，请核对。"
EMPTY = {"sex": [""], "birth_date": [""]}
BORN = f"{NUMBER[6:10]}-{NUMBER[10:12]}-{NUMBER[12:14]}"
SEX = "1" if int(NUMBER[16]) % 2 else "2"


def address(case: CaseView, section: str) -> str:
    return reverse("portal:form", args=[case.id, section])


def note(page: str, path: str) -> str:
    found = re.search(rf'<p class="note[^"]*" id="f-{path}-note">(.*?)</p>', page)
    return found[1] if found else ""


def test_empty_birth_date_and_sex_are_filled_at_the_save_and_shown_to_be_checked(
    draft: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    resident = browser("applicant")
    drawn = " ".join(one.name for one in draft.spec.section("person").fields)

    answer = resident.post(
        address(draft, "person"), SECTIONS["person"] | EMPTY | {"_revision": ["0"], "_drawn": [drawn]}
    )
    page = resident.get(answer["Location"]).content.decode()
    again = resident.get(address(draft, "person")).content.decode()

    values = cases.contents(actor("applicant"), draft.id)["person"].values
    assert (values["birth_date"], values["sex"]) == (BORN, SEX)
    assert answer["Location"].startswith(address(draft, "person"))
    assert NUMBER not in answer["Location"]
    assert note(page, "birth_date") == note(page, "sex") == FROM_NUMBER
    assert note(page, "name_zh") == note(again, "sex") == ""
    assert f'value="{BORN}"' in page


def test_row_without_birth_date_and_sex_is_filled_too(
    draft: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    empty = {"family.a1.member_sex": [""], "family.a1.member_birth_date": [""], "_revision": ["0"]}
    resident = browser("applicant")

    answer = resident.post(address(draft, "household"), SECTIONS["household"] | empty)

    (row,) = cases.contents(actor("applicant"), draft.id)["household"].values["family"]
    assert row["member_birth_date"]
    assert row["member_sex"]
    page = resident.get(answer["Location"]).content.decode()
    assert note(page, "family-a1-member_birth_date") == FROM_NUMBER


def test_contradiction_stays_a_problem_beside_its_field(draft: CaseView, browser: BrowserOf) -> None:
    posted = SECTIONS["person"] | {"sex": [""], "birth_date": ["1970-01-01"], "_revision": ["0"]}

    answer = browser("applicant").post(address(draft, "person"), posted)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "出生日期与证件号码不一致" in page
    assert 'value="1970-01-01"' in page
    assert (note(page, "birth_date"), note(page, "sex")) == ("", FROM_NUMBER)
    assert re.search(rf'<option value="{SEX}" selected>', page)


def test_script_is_told_where_to_draw_what_was_filled(draft: CaseView, browser: BrowserOf) -> None:
    posted = SECTIONS["person"] | EMPTY | {"_revision": ["0"]}

    body = browser("applicant").post(address(draft, "person"), posted, headers={"X-Autosave": "1"}).json()

    assert body["redraw"] is True
    assert body["address"] == f"{address(draft, 'person')}?filled=sex&filled=birth_date"


def test_phone_and_mail_of_the_account_stand_in_a_section_never_saved(
    draft: CaseView, browser: BrowserOf
) -> None:
    resident = browser("applicant")

    first = resident.get(address(draft, "contact")).content.decode()
    resident.post(address(draft, "contact"), {"mobile": [""], "email": [""], "_revision": ["0"]})
    cleared = SECTIONS["contact"] | {"email": [""], "_revision": ["0"]}
    resident.post(address(draft, "contact"), cleared)
    later = resident.get(address(draft, "contact")).content.decode()

    assert 'value="13800000001"' in first
    assert 'value="applicant@example.org"' in first
    assert note(first, "mobile") == "已填入您账号的手机号码，可以修改。"
    assert note(first, "email") == "已填入您账号的电子邮箱，可以修改。"
    assert "applicant@example.org" not in later
    assert note(later, "email") == ""


def test_name_comes_from_the_newest_application_of_the_account(
    published: object, browser: BrowserOf, actor: ActorOf
) -> None:
    before = someone_elses_case(actor("applicant"))
    resident = browser("applicant")
    choice = {"programme": "shijiazhuang/talent_green_card/B", "_key": [str(before.id)]}

    place = resident.post(reverse("portal:apply"), choice)["Location"]
    page = resident.get(place).content.decode()

    assert f'value="{SECTIONS["person"]["name_zh"][0]}"' in page
    assert note(page, "name_zh") == "已按您上一次申请填写，可以修改。"


def test_nothing_is_known_of_an_account_that_never_applied(draft: CaseView, browser: BrowserOf) -> None:
    page = browser("applicant").get(address(draft, "person")).content.decode()

    assert note(page, "name_zh") == ""


def test_real_name_and_document_of_the_account_are_filled_in_and_said_so(
    draft: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    owner = actor("applicant")
    assert owner.id is not None
    people.give_identity(owner.id, actor=owner, name="张晓雨", kind="111", number=NUMBER)

    page = browser("applicant").get(address(draft, "person")).content.decode()

    assert 'value="张晓雨"' in page
    assert f'value="{NUMBER}"' in page
    assert note(page, "name_zh") == "已填入您注册时的实名信息，请核对。"


def test_document_that_the_form_does_not_take_is_not_filled_in(
    draft: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    owner = actor("applicant")
    assert owner.id is not None
    people.give_identity(owner.id, actor=owner, name="张晓雨", kind="112", number=NUMBER)

    page = browser("applicant").get(address(draft, "person")).content.decode()

    assert NUMBER not in page
    assert 'value="张晓雨"' in page
