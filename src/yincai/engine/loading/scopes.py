"""Which facts an expression may name: the first, tolerant look over a form, before it is read in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from yincai.engine.kinds import Kind
from yincai.engine.loading.marked import Node
from yincai.engine.parts import Scope
from yincai.foundation import codes

DEFAULT_DOCUMENT_LIST: Final = "identity_documents"
FORM_FACTS: Final = {"today": Kind.DATE, "variant": Kind.TEXT}
"""Known everywhere: the day on which the question is asked, and the code of the variant applied for."""
GUARD_FACTS: Final = {"complete": Kind.CHECKBOX, "round": Kind.NUMBER}
"""Known to guards beside: whether nothing is missing, and which submission round it is (1 the first)."""
CARD_FACTS: Final = {"card_number": Kind.TEXT, "issued_on": Kind.DATE, "valid_until": Kind.DATE}
"""Known to the lines of a card beside."""


def outline(sections: Iterable[Node], variants: Iterable[str]) -> Scope:
    """Return what the fields of a form let expressions name; mistakes are left to the full reading."""
    names: dict[str, Kind] = dict(FORM_FACTS)
    choices: dict[str, frozenset[str]] = {"variant": frozenset(variants)}
    for section in sections:
        for field in field_nodes(section):
            _add(field, "", names, choices)
    return Scope(names, choices)


def row_scope(columns: Iterable[Node]) -> tuple[dict[str, Kind], dict[str, frozenset[str]]]:
    """Return names and choices of a table's columns by their own names, for conditions inside a row."""
    names: dict[str, Kind] = {}
    choices: dict[str, frozenset[str]] = {}
    for column in columns:
        _add(column, "", names, choices)
    return names, choices


def field_nodes(section: Node) -> Iterator[Node]:
    """Yield the maps of a section's fields, those of either/or branches after their radio field."""
    for item in items_of(section, "fields"):
        yield item
        for branch in items_of(item, "either"):
            yield from items_of(branch, "fields")


def items_of(node: Node, key: str) -> list[Node]:
    """Return the maps in the list under a key; nothing when there is no such list."""
    found = node.entries.get(key)
    return [item for item in found.items if item.kind == "map"] if found is not None else []


def word(node: Node, key: str) -> str:
    """Return the text under a key, or an empty text."""
    found = node.entries.get(key)
    return found.text if found is not None and found.kind == "text" else ""


def known_codes(list_name: str) -> tuple[str, ...]:
    """Return the codes of a code list in its order; none when there is no such list."""
    if list_name not in codes.names():
        return ()
    return tuple(codes.load(list_name).codes)


def _add(node: Node, prefix: str, names: dict[str, Kind], choices: dict[str, frozenset[str]]) -> None:
    name, kind = f"{prefix}{word(node, 'name')}", word(node, "kind")
    if "either" in node.entries:
        names[name] = Kind.RADIO
        choices[name] = frozenset(word(branch, "name") for branch in items_of(node, "either"))
        return
    if kind not in list(Kind):
        return
    names[name] = Kind(kind)
    match Kind(kind):
        case Kind.RADIO:
            choices[name] = frozenset(word(option, "code") for option in items_of(node, "options"))
        case Kind.CODE:
            if word(node, "list") in codes.names():
                choices[name] = frozenset(_subset(node, "codes") or known_codes(word(node, "list")))
        case Kind.IDENTITY_DOCUMENT:
            types = _subset(node, "types") or known_codes(DEFAULT_DOCUMENT_LIST)
            choices[f"{name}.type"] = frozenset(types)
            choices[f"{name}.sex"] = frozenset({"1", "2"})
        case Kind.ROWS:
            for column in items_of(node, "columns"):
                _add(column, f"{name}.", names, choices)


def _subset(node: Node, key: str) -> tuple[str, ...]:
    found = node.entries.get(key)
    return tuple(item.text for item in found.items) if found is not None else ()
