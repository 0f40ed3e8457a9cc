"""YAML text to a tree that remembers its lines. Only plain YAML: no aliases, tags or second documents.

Built from the parser's events in a loop, so that neither depth nor aliases can exhaust anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import yaml

from yincai.engine.loading.problems import Problems

MAX_CHARACTERS: Final = 200_000
MAX_DEPTH: Final = 20
NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True)
class Node:
    """A text, a list or a map, with the line of its beginning. ``plain`` tells an unquoted text."""

    file: str
    line: int
    kind: Literal["text", "list", "map"]
    text: str = ""
    plain: bool = False
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return self.kind == "text" and (not self.text or (self.plain and self.text in NULLS))


def read_yaml(file: str, text: str, problems: Problems) -> Node | None:
    """Return the tree of a file, or None after noting what is wrong with it."""
    if len(text) > MAX_CHARACTERS:
        problems.at(
            file,
            1,
            f"the file has {len(text)} characters",
            f"keep files within {MAX_CHARACTERS}; use include",
        )
        return None
    if _has_tabs(file, text, problems):
        return None
    builder = _Builder(file, problems)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if not builder.take(event):
                return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = 1 if mark is None else mark.line + 1
        wrong = f"this is not well-formed YAML ({error.problem or error.context})"
        problems.at(file, line, wrong, "check indentation, colons, quotes and brackets here")
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problems.at(
            file, line, "a character is used that YAML does not allow", "delete the invisible character"
        )
        return None
    if builder.root is None or builder.root.is_empty:
        problems.at(file, 1, "the file is empty", "write its keys or delete the file")
        return None
    return builder.root


def _has_tabs(file: str, text: str, problems: Problems) -> bool:
    found = False
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            problems.at(file, number, "the line is indented with a tab", "indent with two spaces")
            found = True
    return found


class _Builder:
    """Puts events together."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file, self.problems = file, problems
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.keys: list[Node | None] = []

    def take(self, event: yaml.Event) -> bool:
        """Take one event; False when reading cannot go on."""
        mark = event.start_mark
        line = 1 if mark is None else mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            return self._refuse(
                line, f"*{event.anchor} is an alias", "write the content out; aliases are not used"
            )
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            return self._take_node(event, line)
        if isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
            self.keys.pop()
        return True

    def _take_node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> bool:
        if event.anchor:
            return self._refuse(
                line, f"&{event.anchor} is an anchor", "write the content out; anchors are not used"
            )
        if event.tag and event.tag != "!":
            return self._refuse(line, f"{event.tag} is a tag", "delete the tag")
        if self.root is not None and not self.stack:
            return self._refuse(line, "a second document begins", "keep one document a file; delete the ---")
        if len(self.stack) >= MAX_DEPTH:
            return self._refuse(line, "the lists and keys are nested too deeply", "flatten the file")
        node = self._node(event, line)
        if not self._attach(node):
            return False
        if node.kind != "text":
            self.stack.append(node)
            self.keys.append(None)
        return True

    def _node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None
            return Node(self.file, line, "text", text=event.value.strip(), plain=plain)
        return Node(self.file, line, "map" if isinstance(event, yaml.MappingStartEvent) else "list")

    def _attach(self, node: Node) -> bool:
        if not self.stack:
            self.root = node
            return True
        parent = self.stack[-1]
        if parent.kind == "list":
            parent.items.append(node)
            return True
        key = self.keys[-1]
        if key is None:
            if node.kind != "text":
                return self._refuse(
                    node.line, "a list or map is used as a key", "write a plain word as the key"
                )
            self.keys[-1] = node
            return True
        if key.text in parent.entries:
            self.problems.add(key, f"the key {key.text} is written twice", "keep one of them")
        else:
            parent.entries[key.text] = node
        self.keys[-1] = None
        return True

    def _refuse(self, line: int, wrong: str, fix: str) -> bool:
        self.problems.at(self.file, line, wrong, fix)
        return False
