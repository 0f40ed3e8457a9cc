"""The applicant's own library beside their case: what fits a slot, until when it must hold, where it lies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from yincai.casework.dossier import Dossier
from yincai.casework.models import Case, Material
from yincai.casework.slots import is_photo, kinds_of
from yincai.casework.views import case_view, material_view
from yincai.casework.vocabulary import CaseView, MaterialView
from yincai.documents.vocabulary import EXPIRY_WARNING, LibraryEntryView
from yincai.engine.spec import Material as DeclaredMaterial
from yincai.engine.workflow import APPLICANT, Unit, Workflow
from yincai.foundation import clock
from yincai.foundation.statements import Rows

USING = Rows(Material, "document_id = ANY(%(ids)s) AND removed_at IS NULL ORDER BY added_at, id")
CASES = Rows(Case, "id = ANY(%(ids)s) AND account_id = %(account)s AND deleted_at IS NULL")


@dataclass(frozen=True)
class Use:
    """Where a document lies: in which case, under which material, handed in with which round."""

    case: CaseView
    material: MaterialView
    title: str


def fits(entry: LibraryEntryView, declared: DeclaredMaterial, *, photo: bool) -> bool:
    """Whether a document of the library may be offered for a declared material today: found safe, of a kind
    and a type that it takes, not expired.  A photo goes where a photo belongs, and nowhere else."""
    document = entry.document
    usable = document.is_safe and not document.is_being_redrawn and not entry.has_expired(clock.today())
    if photo or entry.is_photo:
        return usable and photo and entry.is_photo
    of_type = not declared.types or entry.type_code in declared.types
    return usable and of_type and document.kind in kinds_of(declared)


def offered(dossier: Dossier, library: Iterable[LibraryEntryView]) -> dict[str, list[LibraryEntryView]]:
    """What of the library fits each slot of the case, the slots with nothing left out."""
    entries = list(library)
    found = {
        slot.name: [
            one for one in entries if fits(one, slot.material, photo=is_photo(dossier.spec, slot.name))
        ]
        for slot in dossier.slots
    }
    return {slot: fitting for slot, fitting in found.items() if fitting}


def must_hold_until(workflow: Workflow) -> date:
    """The day until which a document handed in now should hold: every limit of the programme one after the
    other, a working day counted as a day and a half, at least `EXPIRY_WARNING`."""
    limits = [state.limit for state in workflow.states if state.limit and state.holder != APPLICANT]
    days = sum(
        one.amount * 3 // 2 if one.unit is Unit.WORKING_DAYS else -(-one.amount // 24) for one in limits
    )
    return clock.today() + max(timedelta(days=days), EXPIRY_WARNING)


def uses_of(account_id: UUID, documents: Collection[UUID]) -> dict[UUID, Use]:
    """Where these documents lie among the cases of an account, by document; two queries however many."""
    rows = USING.all(ids=list(documents)) if documents else []
    ids = list({row.case_id for row in rows})
    cases = {one.id: case_view(one) for one in CASES.all(ids=ids, account=account_id)} if ids else {}
    return {
        row.document_id: Use(cases[row.case_id], material_view(row), _title(cases[row.case_id], row.slot))
        for row in rows
        if row.case_id in cases
    }


def _title(case: CaseView, slot: str) -> str:
    declared = {one.name: one.title for one in case.spec.materials}
    fields = {one.name: one.label for section in case.spec.sections for one in section.fields}
    return declared.get(slot) or fields.get(slot.partition(".")[0], "材料")
