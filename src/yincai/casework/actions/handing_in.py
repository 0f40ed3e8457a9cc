"""Files handed in under the slots of a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

from django.core.files.base import File
from django.db import transaction

from yincai.casework import reading
from yincai.casework.actions.material import enter_material, known_material, live_in, room_in
from yincai.casework.models import Case, Material
from yincai.casework.permissions import access_case
from yincai.casework.slots import is_photo, kinds_of
from yincai.casework.views import material_view
from yincai.casework.vocabulary import MaterialView, Verb, label_of
from yincai.documents import actions as documents
from yincai.documents.vocabulary import Purpose, StoredUpload
from yincai.foundation.errors import Invalid
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes

T = TypeVar("T")


@dataclass(frozen=True)
class Handed:
    """A file that is handed in under a slot.

    `key` comes from the form: the same key again (a double click, a lost answer) gives the same document.
    `keep_as`: as what a copy goes into the applicant's library, where they asked for one.  `replaces` names
    the material whose place it takes: that one is taken away by `settle_replacement`, once the new one was
    found safe.
    """

    slot: str
    upload: File[bytes]
    key: UUID = field(default_factory=uuid4)
    keep_as: str = ""
    replaces: UUID | None = None


def add_material(
    case_id: UUID,
    *,
    actor: Actor,
    slot: str,
    upload: File[bytes],
    key: UUID | None = None,
    replaces: UUID | None = None,
) -> MaterialView:
    """Take one file into its slot, as `add_materials`; what refuses it is raised."""
    handed = Handed(slot, upload, key or uuid4(), replaces=replaces)
    taken = add_materials(case_id, [handed], actor=actor)[0]
    if isinstance(taken, Invalid):
        raise taken
    return taken


def add_materials(case_id: UUID, handed: Sequence[Handed], *, actor: Actor) -> list[MaterialView | Invalid]:
    """Take files into slots of the case, all in one commit; for each the material or what refuses it.  They
    are held until the reader found them safe.

    The files are on the disk before the case is locked.  In a correction a full slot gives up its oldest
    document of an earlier round: that round keeps it.

    Refused is, each by itself: a full or unknown slot, a document of this key that was taken away since, an
    empty or too large file or one of a kind that nobody asked for (`Invalid`); a slot that a correction
    leaves shut (`NotPinned`).
    """
    case = access_case(actor, case_id, Verb.EDIT)
    ever = reading.materials_ever(case_id)
    stored = [_each(partial(_store, case, ever, one, actor)) for one in handed]
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.EDIT, lock=True)
        ever = reading.materials_ever(case_id)
        return [
            found if isinstance(found, Invalid) else _each(partial(_file, case, ever, one, found, actor))
            for one, found in zip(handed, stored, strict=True)
        ]


def _each(take: Callable[[], T]) -> T | Invalid:
    """What taking one of several gives, or what refuses it; nothing was written then."""
    try:
        return take()
    except Invalid as refusal:
        return refusal


def _store(case: Case, ever: Sequence[Material], handed: Handed, actor: Actor) -> StoredUpload | None:
    """The file on the disk; none when its key brought it before."""
    if known_material(ever, handed.key) is not None:
        return None
    room_in(case, ever, handed.slot, leaving=handed.replaces)
    return documents.store_upload(handed.upload, actor=actor, owner=case.account_id)


def _file(
    case: Case, ever: list[Material], handed: Handed, stored: StoredUpload | None, actor: Actor
) -> MaterialView:
    """The stored file as a material of the locked case, among those that were `ever` in it."""
    known = known_material(ever, handed.key)
    if known is not None:
        return known
    assert stored is not None  # noqa: S101 - a key that was known is known, or refused, ever after
    accept = kinds_of(room_in(case, ever, handed.slot, leaving=handed.replaces))
    photo = is_photo(programmes.version(case.publication_id).programme, handed.slot)
    document = documents.enter_upload(
        stored,
        actor=actor,
        purpose=Purpose.PHOTO if photo else Purpose.MATERIAL,
        slot=handed.slot,
        accept=accept,
        case=case.id,
        label=label_of(case.round_number + 1),
        keep_as=handed.keep_as,
    )
    material = enter_material(
        case,
        ever,
        key=handed.key,
        slot=handed.slot,
        document=document.id,
        actor=actor,
        makes_room=handed.replaces not in {one.id for one in live_in(ever, handed.slot)},
    )
    return material_view(material)
