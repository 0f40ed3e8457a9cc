"""The reasons of a place: taken up from its folder once, then kept by its administrators."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max

from yincai.casework.models import ReasonCode
from yincai.casework.permissions import administrator_of
from yincai.casework.vocabulary import REASON_ADDED, REASON_CHANGED, REASON_RESTORED, REASON_RETIRED
from yincai.engine.loading import load_reasons_folder
from yincai.engine.reasons import Pin
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, Problem, SomeoneWasFirst
from yincai.foundation.statements import hold
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, Actor

LONGEST_LABEL = 80
LAST_POSITION = 999
OWN = "own_{}"
"""How the codes of reasons that administrators add are formed; never seen by applicants."""
_CHAINS = UUID("d3b0a7f2-7f0e-4a53-9c54-51c0f6d2b1de")


def reasons_chain(place: str) -> UUID:
    """The ledger's chain of the reasons of a place."""
    return uuid5(_CHAINS, place)


def seed_reasons(folder: Path) -> int:
    """Take the reasons of `places/<place>/reasons.yaml` that the table does not know yet; how many.

    A code is taken up once.  From then on it belongs to the administrators of the place: words, order and
    retirement stay as they left them, whatever the folder says when it is published again.
    `engine.loading.SpecErrors` for mistakes.
    """
    reasons = load_reasons_folder(folder)
    rows = [
        ReasonCode(
            place=folder.name,
            code=one.code,
            label=one.label,
            about=sorted(one.about),
            note_required=one.note_required,
            position=position,
        )
        for position, one in enumerate(reasons, start=1)
    ]
    with transaction.atomic():
        known = set(ReasonCode.objects.filter(place=folder.name).values_list("code", flat=True))
        fresh = [row for row in rows if row.code not in known]
        ReasonCode.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def add_reason(
    place: str,
    *,
    actor: Actor,
    label: str,
    about: Collection[str],
    note_required: bool = False,
    position: int | None = None,
) -> str:
    """Offer one more reason from now on, by default as the last; returns its code.

    Raises `Invalid` with a problem at `label`, `about` or `position`, `NotAllowed` for everybody but
    administrators of the place.
    """
    administrator_of(actor, place)
    with transaction.atomic():
        hold(f"casework.reasons:{place}")
        known = ReasonCode.objects.filter(place=place)
        label, pins = _checked(place, label, about, position, code="")
        last = known.aggregate(last=Max("position"))["last"] or 0
        code = _free_code(set(known.values_list("code", flat=True)))
        row = ReasonCode.objects.create(
            place=place,
            code=code,
            label=label,
            about=pins,
            note_required=note_required,
            position=position if position is not None else min(last + 1, LAST_POSITION),
        )
        _record(REASON_ADDED, row, actor)
    return code


def change_reason(
    place: str,
    code: str,
    *,
    actor: Actor,
    seen_changes: int,
    label: str,
    about: Collection[str],
    note_required: bool,
    position: int,
) -> None:
    """Word a reason anew, for corrections asked from now on; those asked before keep their words.

    Raises as `add_reason`, and `SomeoneWasFirst` when it was changed since the page was drawn.
    """
    administrator_of(actor, place)
    with transaction.atomic():
        row = _locked(place, code, seen_changes)
        row.label, row.about = _checked(place, label, about, position, code=code)
        row.note_required, row.position = note_required, position
        _save(REASON_CHANGED, row, actor)


def retire_reason(place: str, code: str, *, actor: Actor, seen_changes: int, on: date | None) -> None:
    """Offer a reason no longer from a day on, today at the earliest, or again for good (`on` None).

    Raises `Invalid` for a day that is past and where nothing would be left to choose from, and as
    `change_reason`.
    """
    administrator_of(actor, place)
    with transaction.atomic():
        row = _locked(place, code, seen_changes)
        if on is not None:
            _check_day(on)
            _check_rest(place, row)
        row.retired_on = on
        _save(REASON_RETIRED if on else REASON_RESTORED, row, actor)


def _locked(place: str, code: str, seen_changes: int) -> ReasonCode:
    rows = {
        one.code: one for one in ReasonCode.objects.select_for_update().filter(place=place).order_by("id")
    }
    if code not in rows:
        raise NotFound("没有这条补正原因。请从列表重新选择。")
    if rows[code].changes != seen_changes:
        raise SomeoneWasFirst("这条补正原因刚被另一位管理员改过，您的修改没有保存。请刷新后核对再改。")
    return rows[code]


def _checked(
    place: str, label: str, about: Collection[str], position: int | None, *, code: str
) -> tuple[str, list[str]]:
    label = label.replace("\0", "").strip()
    problems = []
    if not 0 < len(label) <= LONGEST_LABEL:
        sentence = f"请写明补正原因（{LONGEST_LABEL} 字以内），申请人会原样看到。"
        problems.append(Problem("label", sentence))
    elif ReasonCode.objects.filter(place=place, label=label).exclude(code=code).exists():
        problems.append(Problem("label", "已有一条相同的补正原因，请换个说法，或恢复使用原来那条。"))
    pins = sorted({one.value for one in Pin} & set(about))
    if not pins:
        problems.append(Problem("about", "请至少选择一处可用的地方。"))
    if position is not None and not 0 < position <= LAST_POSITION:
        problems.append(Problem("position", f"顺序请填 1 到 {LAST_POSITION} 的整数。"))
    if problems:
        raise Invalid(problems[0].message, problems=problems)
    return label, pins


def _check_day(on: date) -> None:
    if on < clock.today():
        sentence = "停用日期不能早于今天。请选择今天或以后的日期。"
        raise Invalid(sentence, problems=[Problem("on", sentence)])


def _check_rest(place: str, row: ReasonCode) -> None:
    """Every kind of place keeps a reason without a last day: an officer must be able to hand back."""
    others = ReasonCode.objects.filter(place=place, retired_on__isnull=True).exclude(pk=row.pk)
    left = {pin for one in others for pin in one.about}
    if set(row.about) - left:
        sentence = (
            "停用后，有的内容或材料就没有补正原因可选了。请先添加或恢复另一条适用的原因，再停用这一条。"
        )
        raise Invalid(sentence, problems=[Problem("on", sentence)])


def _free_code(taken: set[str]) -> str:
    number = 1
    while OWN.format(number) in taken:
        number += 1
    return OWN.format(number)


def _save(event: str, row: ReasonCode, actor: Actor) -> None:
    row.changes += 1
    row.save()
    _record(event, row, actor)


def _record(event: str, row: ReasonCode, actor: Actor) -> None:
    payload: dict[str, JSON] = {
        "code": row.code,
        "label": row.label,
        "about": list(row.about),
        "note_required": row.note_required,
        "position": row.position,
        "retired_on": row.retired_on.isoformat() if row.retired_on else "",
    }
    record(chain=reasons_chain(row.place), event=event, actor=actor, payload=payload)
