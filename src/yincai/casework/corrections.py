"""What was asked of the applicant, read (private to the room; its door is `queries`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from yincai.casework.dossier import Dossier
from yincai.casework.models import Case, Correction, CorrectionItem, ReasonCode
from yincai.casework.pinning import ALL, Scope, pin_places, scope_of
from yincai.casework.sealing import Sealed, is_forgotten, unseal
from yincai.casework.vocabulary import CorrectionView, ItemView, PinPlace, ReasonView
from yincai.engine.reasons import Pin, Reason
from yincai.foundation import clock
from yincai.foundation.encryption import FORGOTTEN


def open_correction(case: Case) -> Correction | None:
    """The correction that the applicant is to answer now, if there is one."""
    return case.corrections.filter(closed_at__isnull=True).first()


def pinned_paths(case: Case) -> frozenset[str]:
    """The paths that the open correction pins; none without one."""
    found = CorrectionItem.objects.filter(correction__case=case, correction__closed_at__isnull=True)
    return frozenset(found.values_list("path", flat=True))


def scope_for(draft: Dossier) -> Scope:
    """What the applicant may change now: everything before the first submission, then what was pinned."""
    return scope_of(draft, pinned_paths(draft.row)) if draft.row.round_number else ALL


def correction_views(case: Case) -> list[CorrectionView]:
    """Everything that was ever asked, oldest first."""
    found = case.corrections.prefetch_related("items").order_by("round_number")
    return [correction_view(case, one) for one in found]


def correction_view(case: Case, row: Correction) -> CorrectionView:
    """One correction, its places called as in the round that it was asked about."""
    dossier = Dossier(case, round_number=row.round_number)
    places = {one.path: one for one in pin_places(dossier.spec, dossier.submitted_facts, dossier.slots)}
    if is_forgotten(case):  # a place in a table is known by the answers alone
        gone = {one.path: PinPlace(one.path, Pin.FIELD, FORGOTTEN, section="") for one in row.items.all()}
        places = {**gone, **places}
    items = sorted(row.items.all(), key=lambda one: one.number)
    return CorrectionView(
        round_number=row.round_number,
        step=row.step,
        opened_at=row.opened_at,
        due_at=case.due_at if row.closed_at is None else row.due_at,
        closed_at=row.closed_at,
        items=tuple(_item_view(case, row, one, places[one.path]) for one in items),
    )


def _item_view(case: Case, correction: Correction, row: CorrectionItem, place: PinPlace) -> ItemView:
    context = note_context(correction.round_number, row.number)
    note = "" if row.note is None else _opened(case, row.note, context)
    return ItemView(row.number, place, row.reason, row.reason_label, note)


def _opened(case: Case, note: Sealed, context: str) -> str:
    return FORGOTTEN if is_forgotten(case) else str(unseal(case, note, context=context))


def note_context(round_number: int, number: int) -> str:
    """What seals the note of one item to its place."""
    return f"correction:{round_number}:{number}"


def reasons_of(place: str) -> list[Reason]:
    """The reasons that a place offers now, in its order."""
    offered = Q(retired_on__isnull=True) | Q(retired_on__gt=clock.today())
    rows = ReasonCode.objects.filter(offered, place=place).order_by("position", "code")
    return [_reason(row) for row in rows]


def all_reasons(place: str) -> list[ReasonView]:
    """Every reason that a place has or had, those in use first, each kind in its order."""
    today = clock.today()
    rows = ReasonCode.objects.filter(place=place).order_by("position", "code")
    found = [
        ReasonView(
            _reason(row), row.position, row.retired_on, row.changes, is_offered=_is_offered(row, today)
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_offered)


def _is_offered(row: ReasonCode, today: date) -> bool:
    return row.retired_on is None or row.retired_on > today


def sentences(items: Sequence[ItemView]) -> str:
    """The whole list in one text, as the message to the applicant says it."""
    return "；".join(f"{one.number}. {one.sentence}" for one in items)


def _reason(row: ReasonCode) -> Reason:
    return Reason(row.code, row.label, frozenset(Pin(one) for one in row.about), row.note_required)
