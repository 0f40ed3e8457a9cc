"""From the library into a case, and what else an applicant arranges while the round is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.answers import picture
from tests.cases import submit
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case
from yincai.casework.vocabulary import CaseView, NotComplete
from yincai.documents import library
from yincai.documents import queries as documents
from yincai.documents.inspection import inspect_document
from yincai.documents.vocabulary import Crop
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

ActorOf = Callable[[str], Actor]


def hand_in(case: CaseView, who: Actor, slot: str) -> tuple[UUID, UUID]:
    added = actions.add_material(case.id, actor=who, slot=slot, upload=picture())
    inspect_document(added.document_id)
    return added.id, added.document_id


def entry_of(who: Actor, type_code: str, *, size: int = 900, expires_on: date | None = None) -> UUID:
    assert who.id is not None
    file = picture(size=(size, 1260))
    found = library.receive_for_library(
        file, actor=who, owner=who.id, type_code=type_code, expires_on=expires_on
    )
    inspect_document(found)
    return found


def offers(case: CaseView, who: Actor) -> dict[str, list[UUID]]:
    assert who.id is not None
    found = cases.offered(cases.open_case(who, case.id), documents.library(who.id))
    return {slot: [one.id for one in fitting] for slot, fitting in found.items()}


def test_reused_document_lies_in_the_case_as_a_copy_on_record(draft: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    entry = entry_of(who, "231")
    key = uuid4()

    added = [
        actions.reuse_document(draft.id, actor=who, slot="degree_copy", document=entry, key=key)
        for _ in range(2)
    ]

    (material,) = cases.materials(draft.id)
    copy = documents.document(material.document_id)
    assert [one.id for one in added] == [material.id] * 2
    assert (copy.is_safe, copy.case, copy.label, copy.copied_from) == (True, draft.id, "首次提交", entry)
    assert copy.sha256 == documents.document(entry).sha256
    assert [one.event for one in ledger.history(copy.id)] == ["document.copied"]
    assert ledger.history(draft.id)[-1].event == "material.added"
    (use,) = cases.uses_of(who.id, documents.library_entry(who.id, entry).uses).values()
    assert (use.case.id, use.material.label, use.title) == (draft.id, "首次提交", "学历学位证书")


def test_library_offers_what_fits_the_slot(draft: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    degree, identity = entry_of(who, "231"), entry_of(who, "111", size=800)
    photo = entry_of(who, "L17")
    entry_of(who, "225", size=700, expires_on=clock.today() - timedelta(days=1))

    assert offers(draft, who) == {
        "photo": [photo],
        "identity_copy": [identity],
        "degree_copy": [degree],
    }


@pytest.mark.parametrize("slot", ["photo", "title_copy"])
def test_document_that_does_not_fit_is_refused(draft: CaseView, actor: ActorOf, slot: str) -> None:
    who = actor("applicant")
    entry = entry_of(who, "231")

    with pytest.raises(Invalid, match="不能用在这里"):
        actions.reuse_document(draft.id, actor=who, slot=slot, document=entry)

    assert cases.materials(draft.id) == []


def test_stranger_reuses_nothing(draft: CaseView, actor: ActorOf) -> None:
    entry = entry_of(actor("stranger"), "231")

    with pytest.raises(NotFound):
        actions.reuse_document(draft.id, actor=actor("applicant"), slot="degree_copy", document=entry)
    with pytest.raises(NotFound):
        actions.reuse_document(draft.id, actor=actor("stranger"), slot="degree_copy", document=entry)


def test_document_of_a_submitted_round_stays_when_the_library_entry_goes(
    complete: CaseView, actor: ActorOf
) -> None:
    who = actor("applicant")
    entry = entry_of(who, "L11")
    material = actions.reuse_document(complete.id, actor=who, slot="title_copy", document=entry)
    submit(complete.id, who)

    library.remove_from_library(entry, actor=who)

    assert documents.document(material.document_id).is_safe
    assert documents.open_page(material.document_id, 1)[0].startswith(b"\xff\xd8\xff")


def test_open_round_is_turned_and_its_photo_framed(draft: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    paper, paper_document = hand_in(draft, who, "degree_copy")
    photo, photo_document = hand_in(draft, who, "photo")
    before = documents.open_page(photo_document, 1)

    actions.rotate_material(draft.id, paper, actor=who, quarter_turns=1)
    actions.crop_material(draft.id, photo, actor=who, crop=Crop(0, 0, 500_000, 500_000))
    for one in (paper_document, photo_document):
        inspect_document(one)

    page = documents.document(paper_document).pages[0]
    assert (page.width, page.height) == (1260, 900)
    assert documents.open_page(photo_document, 1) != before
    assert documents.document(photo_document).crop == Crop(0, 0, 500_000, 500_000)
    actions.rotate_material(draft.id, photo, actor=who, quarter_turns=1)
    assert documents.document(photo_document).crop is None


def test_submitted_document_is_neither_turned_nor_cropped(submitted: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    photo = next(one for one in cases.materials(submitted.id) if one.slot == "photo")

    with pytest.raises(NotAllowed):
        actions.rotate_material(submitted.id, photo.id, actor=who, quarter_turns=1)
    Case.objects.filter(id=submitted.id).update(state="draft")
    with pytest.raises(NotAllowed):
        actions.crop_material(submitted.id, photo.id, actor=who, crop=Crop(0, 0, 500_000, 500_000))

    assert documents.document(photo.document_id).crop is None


def test_replacement_takes_the_place_of_the_old_one_when_it_is_safe(draft: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    old, _ = hand_in(draft, who, "photo")

    new = actions.add_material(draft.id, actor=who, slot="photo", upload=picture(), replaces=old)
    assert not actions.settle_replacement(draft.id, new.id, replaces=old, actor=who)
    assert {one.id for one in cases.materials(draft.id)} == {old, new.id}
    inspect_document(new.document_id)
    assert actions.settle_replacement(draft.id, new.id, replaces=old, actor=who)

    assert [one.id for one in cases.materials(draft.id)] == [new.id]


def test_case_is_not_handed_in_with_both_the_old_document_and_its_replacement(
    complete: CaseView, actor: ActorOf
) -> None:
    who = actor("applicant")
    (old,) = [one.id for one in cases.materials(complete.id) if one.slot == "photo"]
    new = actions.add_material(complete.id, actor=who, slot="photo", upload=picture("b.jpg"), replaces=old)
    inspect_document(new.document_id)

    with pytest.raises(NotComplete) as refusal:
        submit(complete.id, who)

    (missing,) = refusal.value.missing
    assert (missing.path, "最多 1 份，现在有 2 份" in missing.message) == ("photo", True)
    actions.remove_material(complete.id, old, actor=who)
    assert submit(complete.id, who).reference


def test_refused_replacement_costs_nobody_the_old_one(draft: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    old, _ = hand_in(draft, who, "photo")
    text = SimpleUploadedFile("photo.jpg", b"not a picture at all", content_type="image/jpeg")
    new = actions.add_material(draft.id, actor=who, slot="photo", upload=text, replaces=old)
    inspect_document(new.document_id)

    assert actions.settle_materials(draft.id, [new.id], actor=who, timeout=0).keys() == {new.id}
    assert not actions.settle_replacement(draft.id, new.id, replaces=old, actor=who)

    assert [one.id for one in cases.materials(draft.id)] == [old]


def test_deadline_of_use_is_told_from_the_limits_of_the_programme(draft: CaseView) -> None:
    assert cases.must_hold_until(draft.spec.workflow) >= clock.today() + timedelta(days=30)
