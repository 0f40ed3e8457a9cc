"""Typed reading of a map's keys. What is missing or wrong is noted, and reading goes on with a stand-in."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from yincai.engine.calculus import read_date
from yincai.engine.calls import FUNCTIONS
from yincai.engine.expressions import Definition, Expression, ExpressionError, parse_in
from yincai.engine.kinds import UNKNOWN, Kind, Type
from yincai.engine.loading.marked import Node
from yincai.engine.loading.problems import Problems
from yincai.engine.parts import Scope, nearest

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_TEXT: Final = 2000
RESERVED: Final = frozenset({"today", "variant", "complete", "round", "rule", "row", *FUNCTIONS})
EnumT = TypeVar("EnumT", bound=StrEnum)


def is_map(node: Node, what: str, problems: Problems) -> bool:
    """Whether a node is a map; notes a mistake when not."""
    if node.kind == "map":
        return True
    problems.add(node, f"{what} is not a map of keys", "write it as `key: value` lines")
    return False


class Reader:
    """Reads one map. ``what`` names it in messages (``field full_name``). Call :meth:`done` at the end."""

    def __init__(self, node: Node, what: str, problems: Problems) -> None:
        self.node, self.what, self.problems = node, what, problems
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key is written with a value; the key counts as known from now on."""
        self._asked.add(key)
        node = self.node.entries.get(key)
        return node is not None and not node.is_empty

    def at(self, key: str) -> Node:
        """Return the node of a key, or the map itself when the key is not there."""
        return self.node.entries.get(key, self.node)

    def wrong(self, key: str, wrong: str, fix: str) -> None:
        """Note a mistake at a key."""
        self.problems.add(self.at(key), f"{self.what}: {wrong}", fix)

    def require(self, key: str) -> bool:
        """Whether the key has a value; notes a mistake when not."""
        if self.has(key):
            return True
        self.problems.add(self.at(key), f"{self.what} has no {key}", f"add `{key}:` with a value")
        return False

    def text(self, key: str, *, default: str | None = None, longest: int = MAX_TEXT) -> str:
        """Return a text; without ``default`` the key must be there."""
        if default is None and not self.require(key):
            return ""
        if not self.has(key):
            return default or ""
        node = self.node.entries[key]
        if node.kind != "text":
            self.wrong(key, f"{key} is a {node.kind}", "write one text")
            return ""
        if len(node.text) > longest:
            self.wrong(key, f"{key} has {len(node.text)} characters", f"keep it within {longest}")
        return node.text

    def name(self, key: str = "name", *, spoken: bool = False) -> str:
        """Return a name; ``spoken`` names stand in expressions and cannot be words of the language."""
        text = self.text(key)
        if text and not NAME.fullmatch(text):
            self.wrong(
                key, f"{text} is no name", "use small letters, digits and _, at most 40, a letter first"
            )
            return ""
        if spoken and (text in RESERVED or keyword.iskeyword(text)):
            self.wrong(key, f"{text} has a meaning of its own", "choose another name")
            return ""
        return text

    def flag(self, key: str, *, default: bool) -> bool:
        """Return ``true`` or ``false``."""
        if not self.has(key):
            return default
        text = self.text(key)
        if text not in ("true", "false"):
            self.wrong(key, f"{key} is {text or 'no text'}", "write true or false")
        return text == "true" if text in ("true", "false") else default

    def whole(self, key: str, *, default: int | None = None, least: int = 0, most: int = 100_000) -> int:
        """Return a whole number between ``least`` and ``most``."""
        text = self.text(key, default=None if default is None else str(default))
        if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
            return int(text)
        if text:
            self.wrong(key, f"{key} is {text}", f"write a whole number from {least} to {most}")
        return default if default is not None else least

    def day(self, key: str) -> date | None:
        """Return a date written ``2026-01-31``, or None when the key is not there."""
        text = self.text(key, default="")
        if not text:
            return None
        day = read_date(text)
        if day is UNKNOWN:
            self.wrong(key, f"{key} is {text}", "write a date such as 2026-01-31")
            return None
        return day

    def member(self, key: str, members: type[EnumT], *, default: EnumT | None = None) -> EnumT:
        """Return one of a closed list of words."""
        text = self.text(key, default=default)
        if text in list(members):
            return members(text)
        if text:
            self.wrong(key, f"{key} is {text}", nearest(text, [member.value for member in members]))
        return default or next(iter(members))

    def one_of(self, key: str, known: Iterable[str], *, default: str | None = None) -> str:
        """Return one of the known words."""
        text = self.text(key, default=default)
        known = list(known)
        if text and text != default and text not in known:
            self.wrong(key, f"{key} is {text}", nearest(text, known))
            return ""
        return text

    def texts(self, key: str) -> list[Node]:
        """Return the text nodes of a list; a single text counts as a list of one."""
        if not self.has(key):
            return []
        node = self.node.entries[key]
        found = [node] if node.kind == "text" else node.items
        good = [item for item in found if item.kind == "text" and item.text]
        if node.kind == "map" or len(good) != len(found):
            self.wrong(key, f"{key} is not a list of texts", f"write {key}: [one, two]")
        return good

    def maps(self, key: str, *, required: bool = True) -> list[Node]:
        """Return the maps of a list."""
        if required and not self.require(key):
            return []
        if not self.has(key):
            return []
        node = self.node.entries[key]
        if node.kind != "list" or (required and not node.items):
            self.wrong(key, f"{key} is not a list with items", "write each item on a line that begins with -")
            return []
        good = [item for item in node.items if item.kind == "map"]
        if len(good) != len(node.items):
            self.wrong(key, f"an item of {key} is not a map of keys", "write it as `- key: value` lines")
        return good

    def map(self, key: str, *, required: bool = True) -> Reader | None:
        """Return a reader of a map under a key."""
        if required and not self.require(key):
            return None
        if not self.has(key):
            return None
        if not is_map(self.node.entries[key], f"{self.what}: {key}", self.problems):
            return None
        return Reader(self.node.entries[key], f"{self.what}: {key}", self.problems)

    def expression(self, key: str, scope: Scope, *, wants: Type | None = None) -> Expression | None:
        """Return the parsed expression under a key; None when it is absent or wrong."""
        text = self.text(key, default="", longest=10**9)
        if not text:
            return None
        try:
            return parse_in(text, scope, wants=wants)
        except ExpressionError as error:
            self.problems.add_expression(self.at(key), f"{self.what}: {key}", error)
            return None

    def condition(self, key: str, scope: Scope) -> bool | Expression:
        """Return ``true``, ``false`` (also when absent or wrong) or a parsed condition."""
        node = self.node.entries.get(key)
        if node is not None and node.plain and node.text in ("true", "false"):
            return self.flag(key, default=False)
        return self.expression(key, scope, wants=Type.BOOL) or False

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key, node in self.node.entries.items():
            if key not in self._asked:
                self.problems.add(node, f"{self.what} has no key {key}", nearest(key, self._asked))


def scope_with(
    scope: Scope, names: Mapping[str, Kind], choices: Mapping[str, frozenset[str]], *, of_row: bool = False
) -> Scope:
    """Return a scope that knows further names; they win over names of the outer scope."""
    kept = {key: value for key, value in scope.choices.items() if key.partition(".")[0] not in names}
    columns = frozenset(names) if of_row else scope.columns
    return replace(scope, names={**scope.names, **names}, choices={**kept, **choices}, columns=columns)


__all__ = ["Definition", "Reader", "is_map", "scope_with"]
