"""我的资料库: kept only when its owner asked, each entry a document of its own."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.documents import files
from tests.documents.conftest import Upload
from tests.documents.jobs import jobs_of, run_erasures
from yincai.documents import actions, library, queries
from yincai.documents.copying import enter_copy, store_copy
from yincai.documents.inspection import inspect_document
from yincai.documents.vocabulary import DocumentView, NotYetSafe, State, UploadRefused
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

CASE = uuid.uuid4()


def stored(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def in_a_case(inspected: Upload, data: bytes, **choices: object) -> DocumentView:
    return inspected(data, case=CASE, label="首次提交", **choices)


def kept(document: uuid.UUID, actor: Actor, type_code: str = "111") -> uuid.UUID:
    found = library.keep_document(document, actor=actor, type_code=type_code)
    assert found is not None
    return found


def upload_to(actor: Actor, data: bytes, type_code: str = "111", **more: object) -> uuid.UUID:
    assert actor.id is not None
    file = ContentFile(data, name="证件.jpg")
    return library.receive_for_library(file, actor=actor, owner=actor.id, type_code=type_code, **more)


def test_kept_document_is_a_copy_safe_at_once_under_a_key_of_its_own(
    inspected: Upload, applicant: Actor
) -> None:
    source = in_a_case(inspected, files.pdf(2), name="学位.pdf")
    before = jobs_of("documents.inspect")

    entry = queries.library_entry(applicant.id, kept(source.id, applicant, "231"))

    assert (entry.type_title, entry.document.name, entry.document.state) == ("学位证", "学位.pdf", State.SAFE)
    assert entry.document.page_count == 2
    assert queries.open_page(entry.id, 2) == queries.open_page(source.id, 2)
    assert (entry.document.case, entry.uses) == (None, (source.id,))
    assert jobs_of("documents.inspect") == before
    assert [one.event for one in ledger.history(entry.id)] == ["document.copied", "library.kept"]


def test_copy_of_a_word_file_opens_with_its_text(inspected: Upload, applicant: Actor) -> None:
    source = inspected(files.word(), "申请表.docx")

    entry = kept(source.id, applicant, "L16")

    assert queries.open_text(entry) == queries.open_text(source.id)
    assert queries.open_original(entry) == queries.open_original(source.id)


def test_document_kept_twice_is_one_entry(inspected: Upload, applicant: Actor) -> None:
    source = in_a_case(inspected, files.jpeg())

    assert kept(source.id, applicant) == kept(source.id, applicant)
    assert len(queries.library(applicant.id)) == 1


def test_nobody_keeps_or_sees_what_is_another_persons(
    inspected: Upload, applicant: Actor, stranger: Actor
) -> None:
    source = inspected(files.jpeg())
    entry = kept(source.id, applicant)

    with pytest.raises(NotFound):
        library.keep_document(source.id, actor=stranger, type_code="111")
    with pytest.raises(NotFound):
        library.remove_from_library(entry, actor=stranger)
    with pytest.raises(NotFound):
        library.change_entry(entry, actor=stranger, name="x", type_code="111", expires_on=None)
    with pytest.raises(NotAllowed):
        library.remove_from_library(entry, actor=Actor("staff", uuid.uuid4(), "window"))
    assert queries.library(stranger.id) == []
    assert [one.id for one in queries.library(applicant.id)] == [entry]


def test_held_document_is_kept_once_it_was_found_safe(upload: Upload, applicant: Actor) -> None:
    held = upload(files.jpeg())

    assert library.keep_document(held.id, actor=applicant, type_code="111") is None
    assert queries.document(held.id).is_being_kept
    inspect_document(held.id)
    assert jobs_of("documents.keep_wanted") == [("default", {"document": str(held.id)})]
    for _ in range(2):
        library.keep_wanted(held.id)

    assert [one.uses for one in queries.library(applicant.id)] == [(held.id,)]
    assert not queries.document(held.id).is_being_kept


def test_upload_that_asks_for_it_is_kept_and_a_refused_one_is_not(upload: Upload, applicant: Actor) -> None:
    for data in (files.jpeg(), b"MZ nothing"):
        file = ContentFile(data, name="证件.jpg")
        held = actions.store_upload(file, actor=applicant, owner=applicant.id)
        actions.enter_upload(held, actor=applicant, purpose="material", slot="identity", keep_as="111")
        inspect_document(held.id)
        library.keep_wanted(held.id)

    assert len(jobs_of("documents.keep_wanted")) == 1
    assert len(queries.library(applicant.id)) == 1


def test_refused_document_is_not_kept(inspected: Upload, applicant: Actor) -> None:
    refused = inspected(b"MZ nothing")

    with pytest.raises(UploadRefused):
        library.keep_document(refused.id, actor=applicant, type_code="111")

    assert queries.library(applicant.id) == []


def test_upload_into_the_library_is_checked_and_the_same_file_is_one_entry(applicant: Actor) -> None:
    first = upload_to(applicant, files.jpeg(), name="我的身份证", expires_on=date(2030, 1, 31))
    inspect_document(first)

    assert upload_to(applicant, files.jpeg()) == first
    (entry,) = queries.library(applicant.id)
    assert (entry.document.name, entry.document.expires_on) == ("我的身份证", date(2030, 1, 31))
    assert library.settle_in_library(first, actor=applicant, timeout=0) is State.SAFE


def test_refused_upload_leaves_the_library_and_says_why(applicant: Actor) -> None:
    added = upload_to(applicant, b"MZ nothing")
    inspect_document(added)

    with pytest.raises(Invalid, match="里面的内容却是程序"):
        library.settle_in_library(added, actor=applicant, timeout=0)

    assert queries.library(applicant.id) == []


def test_full_library_and_unknown_type_are_told(applicant: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "LIBRARY_LIMIT", 1)
    with pytest.raises(Invalid, match="请从列表中选择资料类型"):
        upload_to(applicant, files.jpeg(), type_code="xx")
    upload_to(applicant, files.jpeg())

    with pytest.raises(Invalid, match="资料库最多放"):
        upload_to(applicant, files.jpeg(700, 500))

    assert len(queries.library(applicant.id)) == 1


def test_entry_is_renamed_and_dated(inspected: Upload, applicant: Actor) -> None:
    entry = kept(inspected(files.jpeg()).id, applicant)

    changed = library.change_entry(
        entry, actor=applicant, name="身份证正面", type_code="112", expires_on=date(2027, 5, 1)
    )

    assert (changed.document.name, changed.type_title) == ("身份证正面", "临时居民身份证")
    assert changed.document.expires_on == date(2027, 5, 1)
    with pytest.raises(Invalid, match="不能互换类型"):
        library.change_entry(entry, actor=applicant, name="x", type_code="L17", expires_on=None)


@pytest.mark.parametrize(
    ("today", "expired", "soon"),
    [
        (date(2026, 12, 1), False, False),
        (date(2026, 12, 2), False, True),
        (date(2027, 1, 1), False, True),
        (date(2027, 1, 2), True, False),
    ],
)
def test_expiry_is_told_thirty_days_before_and_from_the_day_after(
    applicant: Actor, today: date, expired: bool, soon: bool
) -> None:
    upload_to(applicant, files.jpeg(), expires_on=date(2027, 1, 1))

    (entry,) = queries.library(applicant.id)

    assert (entry.has_expired(today), entry.expires_soon(today)) == (expired, soon)


def test_erasing_the_entry_leaves_the_copies_and_erasing_a_copy_the_entry(
    inspected: Upload, applicant: Actor, vault_folder: Path
) -> None:
    source = in_a_case(inspected, files.jpeg())
    entry = kept(source.id, applicant)
    copy = enter_copy(store_copy(entry), actor=applicant, slot="identity", case=CASE, label="首次提交")
    assert queries.library_entry(applicant.id, entry).uses == (source.id, copy.id)
    assert stored(vault_folder) == 6

    library.remove_from_library(entry, actor=applicant)
    run_erasures()

    assert stored(vault_folder) == 4
    assert queries.open_page(copy.id, 1) == queries.open_page(source.id, 1)
    with pytest.raises(NotFound):
        queries.document(entry)


def test_copy_of_what_is_gone_or_turned_meanwhile_is_refused(inspected: Upload, applicant: Actor) -> None:
    source = inspected(files.jpeg())
    ready = store_copy(source.id)
    actions.rotate(source.id, actor=applicant, quarter_turns=1)

    with pytest.raises(NotYetSafe), transaction.atomic():
        enter_copy(ready, actor=applicant, slot="identity")
    with pytest.raises(NotYetSafe):
        store_copy(source.id)
    inspect_document(source.id)
    ready = store_copy(source.id)
    actions.discard(source.id, actor=applicant)
    with pytest.raises(NotFound), transaction.atomic():
        enter_copy(ready, actor=applicant, slot="identity")


def test_copied_photo_keeps_its_frame(inspected: Upload, applicant: Actor) -> None:
    photo = inspected(files.saved(files.portrait(), "JPEG"), purpose="photo", slot="photo")

    entry = queries.library_entry(applicant.id, kept(photo.id, applicant))

    assert entry.is_photo
    assert entry.type_title == "一寸照片"
    assert [page.number for page in entry.document.pages] == [0, 1]


def test_library_costs_as_many_queries_with_many_entries_as_with_one(
    inspected: Upload, applicant: Actor
) -> None:
    def queries_now() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.library(applicant.id)
        return len(captured)

    kept(inspected(files.jpeg()).id, applicant)
    few = queries_now()
    for number in range(3):
        kept(inspected(files.jpeg(200 + number, 200)).id, applicant)

    assert queries_now() == few
