"""Conditions and values written in a small subset of Python syntax, decided in three-valued logic.

Parsed once with :mod:`ast`, checked for names and types, compiled into closures; never ``eval``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from yincai.engine.compiling import Compiler
from yincai.engine.kinds import UNKNOWN, Facts, Kind, Truth, Type, truth
from yincai.engine.parts import Definition, Problems, Scope

__all__ = ["UNKNOWN", "Definition", "Expression", "ExpressionError", "Truth", "parse", "parse_in", "truth"]

MAX_CHARACTERS: Final = 2000
MAX_NODES: Final = 300
MAX_DEPTH: Final = 30
STRING: Final = re.compile(r"'[^'\\]*'|\"[^\"\\]*\"")
DOUBTFUL: Final = re.compile(r"\\|(?<![\w.])(?:\d|\.\d)[\d.]*[^\W\d]")
"""Escapes, and numbers with letters (1in, 0x1, 1e5): of no use here, and Python would warn about some."""


class ExpressionError(Exception):
    """The text is no expression of ours. ``problems`` holds pairs (what is wrong, what to do)."""

    def __init__(self, problems: Problems) -> None:
        self.problems = tuple(problems)
        super().__init__(" | ".join(f"{wrong}; {fix}" for wrong, fix in problems))


@dataclass(frozen=True, slots=True)
class Expression:
    """One parsed expression. Equal when the text is equal; safe to share between threads.

    ``names`` are the facts that it reads, those of the rules it mentions included.
    """

    text: str
    names: frozenset[str]
    type: Type = field(compare=False)
    run: Callable[[Facts, Facts], object] = field(compare=False, repr=False)

    def evaluate(self, facts: Facts, row: Facts | None = None) -> object:
        """Return the value for these facts, or ``UNKNOWN``; never raises for an unreadable fact.

        ``row`` is the row at hand for a condition that was written for the columns of a table.
        """
        return self.run(facts, facts if row is None else row)

    def truth(self, facts: Facts, row: Facts | None = None) -> Truth:
        """Return the answer of a condition for these facts (and this row)."""
        return truth(self.run(facts, facts if row is None else row))


def parse(
    text: str,
    *,
    names: Mapping[str, Kind],
    choices: Mapping[str, frozenset[str]] | None = None,
    definitions: Mapping[str, Definition] | None = None,
    wants: Type | None = None,
) -> Expression:
    """Return the expression that ``text`` spells, or raise :class:`ExpressionError` with every problem.

    ``names`` gives the kind of each fact; a column of repeated rows is listed as ``family.birth_date``.
    ``choices`` gives the codes that a code or radio fact can hold, so that a mistyped code is found here.
    ``definitions`` gives values under dotted names (``rule.may_borrow``). ``wants`` is the type asked for.
    """
    scope = Scope(names=names, choices=choices or {}, definitions=definitions or {})
    return parse_in(text, scope, wants=wants)


def parse_in(text: str, scope: Scope, *, wants: Type | None = None) -> Expression:
    """Return the expression that ``text`` spells in a scope; as :func:`parse` otherwise."""
    tree = _tree(text)
    compiler = Compiler(scope)
    compiled = compiler.compile(tree)
    if not compiler.problems and wants is not None and compiled.type is not wants:
        compiler.problems.append(
            (f"the expression gives a {compiled.type}", f"write one that gives a {wants}")
        )
    if compiler.problems or compiled.type is None:
        raise ExpressionError(compiler.problems)
    return Expression(text=text.strip(), names=frozenset(compiler.used), type=compiled.type, run=compiled.run)


def _tree(text: str) -> ast.expr:
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(
            [(f"the expression has {len(text)} characters", f"keep it within {MAX_CHARACTERS}; use a rule")]
        )
    if not text.strip():
        raise ExpressionError([("the expression is empty", "write a condition or leave the key out")])
    try:
        if DOUBTFUL.search(STRING.sub('""', text)):
            raise ValueError
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(
            [("the expression is not well formed", "check brackets, quotes and the operators and/or/not")]
        ) from error
    _check_size(tree)
    return tree


def _check_size(tree: ast.expr) -> None:
    """Walk without recursion, so that a hostile tree is refused before anything recurses into it."""
    nodes = 0
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        nodes += len(level)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise ExpressionError(
                [("the expression is too deep or too long", "split it into rules under rules.yaml")]
            )
        level = [child for node in level for child in ast.iter_child_nodes(node)]
