"""The applicant's pages, from the list of what there is to the receipt, as a browser without scripts sends
them."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.answers import SECTIONS, picture
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.documents.inspection import inspect_document
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.programmes import actions as programmes

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
CHOICE = {"programme": "shijiazhuang/talent_green_card/A"}


def form(case: CaseView, section: str) -> str:
    return reverse("portal:form", args=[case.id, section])


def test_choosing_a_card_type_opens_the_first_section(published: object, browser: BrowserOf) -> None:
    answer = browser("applicant").post(reverse("portal:apply"), CHOICE | {"_key": str(uuid4())})

    assert answer.status_code == 302
    assert answer["Location"].endswith("/form/person/")


def test_live_case_is_shown_before_a_second_one_is_filled_in(submitted: CaseView, browser: BrowserOf) -> None:
    shown = browser("applicant").get(reverse("portal:apply")).content.decode()

    assert f"受理编号 {submitted.reference}" in shown
    assert f'href="{reverse("portal:case", args=[submitted.id])}">查看这件申请' in shown
    assert "替另一个人申请A卡" in shown


def test_double_click_on_apply_opens_one_draft(published: object, browser: BrowserOf) -> None:
    resident = browser("applicant")
    key = str(uuid4())

    places = {resident.post(reverse("portal:apply"), CHOICE | {"_key": key})["Location"] for _ in range(3)}

    assert len(places) == 1


def test_section_saved_leads_to_the_next(draft: CaseView, browser: BrowserOf) -> None:
    posted = SECTIONS["contact"] | {"_revision": ["0"], "_drawn": ["telephone mobile email"]}

    answer = browser("applicant").post(form(draft, "contact"), posted)

    assert (answer.status_code, answer["Location"]) == (302, form(draft, "introduction"))


def test_wrong_number_comes_back_beside_its_field_and_in_the_summary(
    draft: CaseView, browser: BrowserOf
) -> None:
    posted = SECTIONS["person"] | {"identity.number": ["110105194912310021"], "_revision": ["0"]}

    answer = browser("applicant").post(form(draft, "person"), posted)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-identity-number"' in shown
    assert "110105194912310021" in shown
    assert "张晓雨" in shown


def test_answer_that_makes_a_field_appear_draws_the_section_again(
    draft: CaseView, browser: BrowserOf
) -> None:
    posted = {name: values for name, values in SECTIONS["introduction"].items() if name != "term"}
    drawn = "route former_post present_post manner trained_post"

    answer = browser("applicant").post(
        form(draft, "introduction"), posted | {"_revision": ["0"], "_drawn": [drawn]}
    )

    assert answer["Location"] == form(draft, "introduction")
    assert "签约期限" in browser("applicant").get(form(draft, "introduction")).content.decode()


def test_autosave_answers_with_the_revision_and_the_time(draft: CaseView, browser: BrowserOf) -> None:
    posted = SECTIONS["contact"] | {"_revision": ["0"], "_drawn": ["telephone mobile email"]}

    answer = browser("applicant").post(form(draft, "contact"), posted, headers={"X-Autosave": "1"})

    assert answer.json()["revision"] == 1
    assert answer.json()["message"].startswith("已保存 ")
    assert answer.json()["redraw"] is False


def test_conflict_shows_both_sides_and_loses_nothing(draft: CaseView, browser: BrowserOf) -> None:
    phone, office = browser("applicant"), browser("applicant")
    phone.post(form(draft, "contact"), SECTIONS["contact"] | {"_revision": ["0"]})
    phone.post(
        form(draft, "contact"), SECTIONS["contact"] | {"_revision": ["1"], "email": ["phone@example.org"]}
    )

    answer = office.post(
        form(draft, "contact"), SECTIONS["contact"] | {"_revision": ["1"], "email": ["office@example.org"]}
    )

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "phone@example.org" in shown
    assert 'value="office@example.org"' in shown
    assert 'name="_revision" value="2"' in shown


def test_page_of_a_conflict_takes_over_what_only_the_other_device_changed(
    draft: CaseView, browser: BrowserOf
) -> None:
    base = SECTIONS["employer"]
    resident, address = browser("applicant"), form(draft, "employer")
    resident.post(address, base | {"_revision": ["0"]})
    there = {"employer_contact": ["王五"], "employer_address": ["另一台填的地址"]}
    resident.post(address, base | there | {"_revision": ["1"]})

    answer = resident.post(address, base | {"employer_contact": ["赵六"], "_revision": ["1"]})

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="赵六"' in shown
    assert "\n另一台填的地址</textarea>" in shown
    assert 'name="_revision" value="2"' in shown


def test_page_with_something_wrong_takes_over_what_the_other_device_changed(
    draft: CaseView, browser: BrowserOf
) -> None:
    resident, base, address = browser("applicant"), SECTIONS["contact"], form(draft, "contact")
    resident.post(address, base | {"_revision": ["0"]})
    resident.post(address, base | {"_revision": ["1"], "telephone": ["0311-85128888"]})

    answer = resident.post(address, base | {"_revision": ["1"], "email": ["nobody"]})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="nobody"' in shown
    assert "85128888" in shown
    assert 'name="_revision" value="3"' in shown


def test_conflict_says_in_words_what_the_other_device_holds(draft: CaseView, browser: BrowserOf) -> None:
    resident, address = browser("applicant"), form(draft, "household")
    resident.post(address, SECTIONS["household"] | {"_revision": ["0"]})

    shown = resident.post(
        address, {"family._ids": ["b2"], "family.b2.member_name": ["李小红"], "_revision": ["0"]}
    ).content.decode()

    assert "另一台设备上的内容" in shown
    assert "王小明" in shown


def test_autosave_names_the_revision_that_the_page_shows(draft: CaseView, browser: BrowserOf) -> None:
    resident, base, address = browser("applicant"), SECTIONS["employer"], form(draft, "employer")
    page, autosave = {"_page": [str(uuid4())]}, {"X-Autosave": "1"}
    resident.post(address, base | {"_revision": ["0"]})
    resident.post(address, base | {"_revision": ["1"], "employer_contact": ["王五"]})

    typed = base | page | {"employer_address": ["新址 2 号"]}
    answer = resident.post(address, typed | {"_revision": ["1"]}, headers=autosave).json()
    typed |= {"_revision": [str(answer["revision"])], "employer_address": ["新址 2 号楼"]}
    resident.post(address, typed, headers=autosave)

    shown = resident.get(address).content.decode()
    assert answer["redraw"] is True
    assert 'value="王五"' in shown
    assert "\n新址 2 号楼</textarea>" in shown


def test_save_after_an_autosave_whose_answer_was_lost_goes_through(
    draft: CaseView, browser: BrowserOf
) -> None:
    resident, base, address = browser("applicant"), SECTIONS["contact"], form(draft, "contact")
    page = {"_revision": ["0"], "_page": [str(uuid4())]}
    resident.post(address, base | page | {"email": ["a@example.org"]}, headers={"X-Autosave": "1"})

    answer = resident.post(address, base | page | {"email": ["ab@example.org"]})

    assert answer.status_code == 302
    assert 'value="ab@example.org"' in resident.get(address).content.decode()


@pytest.mark.parametrize("revision", ["²", "９", "-1", "9" * 40, ""])
def test_revision_that_is_none_is_no_fault_of_ours(
    draft: CaseView, browser: BrowserOf, revision: str
) -> None:
    posted = SECTIONS["contact"] | {"_revision": [revision], "_page": ["no key"]}

    assert browser("applicant").post(form(draft, "contact"), posted).status_code == 302


def test_row_is_added_and_taken_away_without_scripts(
    draft: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    resident = browser("applicant")
    resident.post(form(draft, "household"), SECTIONS["household"] | {"_revision": ["0"]})

    added = resident.post(
        form(draft, "household"), SECTIONS["household"] | {"_revision": ["1"], "_add_row": ["family"]}
    )
    resident.post(
        form(draft, "household"), SECTIONS["household"] | {"_revision": ["1"], "_delete_row": ["family.a1"]}
    )

    assert added["Location"].endswith("?add=family#f-family")
    assert cases.contents(actor("applicant"), draft.id)["household"].values.get("family", []) == []


def test_table_that_was_never_saved_offers_a_row_and_a_blank_one_is_not_kept(
    draft: CaseView, browser: BrowserOf
) -> None:
    resident = browser("applicant")
    offered = resident.get(form(draft, "household")).content.decode()
    (row,) = re.findall(r'name="family\._ids" value="([^"]+)"', offered)

    resident.post(form(draft, "household"), {"_revision": ["0"], "family._ids": [row]})
    again = resident.get(form(draft, "household")).content.decode()

    assert "family._ids" not in again


def test_whole_way_to_the_receipt(draft: CaseView, browser: BrowserOf, actor: ActorOf) -> None:
    resident = browser("applicant")
    for section, posted in SECTIONS.items():
        assert resident.post(form(draft, section), posted | {"_revision": ["0"]}).status_code == 302
    for slot in ("photo", "identity_copy", "degree_copy"):
        upload(resident, draft, slot)

    sent = resident.post(
        reverse("portal:check", args=[draft.id]), {"declaration": "on", "_key": str(uuid4())}
    )
    receipt = resident.get(sent["Location"]).content.decode()

    assert sent["Location"] == reverse("portal:done", args=[draft.id])
    reference = cases.case_for(actor("applicant"), draft.id).reference
    assert reference
    assert re.fullmatch(r"RC\d{17}", reference)
    assert (
        f"<p>您申请办理的“石家庄市人才绿卡申请”事项被本系统预受理，受理编号为{reference}，"
        "工作人员将尽快核实您提交申请材料的有效性。</p>"
    ) in receipt
    assert "石家庄市行政审批大厅人才绿卡服务窗口" in receipt
    assert "下载打印并签字的申请表" in receipt
    assert "石家庄市人才绿卡申请平台" in receipt


def test_upload_sent_twice_by_one_form_is_one_document(draft: CaseView, browser: BrowserOf) -> None:
    resident, key = browser("applicant"), str(uuid4())

    for _ in range(2):
        answer = resident.post(
            reverse("portal:materials", args=[draft.id]), {"_key": key, "file.photo": picture()}
        )
        assert answer.status_code == 302

    assert len(cases.materials(draft.id)) == 1


def test_upload_sent_again_after_its_removal_says_so(
    draft: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    resident, address, key = browser("applicant"), reverse("portal:materials", args=[draft.id]), str(uuid4())
    resident.post(address, {"_key": key, "file.photo": picture()})
    resident.post(reverse("portal:remove", args=[draft.id, cases.materials(draft.id)[0].id]))

    answer = resident.post(address, {"_key": key, "file.photo": picture()})

    assert answer.status_code == 422
    assert "这份文件先前已经收到" in answer.content.decode()
    assert cases.materials(draft.id) == []


def test_submission_without_the_declaration_is_refused(complete: CaseView, browser: BrowserOf) -> None:
    answer = browser("applicant").post(reverse("portal:check", args=[complete.id]), {"_key": str(uuid4())})

    assert answer.status_code == 422
    assert "请先阅读并勾选承诺" in answer.content.decode()


def test_submission_of_an_empty_draft_lists_every_gap_with_its_place(
    draft: CaseView, browser: BrowserOf
) -> None:
    answer = browser("applicant").post(
        reverse("portal:check", args=[draft.id]), {"declaration": "on", "_key": str(uuid4())}
    )

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="{form(draft, "person")}#f-name_zh"' in shown
    assert f'href="{reverse("portal:materials", args=[draft.id])}#slot-photo"' in shown


def test_files_chosen_for_several_rows_come_in_one_go_and_each_is_answered_for(
    draft: CaseView, browser: BrowserOf
) -> None:
    sent = {
        "_key": str(uuid4()),
        "file.photo": picture(),
        "file.identity_copy": picture(),
        "file.degree_copy": SimpleUploadedFile("空.jpg", b""),
    }

    answer = browser("applicant").post(reverse("portal:materials", args=[draft.id]), sent)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#slot-degree_copy"' in shown
    assert "“空.jpg”没有传上去" in shown
    assert sorted(one.slot for one in cases.materials(draft.id)) == ["identity_copy", "photo"]


def test_more_files_than_fit_in_one_go_are_refused_with_a_sentence(
    draft: CaseView, browser: BrowserOf
) -> None:
    files = [picture() for _ in range(settings.UPLOADS_AT_ONCE + 1)]

    answer = browser("applicant").post(
        reverse("portal:materials", args=[draft.id]), {"_key": str(uuid4()), "file.degree_copy": files}
    )

    assert answer.status_code == 422
    assert "一次最多上传 12 个文件，这次一个也没有保存" in answer.content.decode()
    assert cases.materials(draft.id) == []


def upload(resident: Client, case: CaseView, slot: str) -> None:
    """Upload one picture and let the reader do its work."""
    resident.post(
        reverse("portal:materials", args=[case.id]), {"_key": str(uuid4()), f"file.{slot}": picture()}
    )
    for one in cases.materials(case.id):
        inspect_document(one.document_id)


RARE = "张\U0002a8c6雨"
"""A name with a character that no bundled font has."""


def drawn_on(page: HttpResponse) -> dict[str, list[str]]:
    """The names of the fields that a page has, as it sends them back."""
    found = re.search(r'name="_drawn" value="([^"]*)"', page.content.decode())
    assert found
    return {"_drawn": [found[1]]}


def test_name_that_cannot_be_printed_is_kept_and_its_owner_told_once(
    draft: CaseView, browser: BrowserOf
) -> None:
    resident, posted = browser("applicant"), SECTIONS["person"] | {"name_zh": [RARE], "_revision": ["0"]}
    resident.post(form(draft, "person"), SECTIONS["person"] | {"_revision": ["0"], "_go": ["stay"]})
    drawn = drawn_on(resident.get(form(draft, "person"))) | {"_revision": ["1"]}

    first = resident.post(form(draft, "person"), posted | drawn)
    shown = resident.get(form(draft, "person")).content.decode()
    second = resident.post(
        form(draft, "person"), posted | drawn | {"_revision": ["1"], "_noted": ["name_zh"]}
    )

    assert (first.status_code, first["Location"]) == (302, form(draft, "person"))
    assert f'value="{RARE}"' in shown
    assert "不影响您提交申请" in shown.split('id="f-name_zh-note"')[1].split("</p>")[0]
    assert 'aria-invalid="true"' not in shown
    assert (second.status_code, second["Location"]) == (302, form(draft, "contact"))


def test_autosave_draws_the_page_anew_when_a_note_comes_or_goes(draft: CaseView, browser: BrowserOf) -> None:
    resident = browser("applicant")
    resident.post(form(draft, "person"), SECTIONS["person"] | {"_revision": ["0"], "_go": ["stay"]})
    headers = {"X-Autosave": "1"}
    posted = SECTIONS["person"] | drawn_on(resident.get(form(draft, "person"))) | {"_revision": ["1"]}

    came = resident.post(form(draft, "person"), posted | {"name_zh": [RARE]}, headers=headers)
    stays = resident.post(
        form(draft, "person"),
        posted | {"name_zh": [RARE], "_revision": ["2"], "_noted": ["name_zh"]},
        headers=headers,
    )
    goes = resident.post(
        form(draft, "person"), posted | {"_revision": ["2"], "_noted": ["name_zh"]}, headers=headers
    )

    assert [one.json()["redraw"] for one in (came, stays, goes)] == [True, False, True]


def test_check_page_says_that_a_character_cannot_be_printed(complete: CaseView, browser: BrowserOf) -> None:
    resident = browser("applicant")
    resident.post(form(complete, "person"), SECTIONS["person"] | {"name_zh": [RARE], "_revision": ["1"]})

    assert "不影响您提交申请" in resident.get(reverse("portal:check", args=[complete.id])).content.decode()


def test_autosave_of_something_wrong_says_that_it_is_saved_and_how_much_is_wrong(
    draft: CaseView, browser: BrowserOf
) -> None:
    wrong = {"email": ["nobody"], "mobile": ["0311-86012345"]}

    answer = browser("applicant").post(
        form(draft, "contact"),
        SECTIONS["contact"] | wrong | {"_revision": ["0"]},
        headers={"X-Autosave": "1"},
    )

    assert re.fullmatch(r"已保存 \d\d:\d\d，但有 2 处需要修改", answer.json()["message"])


def test_summary_names_the_field_of_each_sentence(draft: CaseView, browser: BrowserOf) -> None:
    wrong = {"mobile": ["0311-86012345"], "_revision": ["0"]}

    shown = browser("applicant").post(form(draft, "contact"), SECTIONS["contact"] | wrong).content.decode()

    assert '<a href="#f-mobile">手机号码：这是固定电话，收不到短信。' in shown
    assert "错误：</span>这是固定电话" in shown


def test_summary_names_the_line_of_a_table(draft: CaseView, browser: BrowserOf) -> None:
    wrong = {"family.a1.member_name": ["王1"], "_revision": ["0"]}

    shown = (
        browser("applicant").post(form(draft, "household"), SECTIONS["household"] | wrong).content.decode()
    )

    assert re.search(r'<a href="#f-family-a1-member_name">\S+第 1 条，姓名：', shown)


def test_deleted_draft_is_told(draft: CaseView, browser: BrowserOf) -> None:
    page = browser("applicant").post(reverse("portal:delete", args=[draft.id]), follow=True)

    assert "的草稿已删除，填写的内容和上传的材料一并删除。" in page.content.decode()


def test_own_place_is_offered_first(published: object, browser: BrowserOf) -> None:
    folder = settings.PLACES / "harbour_city" / "programmes" / "library_card"
    programmes.publish_folder(folder, actor=SYSTEM)

    shown = browser("applicant").get(reverse("portal:apply")).content.decode()

    assert shown.index("申请A卡") < shown.index("申请读者证")


def test_conflict_while_typing_says_how_to_see_both_sides(draft: CaseView, browser: BrowserOf) -> None:
    resident, address = browser("applicant"), form(draft, "contact")
    resident.post(address, {"mobile": "13800138000", "_revision": "0", "_page": str(uuid4())})

    late = {"mobile": "13800138001", "_revision": "0", "_page": str(uuid4())}
    answer = resident.post(address, late, headers={"X-Autosave": "1"})

    assert answer.status_code == 409
    assert "请点「保存」，对照两边的内容" in answer.json()["message"]
