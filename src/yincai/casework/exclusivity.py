"""Among which cases a person may have one live case: the word under which the database holds it."""

from __future__ import annotations

from yincai.engine.spec import ExclusivityKind, Programme


def live_key(spec: Programme, *, place: str, programme: str, variant: str) -> str:
    """The key that live cases of one person may not share; empty when any number may be live."""
    whole = f"{place}/{programme}"
    return {
        ExclusivityKind.PROGRAMME: whole,
        ExclusivityKind.VARIANT: f"{whole}/{variant}",
        ExclusivityKind.GROUP: f"{place}:{spec.exclusivity.group}",
        ExclusivityKind.NONE: "",
    }[spec.exclusivity.kind]
