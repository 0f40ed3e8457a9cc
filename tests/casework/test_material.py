"""A document is handed in once and taken away with its files; no case is locked while a disk is written."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tests.answers import picture
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView, MaterialView
from yincai.documents import queries as documents
from yincai.documents.inspection import inspect_document
from yincai.documents.storage import DurableFiles
from yincai.foundation.errors import Invalid, NotFound
from yincai.ledger.vocabulary import Actor

ActorOf = Callable[[str], Actor]


class Watched(DurableFiles):
    """Notes how many transactions are open whenever a file is written."""

    depths: ClassVar[list[int]] = []

    def _save(self, name: str, content: Any) -> str:
        self.depths.append(len(connection.savepoint_ids))
        return super()._save(name, content)


def hand_in(case: CaseView, who: Actor, *, slot: str = "photo", key: UUID | None = None) -> UUID:
    return actions.add_material(case.id, actor=who, slot=slot, upload=picture(), key=key).id


def test_file_is_on_the_disk_before_the_case_is_locked(
    draft: CaseView, actor: ActorOf, settings: Any
) -> None:
    storages = copy.deepcopy(settings.STORAGES)
    storages["documents"]["BACKEND"] = f"{__name__}.Watched"
    settings.STORAGES = storages
    Watched.depths.clear()
    outside = len(connection.savepoint_ids)

    hand_in(draft, actor("applicant"))

    assert Watched.depths == [outside]


def test_upload_replayed_gives_the_same_document(draft: CaseView, actor: ActorOf) -> None:
    key = uuid4()

    assert hand_in(draft, actor("applicant"), key=key) == hand_in(draft, actor("applicant"), key=key)
    assert len(cases.materials(draft.id)) == 1


def test_upload_replayed_after_its_removal_says_so(draft: CaseView, actor: ActorOf) -> None:
    who, key = actor("applicant"), uuid4()
    actions.remove_material(draft.id, hand_in(draft, who, key=key), actor=who)

    with pytest.raises(Invalid, match="先前已经收到"):
        hand_in(draft, who, key=key)

    assert cases.materials(draft.id) == []


def test_one_key_in_two_cases_is_two_documents(draft: CaseView, actor: ActorOf) -> None:
    who, key = actor("applicant"), uuid4()
    other = actions.open_draft(
        actor=who, place=draft.place, programme=draft.programme, variant="A", key=uuid4()
    )

    assert hand_in(draft, who, key=key) != hand_in(other, who, key=key)


def test_document_taken_away_is_gone_with_its_row(draft: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    added = hand_in(draft, who)
    document = cases.materials(draft.id)[0].document_id

    actions.remove_material(draft.id, added, actor=who)

    with pytest.raises(NotFound):
        documents.document(document)


def test_draft_deleted_takes_its_documents_with_it(complete: CaseView, actor: ActorOf) -> None:
    actions.delete_draft(complete.id, actor=actor("applicant"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM documents_document")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'documents.erase_files'")
        assert cursor.fetchone() != (0,)


def test_refused_file_is_taken_away_and_its_reason_told(draft: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    text = SimpleUploadedFile("photo.jpg", b"not a picture at all", content_type="image/jpeg")
    added = actions.add_material(draft.id, actor=who, slot="photo", upload=text)
    inspect_document(added.document_id)

    gone = actions.settle_materials(draft.id, [added.id], actor=who, timeout=0)

    assert "认不出这个文件的格式" in gone[added.id]
    assert cases.materials(draft.id) == []
    with pytest.raises(NotFound):
        documents.document(added.document_id)


def test_file_still_being_checked_stays(draft: CaseView, actor: ActorOf) -> None:
    added = hand_in(draft, actor("applicant"))

    gone = actions.settle_materials(draft.id, [added], actor=actor("applicant"), timeout=0)

    assert gone == {}
    assert len(cases.materials(draft.id)) == 1


def test_of_several_files_each_is_taken_or_refused_by_itself(draft: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    empty = SimpleUploadedFile("空.jpg", b"", content_type="image/jpeg")
    handed = [
        actions.Handed("photo", picture()),
        actions.Handed("photo", picture()),
        actions.Handed("identity_copy", empty),
        actions.Handed("degree_copy", picture()),
    ]

    first, second, third, fourth = actions.add_materials(draft.id, handed, actor=who)

    assert isinstance(first, MaterialView)
    assert isinstance(fourth, MaterialView)
    assert isinstance(second, Invalid)
    assert "最多上传 1 份" in second.sentence
    assert isinstance(third, Invalid)
    assert "空" in third.sentence
    assert [one.id for one in cases.materials(draft.id)] == [first.id, fourth.id]


def test_same_files_again_are_the_same_materials(draft: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    handed = [actions.Handed(slot, picture(), uuid4()) for slot in ("photo", "identity_copy")]

    first = actions.add_materials(draft.id, handed, actor=who)
    again = actions.add_materials(draft.id, handed, actor=who)

    assert again == first
    assert len(cases.materials(draft.id)) == 2
