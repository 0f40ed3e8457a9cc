"""Reads reasons.yaml of a place: the reasons that officers choose from when something must be put right."""

from __future__ import annotations

from yincai.engine.loading.corrections import REASONS_FILE as FILE
from yincai.engine.loading.marked import Node, read_yaml
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader, is_map
from yincai.engine.parts import nearest
from yincai.engine.reasons import Pin, Reason

__all__ = ["FILE", "read_reasons"]


def read_reasons(text: str, problems: Problems) -> tuple[Reason, ...]:
    """Return the reasons in order; what is wrong is noted."""
    node = read_yaml(FILE, text, problems)
    if node is None or not is_map(node, "the file", problems):
        return ()
    reader = Reader(node, "the file", problems)
    found: list[Reason] = []
    for item in reader.maps("reasons"):
        inner = Reader(item, "reason", problems)
        reason = _reason(inner)
        if reason.code in {one.code for one in found}:
            inner.wrong("code", f"{reason.code} is written twice", "give each reason its own code")
        found.append(reason)
    reader.done()
    return tuple(found)


def _reason(reader: Reader) -> Reason:
    known = [pin.value for pin in Pin]
    about: list[Node] = reader.texts("about")
    for node in about:
        if node.text not in known:
            reader.problems.add(node, f"reason: about has {node.text}", nearest(node.text, known))
    pins = frozenset(Pin(node.text) for node in about if node.text in known)
    reason = Reason(
        code=reader.name("code"),
        label=reader.text("label", longest=80),
        about=pins or frozenset(Pin),
        note_required=reader.flag("note_required", default=False),
    )
    reader.done()
    return reason
