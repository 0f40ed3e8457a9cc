"""Documents of a case: handed in under a slot, taken away again while the case is open to its applicant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yincai.casework import reading
from yincai.casework.corrections import scope_for
from yincai.casework.dossier import Dossier
from yincai.casework.models import Case, Material
from yincai.casework.permissions import access_case
from yincai.casework.slots import slot_of
from yincai.casework.views import material_view
from yincai.casework.vocabulary import (
    MATERIAL_ADDED,
    MATERIAL_REMOVED,
    MATERIAL_RESTORED,
    MATERIAL_SUPERSEDED,
    MaterialView,
    NotPinned,
    Verb,
)
from yincai.documents import actions as documents
from yincai.documents import queries as document_queries
from yincai.documents.vocabulary import State
from yincai.engine.spec import Material as DeclaredMaterial
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound
from yincai.foundation.statements import insert
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes

TAKEN_AWAY = (
    "这份文件先前已经收到，后来因为不能使用或被删除，已不在申请里，这次没有再保存。"
    "如需重新上传，请刷新页面后再选择一次文件。"
)


def enter_material(
    case: Case,
    ever: list[Material],
    *,
    key: UUID,
    slot: str,
    document: UUID,
    actor: Actor,
    makes_room: bool = True,
) -> Material:
    """File a document under a slot of the open round, on record, and add it to those that were `ever` in the
    case; the caller has locked it.

    Where the slot was full, the oldest of an earlier round leaves it, unless something else makes room.
    """
    material = insert(
        Material(
            case=case,
            key=key,
            slot=slot,
            document_id=document,
            round_number=case.round_number + 1,
            added_at=clock.now(),
        )
    )
    if makes_room:
        _make_room(case, ever, material)
    ever.append(material)
    record(
        chain=case.id, event=MATERIAL_ADDED, actor=actor, payload={"slot": slot, "document": str(document)}
    )
    return material


def settle_materials(
    case_id: UUID, material_ids: Iterable[UUID], *, actor: Actor, timeout: float
) -> dict[UUID, str]:
    """Wait at most `timeout` seconds in all for the reader; what cannot stay, each with the reason in words.

    A refused document is taken away again; one that is still held stays.
    """
    access_case(actor, case_id, Verb.EDIT)
    live = {row.id: row.document_id for row in reading.live_materials(case_id)}
    wanted = list(material_ids)
    gone = dict.fromkeys([one for one in wanted if one not in live], TAKEN_AWAY)
    waiting = {live[one]: one for one in wanted if one in live}
    for document, (state, reason) in document_queries.wait_until_inspected(waiting, timeout=timeout).items():
        if state is State.REFUSED:
            with transaction.atomic():
                case = access_case(actor, case_id, Verb.EDIT, lock=True)
                take_away(case, Q(id=waiting[document]), actor)
            gone[waiting[document]] = reason
    return gone


def remove_material(case_id: UUID, material_id: UUID, *, actor: Actor) -> None:
    """Take a document of the open round away, its file with it.

    One that an earlier round submitted stays there and is left out of the next (`NotPinned` unless the
    correction opens its slot).
    """
    with transaction.atomic():
        case: Case = access_case(actor, case_id, Verb.EDIT, lock=True)
        row = next((one for one in reading.live_materials(case_id) if one.id == material_id), None)
        if row is None:
            raise NotFound("这份材料已经删除，或已不在这次提交里。请刷新页面查看。")
        leave_out(case, row, actor=actor)


def leave_out(case: Case, row: Material, *, actor: Actor, by: UUID | None = None) -> None:
    """Keep a live document out of the next round, `by` being the one that takes its place; the caller has
    locked the case."""
    if row.round_number > case.round_number:
        take_away(case, Q(id=row.id), actor)
        return
    check_open(case, row.slot)
    _supersede(case, row, by=by)
    record(chain=case.id, event=MATERIAL_SUPERSEDED, actor=actor, payload={"material": str(row.id)})


def restore_material(case_id: UUID, material_id: UUID, *, actor: Actor) -> None:
    """Take a document of an earlier round that was left out of the next one back into it."""
    with transaction.atomic():
        case: Case = access_case(actor, case_id, Verb.EDIT, lock=True)
        ever = reading.materials_ever(case_id)
        row = next((one for one in ever if one.id == material_id and one.superseded_in), None)
        if row is None or row.superseded_in != case.round_number + 1:
            raise NotFound("这份材料不能恢复：它没有被撤下，或这次补正已经提交。请刷新页面查看。")
        check_open(case, row.slot)
        wanted = slot_of(programmes.version(case.publication_id).programme, row.slot)
        if len(live_in(ever, row.slot)) >= wanted.max_files:
            raise Invalid(f"「{wanted.title}」最多 {wanted.max_files} 份。请先删除一份再恢复。")
        Material.objects.filter(id=row.id).update(superseded_in=None, superseded_by=None)
        record(chain=case.id, event=MATERIAL_RESTORED, actor=actor, payload={"material": str(row.id)})


def discard_materials(case: Case, *, actor: Actor) -> None:
    """Take every document of the open round away, as its draft goes; the caller has locked the case."""
    take_away(case, Q(), actor)


def take_away(case: Case, which: Q, actor: Actor) -> int:
    """Remove live materials of the open round and discard their documents; how many there were."""
    rows = list(
        Material.objects.filter(
            which, case=case, removed_at__isnull=True, round_number=case.round_number + 1
        ).order_by("document_id")
    )
    for row in rows:
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])
        documents.detach([row.document_id], case=case.id, actor=actor)
        documents.discard(row.document_id, actor=actor)
        if case.round_number:  # what it had taken the place of comes back
            kept = Material.objects.filter(case=case, superseded_by=row.id)
            kept.update(superseded_in=None, superseded_by=None)
        record(chain=case.id, event=MATERIAL_REMOVED, actor=actor, payload={"material": str(row.id)})
    return len(rows)


def known_material(ever: Sequence[Material], key: UUID) -> MaterialView | None:
    """The material that this key brought before; `Invalid` when it was taken away since."""
    row = next((one for one in ever if one.key == key), None)
    if row is not None and row.removed_at is not None:
        raise Invalid(TAKEN_AWAY)
    return material_view(row) if row else None


def room_in(
    case: Case, ever: Sequence[Material], slot: str, *, leaving: UUID | None = None
) -> DeclaredMaterial:
    """What is declared for a slot that can take one more, when `leaving` has left; `Invalid` when it is full,
    `NotPinned` when a correction leaves it shut.  A document of an earlier round makes room."""
    check_open(case, slot)
    wanted = slot_of(programmes.version(case.publication_id).programme, slot)
    staying = [one for one in live_in(ever, slot) if one.id != leaving]
    if len(staying) >= wanted.max_files and not _earlier(case, staying):
        raise Invalid(f"「{wanted.title}」最多上传 {wanted.max_files} 份。请先删除一份再上传。")
    return wanted


def check_open(case: Case, slot: str) -> None:
    """Refuse a slot that a correction leaves shut (`NotPinned`)."""
    if case.round_number and not scope_for(Dossier.draft(case)).is_open(slot):
        raise NotPinned([slot_of(programmes.version(case.publication_id).programme, slot).title])


def live_in(ever: Sequence[Material], slot: str) -> list[Material]:
    """The documents of a slot that the next round would hold, oldest first."""
    return [one for one in ever if one.slot == slot and not one.removed_at and not one.superseded_in]


def _earlier(case: Case, rows: Sequence[Material]) -> list[Material]:
    """Those of them that an earlier round holds."""
    return [one for one in rows if one.round_number <= case.round_number]


def _make_room(case: Case, ever: Sequence[Material], added: Material) -> None:
    """Where a slot was full, what was added takes the place of its oldest document of an earlier round."""
    live = live_in(ever, added.slot)
    wanted = slot_of(programmes.version(case.publication_id).programme, added.slot)
    if live and len(live) >= wanted.max_files:
        _supersede(case, _earlier(case, live)[0], by=added.id)


def _supersede(case: Case, row: Material, *, by: UUID | None) -> None:
    row.superseded_in, row.superseded_by = case.round_number + 1, by
    row.save(update_fields=["superseded_in", "superseded_by"])
