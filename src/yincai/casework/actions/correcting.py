"""Asking for corrections: what an officer pins is checked, kept, and closed by the step that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yincai.casework.corrections import note_context, reasons_of
from yincai.casework.dossier import Dossier
from yincai.casework.models import Case, Correction, CorrectionItem
from yincai.casework.pinning import pin_places
from yincai.casework.sealing import seal
from yincai.casework.vocabulary import AskedItem
from yincai.engine.workflow import Need, Transition
from yincai.foundation.errors import Invalid, Problem

LONGEST_NOTE = 300
MOST_ITEMS = 200


def check_items(way: Transition, dossier: Dossier, items: Sequence[AskedItem]) -> None:
    """Refuse (`Invalid`, one problem a place) what cannot be asked: nothing, an unknown place, no reason."""
    if Need.ITEMS not in way.needs:
        return
    if not items:
        raise Invalid(
            "请至少勾选一处需要补正的内容。", problems=[Problem(Need.ITEMS, "请至少勾选一处需要补正的内容。")]
        )
    if len(items) > MOST_ITEMS:
        raise Invalid(f"一次最多列出 {MOST_ITEMS} 处。请改为勾选整张表格。")
    places = {one.path: one for one in pin_places(dossier.spec, dossier.submitted_facts, dossier.slots)}
    reasons = {one.code: one for one in reasons_of(dossier.row.place)}
    problems = []
    for item in items:
        place, reason = places.get(item.path), reasons.get(item.reason)
        if place is None or [one.path for one in items].count(item.path) > 1:
            raise Invalid("勾选的内容与申请人最近一次提交的不一致，没有发出。请刷新页面后重新勾选。")
        if reason is None or place.pin not in reason.about:
            problems.append(Problem(item.path, f"“{place.label}”：请选择补正原因。"))
        elif reason.note_required and not item.note.strip():
            problems.append(Problem(item.path, f"“{place.label}”：选择“{reason.label}”时，请写明说明。"))
        if len(item.note) > LONGEST_NOTE:
            problems.append(Problem(item.path, f"“{place.label}”：说明最多 {LONGEST_NOTE} 个字。"))
    if problems:
        raise Invalid(problems[0].message, problems=problems)


def open_correction(case: Case, items: Sequence[AskedItem], payload: dict[str, Any]) -> None:
    """Write what was asked about the newest round; the step has been taken and `check_items` passed."""
    labels = {one.code: one.label for one in reasons_of(case.place)}
    correction = Correction.objects.create(
        case=case,
        round_number=case.round_number,
        step=case.changes,
        opened_at=case.state_since,
        due_at=case.due_at,
    )
    CorrectionItem.objects.bulk_create(
        CorrectionItem(
            correction=correction,
            number=number,
            path=item.path,
            reason=item.reason,
            reason_label=labels[item.reason],
            note=_sealed(case, number, item.note.strip()),
        )
        for number, item in enumerate(items, start=1)
    )
    payload["items"] = [{"path": one.path, "reason": one.reason} for one in items]
    payload["due"] = case.due_at.isoformat() if case.due_at else ""


def close_correction(case: Case, way: Transition, *, due_at: datetime | None) -> None:
    """The case left the applicant's hands: whatever was open is closed, with the limit that held at the
    end."""
    Correction.objects.filter(case=case, closed_at__isnull=True).update(
        closed_at=case.state_since, closed_by=way.name, due_at=due_at
    )


def _sealed(case: Case, number: int, note: str) -> bytes | None:
    return seal(case, note, context=note_context(case.round_number, number)) if note else None
