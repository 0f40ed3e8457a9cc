"""What an applicant does with documents of the open round beside handing them in: take one from their
library, turn one, frame the photo, put a new one in the place of an old one."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction

from yincai.casework import reading
from yincai.casework.actions.material import (
    TAKEN_AWAY,
    enter_material,
    known_material,
    leave_out,
    room_in,
)
from yincai.casework.models import Case, Material
from yincai.casework.offering import fits
from yincai.casework.permissions import access_case
from yincai.casework.slots import is_photo
from yincai.casework.views import material_view
from yincai.casework.vocabulary import MaterialView, Verb, label_of
from yincai.documents import actions as documents
from yincai.documents import queries as document_queries
from yincai.documents.copying import enter_copy, store_copy
from yincai.documents.vocabulary import Crop, DocumentView
from yincai.engine.spec import Material as DeclaredMaterial
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes

NOT_OPEN = "这份材料已经删除，或属于已提交的批次，不能再改动。"
DOES_NOT_FIT = "这份资料不能用在这里：类型或格式不符，或者已经过期。请从列表中另选一份，或重新上传。"


def reuse_document(
    case_id: UUID, *, actor: Actor, slot: str, document: UUID, key: UUID | None = None
) -> MaterialView:
    """Put a copy of a document of the applicant's own library into a slot; safe at once, nothing is inspected
    again.

    `key` as for `add_material`.  `Invalid` when the slot is full or the document does not fit (`fits`),
    `NotFound` when it is not in their library.
    """
    key = key or uuid4()
    if actor.behalf is not None:
        raise NotAllowed("资料库只由本人使用，没有放入任何资料。请用申请人带来的原件拍照或扫描上传。")
    case = access_case(actor, case_id, Verb.EDIT)
    ever = reading.materials_ever(case_id)
    known = known_material(ever, key)
    if known is not None:
        return known
    _fitting(case, slot, room_in(case, ever, slot), document)
    stored = store_copy(document)
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.EDIT, lock=True)
        ever = reading.materials_ever(case_id)
        known = known_material(ever, key)
        if known is not None:
            return known
        _fitting(case, slot, room_in(case, ever, slot), document)
        label = label_of(case.round_number + 1)
        copy = enter_copy(stored, actor=actor, slot=slot, case=case.id, label=label)
        material = enter_material(case, ever, key=key, slot=slot, document=copy.pk, actor=actor)
        return material_view(material)


def rotate_material(case_id: UUID, material_id: UUID, *, actor: Actor, quarter_turns: int) -> DocumentView:
    """Turn a document of the open round clockwise, every page of it."""
    with transaction.atomic():
        row = _open_material(case_id, material_id, actor)
        return documents.rotate(row.document_id, actor=actor, quarter_turns=quarter_turns)


def crop_material(case_id: UUID, material_id: UUID, *, actor: Actor, crop: Crop) -> DocumentView:
    """Choose which part of the picture becomes the one-inch photo, while the round is open."""
    with transaction.atomic():
        row = _open_material(case_id, material_id, actor)
        return documents.crop_photo(row.document_id, actor=actor, crop=crop, case=case_id)


def settle_replacement(case_id: UUID, material_id: UUID, *, replaces: UUID, actor: Actor) -> bool:
    """Take the document away in whose place a new one came, if the reader has found the new one safe;
    whether it did.

    Until then both stay, so that a refused file costs nobody the old one.
    """
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.EDIT, lock=True)
        new = next((one for one in reading.live_materials(case_id) if one.id == material_id), None)
        if new is None or not document_queries.document(new.document_id).is_safe:
            return False
        old = next((one for one in reading.live_materials(case_id) if one.id == replaces), None)
        if old is None or old.slot != new.slot:
            return False
        leave_out(case, old, actor=actor, by=new.id)
        return True


def _fitting(case: Case, slot: str, declared: DeclaredMaterial, document: UUID) -> None:
    entry = document_queries.library_entry(case.account_id, document)
    photo = is_photo(programmes.version(case.publication_id).programme, slot)
    if not fits(entry, declared, photo=photo):
        raise Invalid(DOES_NOT_FIT)


def _open_material(case_id: UUID, material_id: UUID, actor: Actor) -> Material:
    """A live material of the open round, its case locked.  `NotFound`, `NotAllowed`."""
    case = access_case(actor, case_id, Verb.EDIT, lock=True)
    row = next((one for one in reading.live_materials(case_id) if one.id == material_id), None)
    if row is None:
        raise NotFound(TAKEN_AWAY)
    if row.round_number != case.round_number + 1:
        raise NotAllowed(NOT_OPEN)
    return row
