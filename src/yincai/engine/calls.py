"""The functions of the expression language: how each is checked and compiled."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from yincai.engine import calculus
from yincai.engine.kinds import UNKNOWN, Type
from yincai.engine.parts import BROKEN, ORDERED, Compiled, literal, nearest

if TYPE_CHECKING:
    from yincai.engine.compiling import Compiler

FUNCTIONS: Final = (
    "age",
    "all",
    "any",
    "count",
    "date",
    "is_known",
    "len",
    "max",
    "min",
    "month",
    "months_between",
    "years_between",
)


def compile_call(compiler: Compiler, node: ast.Call) -> Compiled:
    """Return the closure of a function call; anything outside the table is refused."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS:
        return compiler.refuse(
            f"there is no function {name or ast.unparse(node.func)}", nearest(name, FUNCTIONS)
        )
    if node.keywords:
        return compiler.refuse(f"{name} is called with name=value", "give plain values in order")
    if any(isinstance(part, ast.GeneratorExp) for part in node.args):
        return _over_rows(compiler, name, node)
    return _BY_NAME[name](compiler, name, node.args)


def _over_rows(compiler: Compiler, name: str, node: ast.Call) -> Compiled:
    fold = {"any": calculus.fold_any, "all": calculus.fold_all, "count": calculus.fold_count}.get(name)
    generator = node.args[0]
    example = 'write any(row.column == "x" for row in table)'
    if fold is None or len(node.args) != 1 or not isinstance(generator, ast.GeneratorExp):
        return compiler.refuse(f"{name} does not go over rows", "use any, all or count")
    loop = generator.generators[0]
    if len(generator.generators) != 1 or loop.ifs or loop.is_async or compiler.row or compiler.scope.columns:
        return compiler.refuse("the loop over rows is too complicated", example)
    if not isinstance(loop.target, ast.Name) or loop.target.id in compiler.scope.names:
        return compiler.refuse("the loop's name is a fact or no name", example)
    table = compiler.expect(loop.iter, Type.ROWS)
    if table.type is None:
        return BROKEN
    compiler.row = (loop.target.id, table.label)
    condition = compiler.condition(generator.elt)
    compiler.row = None
    kind = Type.NUMBER if name == "count" else Type.BOOL
    return Compiled(kind, calculus.over_rows(table.run, condition, fold))


def _call_loop(compiler: Compiler, name: str, _parts: list[ast.expr]) -> Compiled:
    return compiler.refuse(f"{name} goes over no rows", f'write {name}(row.column == "x" for row in table)')


def _call_dates(compiler: Compiler, name: str, parts: list[ast.expr]) -> Compiled:
    if len(parts) != 2:
        return compiler.refuse(f"{name} has {len(parts)} values", f"write {name}(earlier, later)")
    wanted = (Type.DATE,) if name == "age" else (Type.DATE, Type.MONTH)
    runs = [compiler.expect(part, *wanted).run for part in parts]
    function = calculus.months_between if name == "months_between" else calculus.years_between
    return Compiled(Type.NUMBER, calculus.lifted(function, runs))


def _call_size(compiler: Compiler, name: str, parts: list[ast.expr]) -> Compiled:
    wanted = (Type.ROWS,) if name == "count" else (Type.TEXT, Type.RICH)
    if len(parts) != 1:
        return compiler.refuse(f"{name} has {len(parts)} values", f"write {name}(one)")
    part = compiler.expect(parts[0], *wanted)
    measure = calculus.count_characters if part.type is Type.RICH else len
    return Compiled(Type.NUMBER, calculus.lifted(measure, [part.run]))


def _call_extreme(compiler: Compiler, name: str, parts: list[ast.expr]) -> Compiled:
    compiled = [compiler.expect(part, *sorted(ORDERED)) for part in parts]
    kinds = {part.type for part in compiled}
    if len(parts) < 2 or (len(kinds) > 1 and None not in kinds):
        return compiler.refuse(f"{name} needs values of one type", f"write {name}(first, second)")
    function = min if name == "min" else max
    return Compiled(compiled[0].type, calculus.lifted(function, [part.run for part in compiled]))


def _call_literal(compiler: Compiler, name: str, parts: list[ast.expr]) -> Compiled:
    part = parts[0] if len(parts) == 1 else None
    text = part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""
    value = calculus.read_date(text) if name == "date" else calculus.read_month(text)
    example = 'date("2026-01-31")' if name == "date" else 'month("2026-01")'
    if value is UNKNOWN:
        return compiler.refuse(f"{name}(...) holds no {name}", f"write {example}")
    return literal(Type.DATE if name == "date" else Type.MONTH, value)


def _call_known(compiler: Compiler, name: str, parts: list[ast.expr]) -> Compiled:
    if len(parts) != 1:
        return compiler.refuse(f"{name} has {len(parts)} values", f"write {name}(one)")
    run = compiler.compile(parts[0]).run
    return Compiled(Type.BOOL, lambda facts, row: run(facts, row) is not UNKNOWN)


_BY_NAME: Final[Mapping[str, Callable[[Compiler, str, list[ast.expr]], Compiled]]] = {
    "age": _call_dates,
    "years_between": _call_dates,
    "months_between": _call_dates,
    "any": _call_loop,
    "all": _call_loop,
    "count": _call_size,
    "len": _call_size,
    "min": _call_extreme,
    "max": _call_extreme,
    "date": _call_literal,
    "month": _call_literal,
    "is_known": _call_known,
}
