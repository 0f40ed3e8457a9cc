"""Documents of a case: handed in under a slot, taken away again while the case is open to its applicant."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.core.files.base import File
from django.db import transaction

from yincai.casework.models import Case, Material
from yincai.casework.permissions import access_case
from yincai.casework.slots import is_photo, slot_of
from yincai.casework.views import material_view
from yincai.casework.vocabulary import MATERIAL_ADDED, MATERIAL_REMOVED, MaterialView, Verb, label_of
from yincai.documents import actions as documents
from yincai.documents.vocabulary import KINDS, Kind, Purpose
from yincai.engine.spec import Material as DeclaredMaterial
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes


def add_material(
    case_id: UUID, *, actor: Actor, slot: str, upload: File[bytes], key: UUID | None = None
) -> MaterialView:
    """Take an upload into a slot of the case.  It is held until the reader found it safe.

    `key` comes from the form: the same key again (a double click, a lost answer) gives the same document.

    `Invalid` when the slot is full or unknown, or the file is empty, too large or of a kind that nobody
    asked for.
    """
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.EDIT, lock=True)
        spec = programmes.version(case.publication_id).programme
        wanted = slot_of(spec, slot)
        purpose = Purpose.PHOTO if is_photo(spec, slot) else Purpose.MATERIAL
        live = Material.objects.filter(case=case, slot=slot, removed_at__isnull=True)
        known = live.filter(id=key).first() if key else None
        if known is not None:
            return material_view(known)
        if live.count() >= wanted.max_files:
            raise Invalid(f"「{wanted.title}」最多上传 {wanted.max_files} 份。请先删除一份再上传。")
        document = documents.receive_upload(
            upload, actor=actor, owner=case.account_id, purpose=purpose, slot=slot, accept=kinds_of(wanted)
        )
        material = Material.objects.create(
            id=key or uuid4(),
            case=case,
            slot=slot,
            document_id=document.id,
            round_number=case.round_number + 1,
            added_at=clock.now(),
        )
        documents.attach([document.id], case=case.id, label=label_of(material.round_number), actor=actor)
        record(
            chain=case.id,
            event=MATERIAL_ADDED,
            actor=actor,
            payload={"slot": slot, "document": str(document.id)},
        )
    return material_view(material)


def remove_material(case_id: UUID, material_id: UUID, *, actor: Actor) -> None:
    """Take a document of the open round away; what an earlier round submitted stays for ever."""
    with transaction.atomic():
        case: Case = access_case(actor, case_id, Verb.EDIT, lock=True)
        gone = Material.objects.filter(
            id=material_id, case=case, removed_at__isnull=True, round_number=case.round_number + 1
        ).update(removed_at=clock.now())
        if gone != 1:
            raise NotFound("这份材料已经删除，或属于已提交的批次，不能再删除。")
        record(chain=case.id, event=MATERIAL_REMOVED, actor=actor, payload={"material": str(material_id)})


def kinds_of(declared: DeclaredMaterial) -> list[Kind]:
    """The kinds of file that a declared material accepts, in the words of `documents`."""
    return [kind for kind in KINDS if kind in {one.value for one in declared.accept}]
