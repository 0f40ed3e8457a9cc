"""Which places of a case may change while it lies with its applicant again (private to the room).

A pin opens what lies under its path: a table its rows and their documents, a row its columns and its
documents.  What the corrected answers ask anew is open as well, so that nobody is sent into a dead end: what
shows now and did not before, what stands in the way of submission, and what was changed for one of these
reasons already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yincai.casework.dossier import Dossier, label_of_field
from yincai.casework.slots import Slot, slots_of
from yincai.casework.vocabulary import NotPinned, PinPlace
from yincai.engine import forms
from yincai.engine.forms import MATERIALS
from yincai.engine.kinds import Kind
from yincai.engine.reasons import Pin
from yincai.engine.spec import Field, Programme
from yincai.foundation import clock

Fields = Mapping[str, Any]
"""Under the name of each field its valid value and the raw texts of its inputs that are not valid."""


@dataclass(frozen=True)
class Scope:
    """The open paths of a case, `pinned` by an officer or `asked` by the corrected answers; `everything` is
    open in a draft that was never handed in."""

    pinned: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    everything: bool = False

    def is_open(self, path: str) -> bool:
        """Whether what lies at this path, or all of it, may change."""
        return self.everything or any(
            path == one or path.startswith(f"{one}.") for one in self.pinned | self.asked
        )

    def touches(self, path: str) -> bool:
        """Whether this path or something under it may change."""
        under = f"{path}."
        return self.is_open(path) or any(one.startswith(under) for one in self.pinned | self.asked)


ALL = Scope(everything=True)


def scope_of(draft: Dossier, pinned: frozenset[str]) -> Scope:
    """What may change in a correction as its draft stands now."""
    frozen = Dossier(draft.row)
    was = {slot.name for slot in frozen.slots}
    asked = _asked(draft.spec, frozen, draft.checked_values, draft.usable_documents)
    asked |= {_unit(draft.spec, one.path) for one in draft.missing}
    asked |= {slot.name for slot in draft.slots if slot.name not in was}
    handed_in = {one.id for one in frozen.materials}
    here = {one.id for one in draft.materials}
    asked |= {one.slot for one in [*frozen.materials, *draft.materials] if one.id in handed_in ^ here}
    return Scope(pinned, frozenset(asked))


def check_changes(draft: Dossier, pinned: frozenset[str], *, before: Fields, after: Fields) -> None:
    """Refuse a save that changes anything closed (`NotPinned`); what an open change asks may come with it."""
    spec = draft.spec
    scope = scope_of(draft, pinned)
    frozen = Dossier(draft.row)
    waiting = _changed(spec, before, after)
    values = dict(draft.checked_values)
    while waiting:
        allowed = {unit for unit in waiting if scope.is_open(unit)}
        if not allowed:
            raise NotPinned(sorted({label_of_field(spec, unit) for unit in waiting}))
        waiting -= allowed
        for unit in allowed:
            _apply(values, unit, after)
        asked = scope.asked | _asked(spec, frozen, values, draft.usable_documents)
        scope = Scope(pinned, frozenset(asked))


def filled_up(
    scope: Scope,
    spec: Programme,
    section: str,
    posted: Mapping[str, list[str]],
    stored: Mapping[str, list[str]],
) -> dict[str, list[str]]:
    """What a page posted, with what is stored where it shows no input because the place is closed."""
    fields = {field.name: field for field in spec.section(section).fields}
    kept = {
        path: texts
        for path, texts in stored.items()
        if path not in posted and not _is_open_input(scope, fields, path)
    }
    unticked: dict[str, list[str]] = {
        field.name: []
        for field in fields.values()
        if field.kind is Kind.CHECKBOX
        and field.name not in {**posted, **kept}
        and not scope.is_open(field.name)
    }
    return {**unticked, **kept, **posted}


def _is_open_input(scope: Scope, fields: Mapping[str, Field], path: str) -> bool:
    name, _, rest = path.partition(".")
    if rest == "_ids" and name in fields:
        return scope.is_open(name)
    return scope.is_open(path)


def _changed(spec: Programme, before: Fields, after: Fields) -> set[str]:
    """The paths that differ: fields, and single rows where a table keeps its rows in their order."""
    found: set[str] = set()
    for name in {*before, *after}:
        was, now = before.get(name, (None, {})), after.get(name, (None, {}))
        if was == now or (was == (None, {}) and now == (False, {})):  # a box that nobody saw is not unticked
            continue
        field = _field(spec, name)
        if field is not None and field.kind is Kind.ROWS:
            found |= _changed_rows(name, was, now)
        else:
            found.add(name)
    return found


def _changed_rows(name: str, was: Any, now: Any) -> set[str]:
    rows_were, rows_are = _rows(was[0]), _rows(now[0])
    if list(rows_were) != list(rows_are):
        return {name}
    return {
        f"{name}.{row}"
        for row in rows_are
        if rows_were[row] != rows_are[row]
        or _under(was[1], f"{name}.{row}.") != _under(now[1], f"{name}.{row}.")
    }


def _apply(values: dict[str, Any], unit: str, after: Fields) -> None:
    name, _, row = unit.partition(".")
    value = after.get(name, (None, {}))[0]
    if row:
        rows = _rows(values.get(name)) | {row: _rows(value).get(row)}
        value = [one for one in rows.values() if one is not None]
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value


def _asked(
    spec: Programme, frozen: Dossier, values: Mapping[str, Any], documents: Mapping[str, int]
) -> set[str]:
    """What these answers ask that the round did not, or that differs from the round."""
    variant, today = frozen.row.variant, clock.today()
    facts = forms.with_context(values, today=today, variant=variant)
    now = _shown(spec, facts)
    before = _shown(spec, frozen.submitted_facts)
    effective = forms.effective_values(spec, values, today=today, variant=variant)
    asked = now - before
    for name in now & before:
        was, here = frozen.answers.get(name), effective.get(name)
        if was != here and spec.field(name).kind is Kind.ROWS:
            asked |= _changed_rows(name, (was, {}), (here, {}))
        elif was != here:
            asked.add(name)
    lacking = forms.missing(spec, values, documents=documents, today=today, variant=variant)
    return asked | {_unit(spec, one.path) for one in lacking}


def _shown(spec: Programme, facts: Mapping[str, Any]) -> set[str]:
    return {
        field.name
        for section in forms.visible_sections(spec, facts)
        for field in forms.visible_fields(section, facts)
    }


def _unit(spec: Programme, path: str) -> str:
    """The smallest path that is opened: a field, a row, or a slot."""
    name, _, rest = path.partition(".")
    field = _field(spec, name)
    if field is None or not rest:
        return path
    if field.kind is not Kind.ROWS:
        return name
    row, _, inner = rest.partition(".")
    return path if inner in {one.name for one in field.documents} else f"{name}.{row}"


def _field(spec: Programme, name: str) -> Field | None:
    try:
        return spec.field(name)
    except KeyError:
        return None


def _rows(value: Any) -> dict[str, Any]:
    return {row["_row"]: row for row in value or []}


def _under(typed: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {path: text for path, text in typed.items() if path.startswith(prefix)}


def pin_places(
    spec: Programme, facts: Mapping[str, Any], slots: Iterable[Slot] | None = None
) -> list[PinPlace]:
    """Every place of a submission that can be pinned, in the order of the form, documents last."""
    found: list[PinPlace] = []
    for section in forms.visible_sections(spec, facts):
        for field in forms.visible_fields(section, facts):
            if field.kind is Kind.PHOTO:
                continue
            pin = Pin.TABLE if field.kind is Kind.ROWS else Pin.FIELD
            found.append(PinPlace(field.name, pin, field.label, section.name))
            if field.kind is Kind.ROWS:
                found += [
                    PinPlace(f"{field.name}.{row}", Pin.ROW, f"{field.label}第 {number} 条", section.name)
                    for number, row in enumerate(_rows(facts.get(field.name)), start=1)
                ]
    rows = {one.path: one.label for one in found if one.pin is Pin.ROW}
    for slot in slots_of(spec, facts) if slots is None else slots:
        row = rows.get(slot.name.rpartition(".")[0], "")
        found.append(
            PinPlace(slot.name, Pin.DOCUMENT, f"{row}：{slot.title}" if row else slot.title, MATERIALS)
        )
    return found
