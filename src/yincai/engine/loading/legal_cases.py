"""Reads tests.yaml: cases that a lawyer can read and sign."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from yincai.engine.kinds import Kind
from yincai.engine.loading.marked import Node
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader
from yincai.engine.parts import Scope, nearest
from yincai.engine.spec import LegalCase

ANSWERS: Final = ("met", "not met", "cannot tell")


class CaseReader:
    """Reads the cases of one programme; ``slots`` are the names of its materials."""

    def __init__(self, scope: Scope, *, slots: Collection[str], problems: Problems) -> None:
        self.scope, self.slots, self.problems = scope, slots, problems
        self.fields = {name for name in scope.names if "." not in name and name not in ("today", "variant")}
        self.rules = [name.removeprefix("rule.") for name in scope.definitions]

    def read(self, node: Node) -> LegalCase:
        """Return one case; what is wrong is noted."""
        title = node.entries["title"].text if "title" in node.entries else "without a title"
        reader = Reader(node, f"case {title}", self.problems)
        reader.require("on")
        day = reader.day("on")
        answers = reader.map("answers", required=False)
        documents = reader.map("documents", required=False)
        expect = reader.map("expect")
        case = LegalCase(
            title=reader.text("title", longest=200),
            line=node.line,
            on=day.isoformat() if day else "",
            answers=self._answers(answers),
            documents=self._documents(documents),
            variant=reader.one_of("variant", self.scope.choices.get("variant", ()), default=""),
            rules=self._rules(expect),
            missing=self._missing(expect),
            visible=self._visible(expect),
        )
        if expect is not None:
            expect.done()
        reader.done()
        return case

    def _answers(self, reader: Reader | None) -> dict[str, object]:
        if reader is None:
            return {}
        self._refuse_unknown(reader, self.fields)
        return {name: plain_value(node) for name, node in reader.node.entries.items()}

    def _documents(self, reader: Reader | None) -> dict[str, int]:
        if reader is None:
            return {}
        photos = [name for name, kind in self.scope.names.items() if kind is Kind.PHOTO]
        of_rows = [name for name in reader.node.entries if "." in name]
        self._refuse_unknown(reader, [*self.slots, *photos, *of_rows])
        return {name: reader.whole(name, most=50) for name in reader.node.entries}

    def _rules(self, expect: Reader | None) -> dict[str, str]:
        reader = expect.map("rules", required=False) if expect else None
        if reader is None:
            return {}
        self._refuse_unknown(reader, self.rules)
        return {name: reader.one_of(name, ANSWERS) for name in reader.node.entries}

    def _missing(self, expect: Reader | None) -> tuple[str, ...] | None:
        if expect is None or "missing" not in expect.node.entries:
            return None
        nodes = expect.texts("missing")
        known = [*self.fields, *self.slots]
        for node in nodes:
            if "." not in node.text and node.text not in known:
                self.problems.add(
                    node, f"{expect.what}: missing names {node.text}", nearest(node.text, known)
                )
        return tuple(node.text for node in nodes)

    def _visible(self, expect: Reader | None) -> dict[str, bool]:
        reader = expect.map("visible", required=False) if expect else None
        if reader is None:
            return {}
        self._refuse_unknown(reader, self.fields)
        return {name: reader.flag(name, default=False) for name in reader.node.entries}

    def _refuse_unknown(self, reader: Reader, known: Collection[str]) -> None:
        for name, node in reader.node.entries.items():
            if name not in known:
                self.problems.add(node, f"{reader.what} has no {name}", nearest(name, known))


def plain_value(node: Node) -> object:
    """Return the JSON value of a node: true, false and whole numbers only when written bare."""
    if node.kind == "list":
        return [plain_value(item) for item in node.items]
    if node.kind == "map":
        return {key: plain_value(value) for key, value in node.entries.items()}
    if node.is_empty:
        return None
    if node.plain and node.text in ("true", "false"):
        return node.text == "true"
    if node.plain and node.text.isascii() and node.text.lstrip("-").isdigit() and len(node.text) < 16:
        return int(node.text)
    return node.text
