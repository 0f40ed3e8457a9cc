"""Two devices, one section: what can be joined is joined, what contradicts is shown (pure functions)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Merge:
    """The joined fields; `taken` came from the other device, `conflicts` differ on both."""

    fields: dict[str, Any]
    taken: tuple[str, ...]
    conflicts: tuple[str, ...]


def merge(*, base: Fields, theirs: Fields, mine: Fields) -> Merge:
    """Three-way merge, field by field: `base` is what this device last saw, `theirs` what is stored now.

    A field changed only there is taken from there, only here from here; changed on both sides to different
    values it is a conflict, and `fields` keeps what was typed here.
    """
    fields, taken, conflicts = dict(mine), [], []
    for name in sorted({*base, *theirs, *mine}):
        before, there, here = base.get(name), theirs.get(name), mine.get(name)
        if there in (before, here):
            continue
        if here == before:
            taken.append(name)
            if there is None:
                fields.pop(name, None)
            else:
                fields[name] = there
        else:
            conflicts.append(name)
    return Merge(fields, tuple(taken), tuple(conflicts))


def carry(fields: Fields, *, before: Fields, after: Fields) -> dict[str, Any]:
    """`fields` with what changed between `before` and `after` done to them as well."""
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    kept = {name: value for name, value in fields.items() if name not in changed}
    return kept | {name: after[name] for name in changed if name in after}
