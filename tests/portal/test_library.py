"""我的资料库 and the documents of a row, as a browser without scripts sends them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.answers import picture
from tests.documents import files
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView, MaterialView
from yincai.documents import library
from yincai.documents import queries as documents
from yincai.documents.inspection import inspect_document
from yincai.foundation import clock
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
SHELF = {"type": "231", "agree": "on"}


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def at(name: str, *args: object) -> str:
    return reverse(f"portal:{name}", args=args)


def handed_in(case: CaseView, who: Actor, slot: str = "degree_copy") -> MaterialView:
    added = actions.add_material(case.id, actor=who, slot=slot, upload=picture())
    inspect_document(added.document_id)
    return added


def entry_of(who: Actor, type_code: str = "231", *, size: int = 900, **more: object) -> UUID:
    assert who.id is not None
    file = picture("学位证.jpg", size=(size, 1260))
    found = library.receive_for_library(file, actor=who, owner=who.id, type_code=type_code, **more)
    inspect_document(found)
    return found


def test_file_is_put_in_only_after_the_person_agreed(actor: ActorOf, browser: BrowserOf) -> None:
    resident, who = browser("applicant"), actor("applicant")

    refused = resident.post(at("library"), {"type": "231", "file": picture()})
    taken = resident.post(at("library"), SHELF | {"file": picture(), "name": "硕士学位证"}, follow=True)

    assert refused.status_code == 422
    assert "请先勾选同意" in text(refused)
    assert "硕士学位证" in text(taken)
    assert len(documents.library(who.id)) == 1


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({}, "还没有选择文件"),
        ({"file": SimpleUploadedFile("a.jpg", b"")}, "这个文件是空的"),
        ({"file": SimpleUploadedFile("a.jpg", b"x"), "expires_on": "明年"}, "有效期写法不对"),
        ({"file": SimpleUploadedFile("a.jpg", b"x"), "type": "xx"}, "请从列表中选择资料类型"),
    ],
    ids=["none", "empty", "date", "type"],
)
def test_what_is_wrong_with_an_upload_is_said(
    actor: ActorOf, browser: BrowserOf, posted: dict[str, object], sentence: str
) -> None:
    answer = browser("applicant").post(at("library"), SHELF | posted)

    assert answer.status_code == 422
    assert sentence in text(answer)


def test_shelf_shows_type_expiry_and_where_each_is_used(
    draft: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    who = actor("applicant")
    today = clock.today()
    used = entry_of(who, expires_on=today + timedelta(days=12))
    entry_of(who, "225", size=800, expires_on=today - timedelta(days=1))
    actions.reuse_document(draft.id, actor=who, slot="degree_copy", document=used)

    shown = text(browser("applicant").get(at("library")))

    assert "12 天后到期" in shown
    assert "已过期" in shown
    assert re.search(r"A卡（草稿）</a>：学历学位证书，首次提交", shown)
    assert "还没有用在申请里" in shown


def test_entry_is_changed_turned_and_deleted(actor: ActorOf, browser: BrowserOf) -> None:
    resident, entry = browser("applicant"), entry_of(actor("applicant"))

    resident.post(
        at("library-entry", entry), {"name": "博士学位证", "type": "231", "expires_on": "2031-02-03"}
    )
    resident.post(at("library-rotate", entry), {"turn": "left"})
    inspect_document(entry)

    document = documents.document(entry)
    assert (document.name, document.expires_on.isoformat()) == ("博士学位证", "2031-02-03")
    assert (document.pages[0].width, document.pages[0].height) == (1260, 900)
    assert resident.get(at("library-document", entry, 1))["Content-Type"] == "image/jpeg"
    gone = resident.post(at("library-remove", entry), follow=True)
    assert "已从资料库删除" in text(gone)
    assert resident.get(at("library-entry", entry)).status_code == 404


def test_stranger_sees_nothing_of_a_library(actor: ActorOf, browser: BrowserOf) -> None:
    entry, stranger = entry_of(actor("applicant")), browser("stranger")

    for name, args in [
        ("library-entry", ()),
        ("library-document", (1,)),
        ("library-document-text", ()),
        ("library-document-original", ()),
        ("library-crop", ()),
    ]:
        assert stranger.get(at(name, entry, *args)).status_code == 404
    for name in ("library-rotate", "library-remove", "library-entry"):
        assert stranger.post(at(name, entry), {"name": "x", "type": "231"}).status_code == 404
    assert documents.document(entry).name == "学位证.jpg"


def test_row_offers_what_fits_and_one_press_takes_it(
    draft: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    resident, who = browser("applicant"), actor("applicant")
    entry = entry_of(who, expires_on=clock.today() + timedelta(days=3))

    shown = text(resident.get(at("materials", draft.id)))
    key = re.search(r'name="_key" value="([^"]+)"><input type="hidden" name="slot"', shown)
    assert key
    posted = {"_key": key[1], "slot": "degree_copy", "entry": str(entry)}
    taken = [resident.post(at("reuse", draft.id), posted, follow=True) for _ in range(2)]

    assert shown.count("从资料库选用（") == 1
    assert "可能在办理期间过期" in shown
    assert "可能在办理期间过期" in text(taken[0])
    (material,) = cases.materials(draft.id)
    assert (material.slot, documents.document(material.document_id).copied_from) == ("degree_copy", entry)


def test_uploads_are_kept_when_the_box_is_ticked_and_only_then(
    draft: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    resident, who = browser("applicant"), actor("applicant")

    for number, tick in enumerate([{}, {"keep": "on"}]):
        file = picture(size=(900 + number, 1260))
        resident.post(at("materials", draft.id), {"_key": str(uuid4()), "file.degree_copy": file, **tick})
    for one in cases.materials(draft.id):
        inspect_document(one.document_id)
        library.keep_wanted(one.document_id)

    (entry,) = documents.library(who.id)
    assert (entry.type_code, entry.uses) == ("225", (cases.materials(draft.id)[1].document_id,))
    assert re.search(
        r'id="keep" name="keep" value="on" checked', text(resident.get(at("materials", draft.id)))
    )


def test_document_is_kept_afterwards_after_the_person_agreed(
    draft: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    resident, who = browser("applicant"), actor("applicant")
    material = handed_in(draft, who)

    refused = resident.post(at("keep", draft.id, material.id), {"type": "231"})
    kept = resident.post(at("keep", draft.id, material.id), SHELF, follow=True)

    assert refused.status_code == 422
    assert "已存入我的资料库" in text(kept)
    assert [one.type_code for one in documents.library(who.id)] == ["231"]


def test_document_of_a_row_is_turned_in_place(draft: CaseView, actor: ActorOf, browser: BrowserOf) -> None:
    material = handed_in(draft, actor("applicant"))

    answer = browser("applicant").post(
        at("rotate", draft.id, material.id), {"turn": "right", "from": "table"}
    )
    inspect_document(material.document_id)

    assert answer["Location"].endswith(f"?open={material.id}#file-{material.id}")
    assert documents.document(material.document_id).pages[0].width == 1260
    shown = text(browser("applicant").get(answer["Location"].partition("#")[0]))
    assert '<details class="preview" open>' in shown


def test_photo_is_framed_by_buttons_and_numbers(draft: CaseView, actor: ActorOf, browser: BrowserOf) -> None:
    resident, material = browser("applicant"), handed_in(draft, actor("applicant"), "photo")
    address = at("crop", draft.id, material.id)
    before = documents.open_page(material.document_id, 1)

    def frame(answer: HttpResponse) -> tuple[int, ...]:
        names = ("left", "top", "width")
        return tuple(int(re.search(rf'name="{name}" value="(\d+)"', text(answer))[1]) for name in names)

    def post(shown: tuple[int, ...], **do: str) -> HttpResponse:
        return resident.post(address, dict(zip(("left", "top", "width"), map(str, shown), strict=True)) | do)

    first = frame(resident.get(address))
    smaller = frame(post(first, do="smaller"))
    moved = frame(post(smaller, do="right"))
    assert first == (0, 0, 900)
    assert (smaller, moved) == ((45, 63, 810), (85, 63, 810))
    assert frame(post((9000, 9000, 9000), do="draw")) == (0, 0, 900)
    assert documents.document(material.document_id).crop is None

    answer = post((100, 50, 400), do="save")
    inspect_document(material.document_id)

    assert answer["Location"] == at("material", draft.id, material.id)
    assert documents.open_page(material.document_id, 1) != before
    assert frame(resident.get(address)) == (100, 50, 400)


def test_only_a_photo_is_cropped(draft: CaseView, actor: ActorOf, browser: BrowserOf) -> None:
    material = handed_in(draft, actor("applicant"))

    assert browser("applicant").get(at("crop", draft.id, material.id)).status_code == 404


def test_one_file_is_replaced_and_a_refused_one_leaves_the_old(
    draft: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    resident, material = browser("applicant"), handed_in(draft, actor("applicant"))
    address = at("replace", draft.id, material.id)

    nothing = resident.post(address, {"_key": str(uuid4())})
    resident.post(address, {"_key": str(uuid4()), "file": picture(size=(800, 1100))})
    new = cases.materials(draft.id)[-1]
    inspect_document(new.document_id)
    assert nothing.status_code == 422
    assert len(cases.materials(draft.id)) == 2
    actions.settle_replacement(draft.id, new.id, replaces=material.id, actor=actor("applicant"))

    assert [one.id for one in cases.materials(draft.id)] == [new.id]


def test_pages_of_the_library_and_of_materials_do_not_grow_with_its_entries(
    draft: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    resident, who = browser("applicant"), actor("applicant")

    def queries_of(address: str) -> int:
        resident.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert resident.get(address).status_code == 200
        return len(captured)

    first = entry_of(who)
    actions.reuse_document(draft.id, actor=who, slot="degree_copy", document=first)
    few = [queries_of(one) for one in (at("library"), at("materials", draft.id))]
    for number in range(4):
        more = entry_of(who, size=700 + number)
        actions.reuse_document(draft.id, actor=who, slot="degree_copy", document=more)

    assert [queries_of(one) for one in (at("library"), at("materials", draft.id))] == few


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.jpg", files.jpeg(), "image"),
        ("a.png", files.saved(files.picture(), "PNG"), "image"),
        ("a.webp", files.saved(files.picture(), "WEBP"), "image"),
        ("a.heic", files.heic(), "image"),
        ("a.pdf", files.pdf(), "pdf"),
        ("a.docx", files.word(), "word"),
    ],
    ids=["jpg", "png", "webp", "heic", "pdf", "docx"],
)
def test_every_accepted_kind_is_taken_in_a_row(
    draft: CaseView, actor: ActorOf, browser: BrowserOf, name: str, data: bytes, kind: str
) -> None:
    resident = browser("applicant")
    file = SimpleUploadedFile(name, data)

    resident.post(at("materials", draft.id), {"_key": str(uuid4()), "file.application_form": file})
    (material,) = cases.materials(draft.id)
    inspect_document(material.document_id)

    assert documents.document(material.document_id).kind == kind
    shown = text(resident.get(at("materials", draft.id)))
    assert "首次提交：" in shown
    assert "已上传1份" in shown
    assert text(resident.get(at("material", draft.id, material.id))).count(name)
