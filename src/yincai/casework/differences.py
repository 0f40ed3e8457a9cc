"""What one round changed against the one before: field by field, row by row, document by document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yincai.casework.dossier import Dossier
from yincai.casework.models import Case
from yincai.casework.pinning import pin_places
from yincai.casework.slots import Slot
from yincai.casework.vocabulary import MaterialView
from yincai.documents.vocabulary import DocumentView
from yincai.engine.kinds import Kind
from yincai.engine.spec import Field

Paper = tuple[MaterialView, DocumentView]


@dataclass(frozen=True)
class FieldChange:
    """One answer that differs; None where there was none. `path` is that of the field or of a row's column,
    `where` what the row is called."""

    section: str
    path: str
    spec: Field
    where: str
    before: Any = field(repr=False)
    after: Any = field(repr=False)


@dataclass(frozen=True)
class SlotChange:
    """One slot whose documents differ: what was taken out, what came, what stayed."""

    slot: str
    title: str
    gone: tuple[Paper, ...]
    come: tuple[Paper, ...]
    kept: tuple[Paper, ...]


@dataclass(frozen=True)
class Difference:
    """Everything that a round changed against the one before it."""

    round_number: int
    fields: tuple[FieldChange, ...]
    slots: tuple[SlotChange, ...]

    @property
    def paths(self) -> frozenset[str]:
        """The paths that differ, those of rows and tables around them among them."""
        found = {one.slot for one in self.slots}
        for change in self.fields:
            parts = change.path.split(".")
            found |= {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
        return frozenset(found)


def difference_of(case: Case, number: int) -> Difference:
    """What round `number` changed; `NotFound` when it or the one before was never submitted."""
    return compare(Dossier(case, round_number=number - 1), Dossier(case, round_number=number))


def compare(old: Dossier, new: Dossier) -> Difference:
    """What the second of two states of one case changed against the first."""
    changes: list[FieldChange] = []
    for section in new.spec.sections:
        for item in section.fields:
            before, after = old.answers.get(item.name), new.answers.get(item.name)
            if before == after or item.kind is Kind.PHOTO:
                continue
            if item.kind is Kind.ROWS:
                changes += _rows(section.name, item, before or [], after or [])
            else:
                changes.append(FieldChange(section.name, item.name, item, "", before, after))
    return Difference(new.round_number, tuple(changes), tuple(_slots(old, new)))


def _rows(
    section: str, item: Field, before: list[Mapping[str, Any]], after: list[Mapping[str, Any]]
) -> list[FieldChange]:
    were, are = ({row["_row"]: row for row in rows} for rows in (before, after))
    numbers = {row: number for rows in (were, are) for number, row in enumerate(rows, start=1)}
    changes = []
    for row in dict.fromkeys([*are, *were]):
        old, new = were.get(row), are.get(row)
        word = "（新增）" if old is None else "（删除）" if new is None else ""
        for column in item.rows:
            was, now = (one.get(column.name) if one else None for one in (old, new))
            if was != now:
                path = f"{item.name}.{row}.{column.name}"
                where = f"{item.label}第 {numbers[row]} 条{word}"
                changes.append(FieldChange(section, path, column, where, was, now))
    return changes


def _slots(old: Dossier, new: Dossier) -> list[SlotChange]:
    titles = {
        one.path: one.label
        for dossier in (old, new)
        for one in pin_places(dossier.spec, dossier.submitted_facts, dossier.slots)
    }
    slots: list[Slot] = [*new.slots, *old.slots]
    changes = []
    for name in dict.fromkeys(one.name for one in slots):
        were, are = _papers(old, name), _papers(new, name)
        if were.keys() != are.keys():
            changes.append(
                SlotChange(
                    name,
                    titles[name],
                    gone=tuple(were[one] for one in were if one not in are),
                    come=tuple(are[one] for one in are if one not in were),
                    kept=tuple(are[one] for one in are if one in were),
                )
            )
    return changes


def _papers(dossier: Dossier, slot: str) -> dict[Any, Paper]:
    found = [one for one in dossier.materials if one.slot == slot]
    return {one.id: (one, dossier.documents[one.document_id]) for one in found}
