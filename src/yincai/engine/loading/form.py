"""Reads form.yaml: sections and their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from yincai.engine.calculus import all_of
from yincai.engine.expressions import Expression, ExpressionError, parse_in
from yincai.engine.kinds import Kind, Type
from yincai.engine.loading.field_kinds import read_field
from yincai.engine.loading.marked import Node
from yincai.engine.loading.materials import read_material
from yincai.engine.loading.prefills import check_prefills
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader, scope_with
from yincai.engine.loading.scopes import FORM_FACTS, items_of, row_scope
from yincai.engine.parts import Scope
from yincai.engine.spec import Field, Material, RadioOption, Section

NOT_IN_ROWS: Final = frozenset({Kind.ROWS, Kind.RICH_TEXT, Kind.PHOTO})


class FormReader:
    """Reads the sections of one form."""

    def __init__(self, scope: Scope, problems: Problems) -> None:
        self.scope, self.problems = scope, problems
        self._seen: dict[str, Node] = dict.fromkeys(FORM_FACTS, Node("", 0, "text"))
        self._sections: set[str] = set()
        self._section_visible: Expression | None = None
        self._prefilled: list[tuple[Reader, Field]] = []
        self._columns: list[tuple[Reader, Field]] = []

    def read(self, nodes: list[Node]) -> tuple[Section, ...]:
        """Return every section; what is wrong is noted."""
        return tuple(self._section(node) for node in nodes)

    def _section(self, node: Node) -> Section:
        reader = Reader(node, f"section {_name_of(node)}", self.problems)
        name = reader.name()
        if name in self._sections:
            reader.wrong("name", "another section has this name", "give each section its own name")
        self._sections.add(name)
        visible = self._section_visible = self._visible(reader)
        title, hint = reader.text("title"), reader.text("hint", default="")
        self._prefilled = []
        fields = [found for item in reader.maps("fields") for found in self._fields(item)]
        check_prefills(self._prefilled, fields)
        reader.done()
        return Section(name=name, title=title, hint=hint, visible=visible, fields=tuple(fields))

    def _fields(self, node: Node) -> list[Field]:
        if "either" in node.entries:
            return self._choice(node)
        return [self._field(node)]

    def _choice(self, node: Node) -> list[Field]:
        """An either/or block: a radio field, then the fields of each branch, visible when it is chosen."""
        reader = Reader(node, f"either/or block {_name_of(node)}", self.problems)
        name = self._own_name(reader)
        label, hint = reader.text("label"), reader.text("hint", default="")
        required, visible = reader.condition("required", self.scope), self._visible(reader)
        personal = reader.flag("personal", default=True)
        self._note(name, node, visible)
        options: list[RadioOption] = []
        fields: list[Field] = []
        for branch_node in reader.maps("either"):
            branch = Reader(branch_node, f"branch {_name_of(branch_node)} of {name}", self.problems)
            code = branch.name()
            if code in {option.code for option in options}:
                branch.wrong("name", "another branch has this name", "give each branch its own name")
            options.append(RadioOption(code, branch.text("label"), branch.text("hint", default="")))
            for item in branch.maps("fields", required=False):
                fields.append(self._field(item, choice=(name, code)))
            branch.done()
        if len(options) == 1:
            reader.wrong("either", "there is one branch only", "write two branches or plain fields")
        reader.done()
        radio = Field(
            name=name, kind=Kind.RADIO, label=label, hint=hint, required=required, visible=visible,
            personal=personal, options=tuple(options), is_choice=True,
        )  # fmt: skip
        return [radio, *fields]

    def _field(self, node: Node, *, choice: tuple[str, str] = ("", "")) -> Field:
        reader = Reader(node, f"field {_name_of(node)}", self.problems)
        name = self._own_name(reader)
        visible = self._visible(reader, choice)
        field = read_field(reader, name, self.scope, siblings=self.scope.names)
        if field.kind is Kind.ROWS:
            columns, documents = self._table(reader, name)
            field = replace(field, rows=columns, documents=documents)
        reader.done()
        self._note(name, node, visible)
        self._prefilled.append((reader, field))
        return replace(field, visible=visible, choice=choice[0], branch=choice[1])

    def _column(self, node: Node, table: str, inner: Scope, siblings: Mapping[str, Kind]) -> Field:
        reader = Reader(node, f"column {_name_of(node)} of {table}", self.problems)
        visible = reader.expression("visible", inner, wants=Type.BOOL)
        field = read_field(reader, reader.name(spoken=True), inner, siblings=siblings)
        if field.kind in NOT_IN_ROWS:
            reader.wrong("kind", f"a table cannot hold {field.kind}", "put the field outside the table")
        reader.done()
        self._columns.append((reader, field))
        return replace(field, visible=visible)

    def _table(self, reader: Reader, name: str) -> tuple[tuple[Field, ...], tuple[Material, ...]]:
        names, choices = row_scope(items_of(reader.node, "columns"))
        inner = scope_with(self.scope, names, choices, of_row=True)
        self._columns = []
        columns = tuple(self._column(item, name, inner, names) for item in reader.maps("columns"))
        check_prefills(self._columns, columns, of_row=True)
        documents = tuple(
            read_material(item, inner, self.problems) for item in reader.maps("documents", required=False)
        )
        _refuse_twins(reader, "columns", [column.name for column in columns])
        _refuse_twins(reader, "documents", [document.name for document in documents])
        return columns, documents

    def _note(self, name: str, node: Node, visible: Expression | None) -> None:
        """Remember a field, and when its value counts."""
        self._seen[name] = node
        runs = [part.run for part in (self._section_visible, visible) if part is not None]
        if runs:
            self.scope.conditions[name] = all_of(runs)

    def _own_name(self, reader: Reader) -> str:
        name = reader.name(spoken=True)
        first = self._seen.get(name)
        if name and first is not None:
            reader.wrong(
                "name",
                f"another field has this name ({first.file}:{first.line})",
                "give each field its own name",
            )
        return name

    def _visible(self, reader: Reader, choice: tuple[str, str] = ("", "")) -> Expression | None:
        """A condition may name fields further up only, so that one pass from the top decides all of them."""
        written = reader.expression("visible", self.scope, wants=Type.BOOL)
        if written is not None:
            later = sorted(written.names - self._seen.keys())
            for name in later:
                reader.wrong(
                    "visible", f"visible names {name}, which comes later", "ask that field further up"
                )
        return self._in_branch(written, choice)

    def _in_branch(self, written: Expression | None, choice: tuple[str, str]) -> Expression | None:
        name, branch = choice
        if not name or not branch:
            return written
        text = f'{name} == "{branch}"' + (f" and ({written.text})" if written else "")
        try:
            return parse_in(text, self.scope)
        except ExpressionError:
            return written  # the branch has a mistake of its own, noted already


def _refuse_twins(reader: Reader, key: str, names: list[str]) -> None:
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        reader.wrong(key, f"{name} is written twice", "give each its own name")


def _name_of(node: Node) -> str:
    found = node.entries.get("name")
    return found.text if found is not None and found.text else "without a name"
