"""``include:`` in form.yaml: an item of a list is replaced by the list of another file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from yincai.engine.loading.marked import Node
from yincai.engine.loading.problems import Problems
from yincai.engine.parts import nearest

FOLDER: Final = "form/"
MAX_DEPTH: Final = 5


class Includes:
    """Expands includes. ``used`` names the files that were included."""

    def __init__(self, trees: Mapping[str, Node], problems: Problems) -> None:
        self.trees, self.problems = trees, problems
        self.used: set[str] = set()

    def expand(self, node: Node, chain: tuple[str, ...] = ()) -> Node:
        """Return the tree with every include replaced."""
        if node.kind == "map":
            entries = {key: self.expand(value, chain) for key, value in node.entries.items()}
            return replace(node, entries=entries)
        if node.kind == "list":
            items = [found for item in node.items for found in self._item(item, chain)]
            return replace(node, items=items)
        return node

    def _item(self, item: Node, chain: tuple[str, ...]) -> list[Node]:
        if item.kind != "map" or "include" not in item.entries:
            return [self.expand(item, chain)]
        target = item.entries["include"]
        if len(item.entries) > 1:
            self.problems.add(item, "include stands beside other keys", "write `- include: file` alone")
        if not self._is_allowed(target, chain):
            return []
        self.used.add(target.text)
        tree = self.trees.get(target.text)
        if tree is None:
            return []
        if tree.kind != "list":
            self.problems.add(
                tree, "an included file is not a list", "write each item on a line that begins with -"
            )
            return []
        return self.expand(tree, (*chain, target.text)).items

    def _is_allowed(self, target: Node, chain: tuple[str, ...]) -> bool:
        path = target.text
        parts = path.split("/")
        wrong = fix = ""
        if (
            not path.startswith(FOLDER)
            or not path.endswith(".yaml")
            or {"", ".", ".."} & set(parts)
            or "\\" in path
        ):
            wrong, fix = f"include names {path}", "include only files under form/, such as form/family.yaml"
        elif path in chain:
            wrong, fix = f"{path} includes itself ({' -> '.join((*chain, path))})", "take one include out"
        elif len(chain) >= MAX_DEPTH:
            wrong, fix = "includes are nested too deeply", "include from form.yaml directly"
        elif path not in self.trees:
            wrong, fix = (
                f"there is no readable file {path}",
                nearest(path, [k for k in self.trees if "/" in k]),
            )
        if wrong:
            self.problems.add(target, wrong, fix)
        return not wrong
