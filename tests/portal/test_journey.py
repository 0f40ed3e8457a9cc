"""The applicant's pages, from the list of what there is to the receipt, as a browser without scripts sends
them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from tests.answers import SECTIONS, picture
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.documents.inspection import inspect_document
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
CHOICE = {"programme": "shijiazhuang/talent_green_card/A"}


def form(case: CaseView, section: str) -> str:
    return reverse("portal:form", args=[case.id, section])


def test_choosing_a_card_type_opens_the_first_section(published: object, browser: BrowserOf) -> None:
    answer = browser("applicant").post(reverse("portal:apply"), CHOICE | {"_key": str(uuid4())})

    assert answer.status_code == 302
    assert answer["Location"].endswith("/form/person/")


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


def test_whole_way_to_the_receipt(draft: CaseView, browser: BrowserOf) -> None:
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
    assert "事项被本系统预受理，受理编号为" in receipt
    assert "RC2" in receipt


def test_upload_sent_twice_by_one_form_is_one_document(draft: CaseView, browser: BrowserOf) -> None:
    resident, key = browser("applicant"), str(uuid4())

    for _ in range(2):
        answer = resident.post(
            reverse("portal:materials", args=[draft.id]), {"slot": "photo", "_key": key, "file": picture()}
        )
        assert answer.status_code == 302

    assert len(cases.materials(draft.id)) == 1


def test_upload_sent_again_after_its_removal_says_so(
    draft: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    resident, address, key = browser("applicant"), reverse("portal:materials", args=[draft.id]), str(uuid4())
    resident.post(address, {"slot": "photo", "_key": key, "file": picture()})
    resident.post(reverse("portal:remove", args=[draft.id, cases.materials(draft.id)[0].id]))

    answer = resident.post(address, {"slot": "photo", "_key": key, "file": picture()})

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


def upload(resident: Client, case: CaseView, slot: str) -> None:
    """Upload one picture and let the reader do its work."""
    resident.post(
        reverse("portal:materials", args=[case.id]), {"slot": slot, "_key": str(uuid4()), "file": picture()}
    )
    for one in cases.materials(case.id):
        inspect_document(one.document_id)
