"""Reads rules.yaml: named rule trees, each part with the clause it comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from yincai.engine.expressions import Expression
from yincai.engine.kinds import Type
from yincai.engine.loading.marked import Node
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader
from yincai.engine.parts import Scope
from yincai.engine.rules import AllOf, AnyOf, Clause, CountOf, Leaf, NotOf, Rule, definition_of
from yincai.engine.rules import Node as RuleNode

JOINS: Final = ("all", "any", "not", "count", "is")
MAX_DEPTH: Final = 10


def read_rules(nodes: list[Node], scope: Scope, problems: Problems) -> tuple[tuple[Rule, ...], Scope]:
    """Return the rules and the scope that knows them as ``rule.<name>``; a rule may name earlier ones."""
    rules: list[Rule] = []
    for node in nodes:
        reader = Reader(node, f"rule {_name_of(node)}", problems)
        name, title = reader.name(spoken=True), reader.text("title")
        root = _RuleReader(scope, problems).read(reader, cited=False, depth=0)
        if name in {rule.name for rule in rules}:
            reader.wrong("name", "another rule has this name", "give each rule its own name")
        if root is None:
            continue
        rules.append(Rule(name, title, root))
        definitions = {**scope.definitions, f"rule.{name}": definition_of(rules[-1])}
        scope = replace(scope, definitions=definitions)
    return tuple(rules), scope


class _RuleReader:
    def __init__(self, scope: Scope, problems: Problems) -> None:
        self.scope, self.problems = scope, problems

    def read(self, reader: Reader, *, cited: bool, depth: int) -> RuleNode | None:
        """Return the tree under a map; None when it has a mistake."""
        if depth > MAX_DEPTH:
            self.problems.add(
                reader.node, f"{reader.what} is nested too deeply", "split it into several rules"
            )
            return None
        clause = Clause(
            source=reader.text("source", default=""),
            starts=reader.day("from"),
            until=reader.day("until"),
            says=reader.text("says", default=""),
        )
        if clause.starts and clause.until and clause.starts > clause.until:
            reader.wrong("from", "from lies after until", "swap them")
        joins = [join for join in JOINS if reader.has(join)]
        if len(joins) != 1:
            found = f"has {' and '.join(joins)}" if joins else "has no condition"
            self.problems.add(
                reader.node, f"{reader.what} {found}", f"write exactly one of {', '.join(JOINS)}"
            )
            return None
        node = self._join(reader, joins[0], clause, cited=cited or bool(clause.source), depth=depth)
        reader.done()
        return node

    def _join(self, reader: Reader, join: str, clause: Clause, *, cited: bool, depth: int) -> RuleNode | None:
        if join == "is":
            return self._leaf(reader, clause, cited=cited)
        if join == "not":
            part = self._part(reader.at("not"), reader.what, cited=cited, depth=depth)
            return None if part is None else NotOf(part, clause)
        if join == "count":
            return self._count(reader, clause, cited=cited, depth=depth)
        parts = self._parts(reader, join, cited=cited, depth=depth)
        if not parts:
            return None
        return AllOf(parts, clause) if join == "all" else AnyOf(parts, clause)

    def _count(self, reader: Reader, clause: Clause, *, cited: bool, depth: int) -> RuleNode | None:
        inner = reader.map("count")
        if inner is None:
            return None
        parts = self._parts(inner, "of", cited=cited, depth=depth)
        at_least = inner.whole("at_least", least=1, most=max(1, len(parts)))
        inner.done()
        return CountOf(at_least, parts, clause) if parts else None

    def _parts(self, reader: Reader, key: str, *, cited: bool, depth: int) -> tuple[RuleNode, ...]:
        node = reader.at(key)
        if not reader.require(key):
            return ()
        if node.kind != "list" or not node.items:
            reader.wrong(
                key, f"{key} is not a list with items", "write each part on a line that begins with -"
            )
            return ()
        found = [self._part(item, reader.what, cited=cited, depth=depth) for item in node.items]
        return tuple(part for part in found if part is not None)

    def _part(self, node: Node, what: str, *, cited: bool, depth: int) -> RuleNode | None:
        """A part is a map, or a bare condition that inherits the clause above it."""
        if node.kind == "map":
            return self.read(Reader(node, what, self.problems), cited=cited, depth=depth + 1)
        bare = Node(node.file, node.line, "map", entries={"is": node})
        return self.read(Reader(bare, what, self.problems), cited=cited, depth=depth + 1)

    def _leaf(self, reader: Reader, clause: Clause, *, cited: bool) -> RuleNode | None:
        condition: Expression | None = reader.expression("is", self.scope, wants=Type.BOOL)
        if not cited:
            self.problems.add(
                reader.node,
                f"{reader.what} has a condition without a source",
                "add `source:` with the clause",
            )
        return None if condition is None else Leaf(condition, clause)


def _name_of(node: Node) -> str:
    found = node.entries.get("name")
    return found.text if found is not None and found.text else "without a name"
