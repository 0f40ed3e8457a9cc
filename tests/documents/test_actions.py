from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from tests.documents import files
from tests.documents.conftest import Upload
from tests.documents.jobs import jobs_of, run_erasures
from yincai.documents import actions, queries
from yincai.documents.inspection import inspect_document
from yincai.documents.vocabulary import Crop, NotYetSafe, State, UploadRefused
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

CASE, OTHER_CASE = uuid.uuid4(), uuid.uuid4()


def test_upload_received_is_held_recorded_and_asked_for(upload: Upload) -> None:
    held = upload(files.jpeg(), "我的证件.jpg")

    assert (held.state, held.name, held.pages, held.kind) == (State.HELD, "我的证件.jpg", (), None)
    assert [entry.event for entry in ledger.history(held.id)] == ["document.received"]
    assert jobs_of("documents.inspect") == [("reader", {"document": str(held.id)})]
    with pytest.raises(NotYetSafe):
        queries.open_page(held.id, 1)


def test_picture_inspected_is_safe_and_its_page_opens(inspected: Upload) -> None:
    safe = inspected(files.jpeg(640, 480))

    page, content_type = queries.open_page(safe.id, 1)
    assert (safe.state, safe.kind, safe.page_count) == (State.SAFE, "image", 1)
    assert (safe.pages[0].width, safe.pages[0].height) == (640, 480)
    assert content_type == "image/jpeg"
    assert page.startswith(b"\xff\xd8\xff")
    assert [entry.event for entry in ledger.history(safe.id)] == ["document.received", "document.made_safe"]


def test_one_inch_photo_uploaded_is_cut_and_can_be_cut_again(inspected: Upload, applicant: Actor) -> None:
    photo = inspected(files.jpeg(1000, 1000), purpose="photo", slot="photo")
    before, _ = queries.open_page(photo.id, 1)

    wanted = actions.crop_photo(photo.id, actor=applicant, crop=Crop(0, 0, 500_000, 700_000))
    inspect_document(photo.id)

    now = queries.document(photo.id)
    assert wanted.is_being_redrawn
    assert not now.is_being_redrawn
    assert [(page.number, page.width, page.height) for page in now.pages] == [(0, 1000, 1000), (1, 295, 413)]
    assert now.page_count == 1
    assert queries.open_page(photo.id, 1)[0] != before


def test_crop_of_too_few_pixels_keeps_the_photo_and_says_why(inspected: Upload, applicant: Actor) -> None:
    photo = inspected(files.jpeg(1000, 1000), purpose="photo", slot="photo")
    before, _ = queries.open_page(photo.id, 1)

    actions.crop_photo(photo.id, actor=applicant, crop=Crop(0, 0, 100_000, 140_000))
    inspect_document(photo.id)

    now = queries.document(photo.id)
    assert (now.state, now.is_being_redrawn) == (State.SAFE, False)
    assert now.warnings == ("图片只有 100×140 像素，看不清内容。请上传原图，或重新拍一张。",)
    assert queries.open_page(photo.id, 1)[0] == before


def test_photo_as_pdf_is_refused(inspected: Upload) -> None:
    refused = inspected(files.pdf(), "照片.pdf", purpose="photo", slot="photo")

    assert refused.state is State.REFUSED
    assert refused.reason == "这里不接收 PDF 文件。请改用 JPG、PNG、WebP 或 HEIC 图片，再上传一次。"


def test_material_cropped_is_not_allowed(inspected: Upload, applicant: Actor) -> None:
    material = inspected(files.jpeg())

    with pytest.raises(NotAllowed):
        actions.crop_photo(material.id, actor=applicant, crop=Crop(0, 0, 500_000, 500_000))


def test_rotate_turns_the_pages_clockwise_and_drops_the_old_files(
    inspected: Upload, applicant: Actor, vault_folder: Path
) -> None:
    safe = inspected(files.jpeg(640, 480))

    actions.rotate(safe.id, actor=applicant, quarter_turns=1)
    assert queries.open_page(safe.id, 1)[0]
    inspect_document(safe.id)
    run_erasures()

    page = queries.document(safe.id).pages[0]
    assert (page.width, page.height) == (480, 640)
    assert len(_stored(vault_folder)) == 2


def test_rotate_twice_before_the_reader_came_draws_both_turns_once(
    inspected: Upload, applicant: Actor, vault_folder: Path
) -> None:
    safe = inspected(files.jpeg(640, 480))
    for _ in range(2):
        actions.rotate(safe.id, actor=applicant, quarter_turns=1)

    for _ in range(3):
        inspect_document(safe.id)
    run_erasures()

    page = queries.document(safe.id).pages[0]
    assert (page.width, page.height) == (640, 480)
    assert len(_stored(vault_folder)) == 2


def test_upload_for_somebody_else_is_refused_and_nothing_is_kept(
    applicant: Actor, stranger: Actor, vault_folder: Path
) -> None:
    with pytest.raises(NotAllowed):
        actions.store_upload(ContentFile(files.jpeg(), name="a.jpg"), actor=stranger, owner=applicant.id)

    assert _stored(vault_folder) == []
    assert jobs_of("documents.inspect") == []


@pytest.mark.parametrize(
    ("data", "limit", "sentence"),
    [
        (b"", 1000, "这个文件是空的（0 字节），里面没有内容。请重新拍照或扫描，再上传一次。"),
        (
            bytes(3_000_000),
            2 * 1024 * 1024,
            "文件有 2.9 MB，超过了 2 MB 的上限，没有保存。"
            "请用较低的清晰度重新拍照或扫描，或把图片压缩后再上传。",
        ),
    ],
    ids=files.short,
)
def test_upload_empty_or_too_large_is_refused_and_nothing_is_kept(
    upload: Upload, vault_folder: Path, data: bytes, limit: int, sentence: str
) -> None:
    with pytest.raises(UploadRefused) as refused:
        upload(data, limit=limit)

    assert refused.value.sentence == sentence
    assert _stored(vault_folder) == []


def test_uploads_beyond_the_daily_number_are_refused(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "UPLOADS_A_DAY", 2)
    upload(files.jpeg(100, 100))
    upload(files.jpeg(100, 100))

    with pytest.raises(UploadRefused, match="24 小时内"):
        upload(files.jpeg(100, 100))


def test_detach_frees_a_document_of_this_case_only(inspected: Upload, applicant: Actor) -> None:
    safe = inspected(files.jpeg(), case=CASE, label="首次提交")

    with pytest.raises(NotFound):
        actions.detach([safe.id], case=OTHER_CASE, actor=applicant)
    actions.detach([safe.id], case=CASE, actor=applicant)

    assert queries.document(safe.id).case is None


def test_discard_removes_row_and_files_but_not_from_a_case(
    inspected: Upload, applicant: Actor, vault_folder: Path
) -> None:
    safe = inspected(files.jpeg(), case=CASE, label="首次提交")
    with pytest.raises(NotAllowed):
        actions.discard(safe.id, actor=applicant)

    actions.detach([safe.id], case=CASE, actor=applicant)
    actions.discard(safe.id, actor=applicant)
    run_erasures()

    with pytest.raises(NotFound):
        queries.document(safe.id)
    assert _stored(vault_folder) == []
    assert ledger.history(safe.id)[-1].event == "document.discarded"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\我的\\\\证件.jpg", "证件.jpg"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        ("", "文件"),
        (None, "文件"),
        ("...", "文件"),
        ("名" * 300 + ".jpeg", "名" * 115 + ".jpeg"),
    ],
)
def test_file_names_are_kept_clean(name: str | None, kept: str) -> None:
    assert actions.clean_name(name) == kept


def _stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
