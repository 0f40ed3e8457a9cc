"""From a checked syntax tree to closures. Collects every problem instead of stopping at the first."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from yincai.engine import calculus
from yincai.engine.calculus import READERS, Run
from yincai.engine.calls import compile_call
from yincai.engine.kinds import TYPE_OF, UNKNOWN, Facts, Kind, Type
from yincai.engine.parts import BROKEN, COMPARABLE, ORDERED, Compiled, Problems, Scope, literal, nearest

COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: calculus.safely(operator.add),
    ast.Sub: calculus.safely(operator.sub),
    ast.Mult: calculus.safely(operator.mul),
    ast.Div: calculus.safely(lambda left, right: Decimal(left) / Decimal(right)),
}
DOCUMENT_PARTS: Final = {
    "type": Type.TEXT,
    "number": Type.TEXT,
    "birth_date": Type.DATE,
    "sex": Type.TEXT,
}
"""What can be asked of an identity document; the last two are derived from a citizen's number."""


class Compiler:
    """Compiles one expression. Read ``problems`` and ``used`` afterwards."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems: Problems = []
        self.used: set[str] = set()
        self.row: tuple[str, str] | None = None

    def compile(self, node: ast.expr) -> Compiled:
        """Return the closure of a node, or ``BROKEN`` after noting what is wrong."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node.id)
            case ast.Attribute():
                return self._attribute(node)
            case ast.BoolOp():
                return self._bool_op(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.Call():
                return compile_call(self, node)
        return self.refuse(f"{type(node).__name__} is not part of the language", "see docs/programmes")

    def refuse(self, wrong: str, fix: str) -> Compiled:
        """Note a problem and go on with a part that has no type."""
        self.problems.append((wrong, fix))
        return BROKEN

    def _constant(self, node: ast.Constant) -> Compiled:
        value = node.value
        if isinstance(value, bool):
            return literal(Type.BOOL, value)
        if isinstance(value, int):
            return literal(Type.NUMBER, value)
        if isinstance(value, float):
            number = calculus.read_number(value)
            if number is not UNKNOWN:
                return literal(Type.NUMBER, number)
        if isinstance(value, str) and value:
            return literal(Type.TEXT, value)
        if value == "":
            return self.refuse("an empty text is compared", "write is_known(...) or not is_known(...)")
        return self.refuse(f"{value!r} is no value of the language", "use is_known(...) to ask for absence")

    def _name(self, name: str) -> Compiled:
        if self.row is not None and name == self.row[0]:
            return self.refuse(f"{name} is a whole row", f"name one of its columns, such as {name}.column")
        kind = self.scope.names.get(name)
        if kind is None:
            return self._unknown(name, [key for key in self.scope.names if "." not in key])
        self.used.add(name)
        return self._fact(name, TYPE_OF[kind], of_row=name in self.scope.columns, label=name)

    def _attribute(self, node: ast.Attribute) -> Compiled:
        if not isinstance(node.value, ast.Name):
            return self.refuse("a name has more than one dot", "write fact, table column or rule.name")
        base, part = node.value.id, node.attr
        if self.row is not None and base == self.row[0]:
            return self._column(part)
        dotted = f"{base}.{part}"
        if dotted in self.scope.definitions:
            definition = self.scope.definitions[dotted]
            self.used |= definition.names
            return Compiled(Type.BOOL, lambda facts, _row: definition.run(facts), label=dotted)
        kind = self.scope.names.get(base)
        if kind is Kind.IDENTITY_DOCUMENT and part in DOCUMENT_PARTS:
            self.used.add(base)
            choices = self.scope.choices.get(dotted)
            reading = self._of_row if base in self.scope.columns else self._counted
            run = reading(base, calculus.document_part(part))
            return Compiled(DOCUMENT_PARTS[part], run, label=dotted, choices=choices)
        if kind is Kind.ROWS:
            return self.refuse(
                f"{dotted} is a column of a table", f"write any(row.{part} ... for row in {base})"
            )
        return self._unknown(dotted, [*self.scope.definitions, *self.scope.names])

    def _column(self, column: str) -> Compiled:
        assert self.row is not None  # noqa: S101 - the caller has checked
        dotted = f"{self.row[1]}.{column}"
        kind = self.scope.names.get(dotted)
        if kind is None:
            prefix = f"{self.row[1]}."
            columns = [key.removeprefix(prefix) for key in self.scope.names if key.startswith(prefix)]
            return self.refuse(f"{self.row[1]} has no column {column}", nearest(column, columns))
        return self._fact(column, TYPE_OF[kind], of_row=True, label=dotted)

    def _fact(self, key: str, kind: Type, *, of_row: bool, label: str) -> Compiled:
        read = READERS[kind]
        run = self._of_row(key, read) if of_row else self._counted(key, read)
        return Compiled(kind, run, label=label, choices=self.scope.choices.get(label))

    def _of_row(self, column: str, read: Callable[[object], Any]) -> Run:
        return lambda _facts, row: read(row.get(column))

    def _counted(self, name: str, read: Callable[[object], Any]) -> Run:
        """Read a fact of the case; that of a hidden field is unknown, whatever the draft still holds."""
        conditions = self.scope.conditions

        def run(facts: Facts, _row: Facts) -> Any:
            condition = conditions.get(name)
            if condition is not None and condition(facts, facts) is not True:
                return UNKNOWN
            return read(facts.get(name))

        return run

    def _unknown(self, name: str, known: Iterable[str]) -> Compiled:
        return self.refuse(f"nothing is called {name}", nearest(name, known))

    def _bool_op(self, node: ast.BoolOp) -> Compiled:
        parts = [self.condition(part) for part in node.values]
        join = calculus.all_of if isinstance(node.op, ast.And) else calculus.any_of
        return Compiled(Type.BOOL, join(parts))

    def condition(self, node: ast.expr) -> Run:
        """Return the closure of a part that must be yes or no."""
        part = self.compile(node)
        if part.type not in (Type.BOOL, None):
            self.refuse(f"{ast.unparse(node)} is a {part.type}, not a condition", "compare it with something")
        return part.run

    def _unary(self, node: ast.UnaryOp) -> Compiled:
        if isinstance(node.op, ast.Not):
            return Compiled(Type.BOOL, calculus.not_of(self.condition(node.operand)))
        if isinstance(node.op, ast.USub):
            part = self.expect(node.operand, Type.NUMBER)
            return Compiled(Type.NUMBER, calculus.lifted(operator.neg, [part.run]))
        return self.refuse(f"{ast.unparse(node)} uses an unknown operator", "use not or a minus sign")

    def _arithmetic(self, node: ast.BinOp) -> Compiled:
        function = ARITHMETIC.get(type(node.op))
        if function is None:
            return self.refuse(f"{ast.unparse(node)} uses an unknown operator", "use + - * or /")
        parts = [self.expect(side, Type.NUMBER).run for side in (node.left, node.right)]
        return Compiled(Type.NUMBER, calculus.lifted(function, parts))

    def expect(self, node: ast.expr, *wanted: Type) -> Compiled:
        """Return the compiled part when it is of a wanted type, else note a problem."""
        part = self.compile(node)
        if part.type is not None and part.type not in wanted:
            needed = " or a ".join(wanted)
            return self.refuse(f"{ast.unparse(node)} is a {part.type}", f"put a {needed} there")
        return part

    def _comparison(self, node: ast.Compare) -> Compiled:
        runs = []
        left = self.compile(node.left)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, (ast.In, ast.NotIn)):
                runs.append(self._membership(left, right_node, negative=isinstance(op, ast.NotIn)))
                left = BROKEN
                continue
            right = self.compile(right_node)
            function = COMPARISONS.get(type(op))
            if function is None:
                self.refuse(f"{ast.unparse(node)} uses an unknown comparison", "use == != < <= > >= or in")
                continue
            self._check_pair(
                left, right, text=ast.unparse(node), ordered=not isinstance(op, (ast.Eq, ast.NotEq))
            )
            runs.append(_compared(function, left, right))
            left = right
        return Compiled(Type.BOOL, runs[0] if len(runs) == 1 else calculus.all_of(runs))

    def _check_pair(self, left: Compiled, right: Compiled, *, text: str, ordered: bool) -> None:
        if left.type is None or right.type is None:
            return
        if left.type is not right.type:
            self.refuse(f"{text} compares a {left.type} with a {right.type}", _how_to_compare(left, right))
        elif left.type not in (ORDERED if ordered else COMPARABLE):
            self.refuse(f"{text} compares a {left.type} in a way it cannot be", "see docs/programmes")
        else:
            self._check_choice(left, right)
            self._check_choice(right, left)

    def _check_choice(self, fact: Compiled, constant: Compiled) -> None:
        if fact.choices is None or constant.literal is None or constant.literal in fact.choices:
            return
        known = nearest(constant.literal, fact.choices)
        self.refuse(f"{fact.label} can never be '{constant.literal}'", known)

    def _membership(self, left: Compiled, node: ast.expr, *, negative: bool) -> Run:
        if not isinstance(node, (ast.Tuple, ast.List, ast.Set)) or not node.elts:
            return self.refuse("`in` is not followed by a list", 'write: name in ("a", "b")').run
        values = [self.compile(item) for item in node.elts]
        for item in values:
            if item.type is not None and item.literal is None:
                return self.refuse(
                    f"the list after `in` holds {item.label or 'a sum'}", "list values only"
                ).run
            self._check_pair(left, item, text="`in`", ordered=False)
        wanted = frozenset(item.literal for item in values)
        if negative:
            return calculus.lifted(lambda value: value not in wanted, [left.run])
        return calculus.lifted(wanted.__contains__, [left.run])


def _compared(function: Callable[[Any, Any], bool], left: Compiled, right: Compiled) -> Run:
    if right.literal is not None:
        return calculus.against(function, left.run, right.literal)
    return calculus.lifted(function, [left.run, right.run])


def _how_to_compare(left: Compiled, right: Compiled) -> str:
    kinds = {left.type, right.type}
    if kinds == {Type.TEXT, Type.DATE}:
        return 'write dates as date("2026-01-31")'
    if kinds == {Type.TEXT, Type.MONTH}:
        return 'write months as month("2026-01")'
    if kinds == {Type.TEXT, Type.NUMBER}:
        return "put codes in quotes and leave numbers bare"
    return "compare values of one type"
