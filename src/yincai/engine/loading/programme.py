"""Reads the files of one programme into one :class:`Programme`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yincai.engine.kinds import Kind
from yincai.engine.loading.about import read_about
from yincai.engine.loading.assurance import read_assurance
from yincai.engine.loading.card import (
    open_fields_of,
    read_card,
    read_messages,
    read_pattern,
)
from yincai.engine.loading.corrections import Reasons
from yincai.engine.loading.form import FormReader
from yincai.engine.loading.includes import FOLDER, Includes
from yincai.engine.loading.legal_cases import CaseReader
from yincai.engine.loading.marked import Node, read_yaml
from yincai.engine.loading.materials import read_materials
from yincai.engine.loading.offices import Districts, read_office
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader, is_map, scope_with
from yincai.engine.loading.rules import read_rules
from yincai.engine.loading.scopes import GUARD_FACTS, items_of, outline
from yincai.engine.loading.workflow import read_workflow
from yincai.engine.parts import Scope, nearest
from yincai.engine.place import Place
from yincai.engine.spec import (
    STANDARD,
    Contact,
    Exclusivity,
    ExclusivityKind,
    Identity,
    LegalCase,
    Message,
    OfficeRule,
    Papers,
    Programme,
    Section,
    Variant,
)
from yincai.engine.workflow import Workflow
from yincai.foundation.canonical import canonical_hash

REQUIRED: Final = (
    "programme.yaml", "form.yaml", "materials.yaml", "workflow.yaml", "card.yaml", "messages.yaml",
)  # fmt: skip
OPTIONAL: Final = ("rules.yaml", "tests.yaml")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the folder says that programme.yaml must say too; empty when there is no folder.

    ``reasons`` and ``districts`` are those of its place; None when the place is not known.
    """

    place: str = ""
    name: str = ""
    reasons: Reasons = None
    districts: Districts = None


def read_programme(
    files: Mapping[str, str], problems: Problems, *, place: Place | None, expected: Expected
) -> Programme:
    """Return the programme in the files; usable only when nothing was noted."""
    return _ProgrammeReader(files, problems, place, expected).read()


class _ProgrammeReader:
    def __init__(
        self, files: Mapping[str, str], problems: Problems, place: Place | None, expected: Expected
    ) -> None:
        self.files, self.problems, self.place, self.expected = files, problems, place, expected
        self.trees: dict[str, Node] = {}

    def read(self) -> Programme:
        self._parse_files()
        main = Reader(self._tree("programme.yaml"), "programme", self.problems)
        form = self._form()
        variants = self._variants(main, _regional(items_of(form, "sections")))
        sections_nodes = items_of(form, "sections")
        scope = outline(sections_nodes, [variant.code for variant in variants])
        rules, scope = read_rules(items_of(self._tree("rules.yaml"), "rules"), scope, self.problems)
        self._only("rules.yaml", "rules")
        sections = self._sections(form, scope)
        self._only("form.yaml", "sections")
        materials = read_materials(self._list("materials.yaml", "materials"), scope, self.problems)
        workflow = self._workflow(scope)
        layouts = [name for name in self.files if name.endswith(".typ")]
        programme = Programme(
            place=self._same(main, "place", self.expected.place),
            name=self._same(main, "name", self.expected.name),
            title=main.text("title", longest=60),
            summary=main.text("summary", longest=300),
            variants=variants,
            reference=read_pattern(main, "reference", needs=("timestamp",)),
            exclusivity=self._exclusivity(main),
            identity=self._identity(main, scope),
            about=read_about(main),
            declaration=main.text("declaration"),
            sections=sections,
            materials=materials,
            rules=rules,
            workflow=workflow,
            card=read_card(self._tree("card.yaml"), scope, layouts, self.problems),
            messages=self._messages(sections, workflow),
            tests=self._tests(scope, [material.name for material in materials]),
            files=dict(self.files),
            content_hash=canonical_hash(dict(self.files)),
            office=self._office(main, scope),
            contact=self._contact(main, scope),
            papers=self._papers(main, layouts),
            assurance=read_assurance(main),
        )
        main.done()
        return programme

    def _office(self, main: Reader, scope: Scope) -> OfficeRule:
        offices = None if self.place is None else self.place.offices
        return read_office(main, scope, offices, self.expected.districts)

    def _workflow(self, scope: Scope) -> Workflow:
        roles = None if self.place is None else [role.name for role in self.place.roles]
        tree, guards = self._tree("workflow.yaml"), scope_with(scope, GUARD_FACTS, {})
        return read_workflow(tree, guards, roles, self.problems, reasons=self.expected.reasons)

    def _messages(self, sections: tuple[Section, ...], workflow: Workflow) -> tuple[Message, ...]:
        fields = {field.name: (field.kind, field.personal) for part in sections for field in part.fields}
        events = [item.event for item in workflow.transitions]
        return read_messages(self._tree("messages.yaml"), events, open_fields_of(fields), self.problems)

    def _parse_files(self) -> None:
        known = (*REQUIRED, *OPTIONAL)
        for name in sorted(self.files):
            if name.endswith(".typ") and "/" not in name:
                continue
            if name not in known and not (name.startswith(FOLDER) and name.endswith(".yaml")):
                self.problems.at(name, 1, "this is no file of a programme", nearest(name, known))
                continue
            tree = read_yaml(name, self.files[name], self.problems)
            if tree is not None and ("/" in name or is_map(tree, "the file", self.problems)):
                self.trees[name] = tree
            else:
                self.problems.silence(name)
        for name in REQUIRED:
            if name not in self.files:
                self.problems.at(
                    name, 1, "the file is missing", "add it; docs/programmes shows what it holds"
                )
                self.problems.silence(name)
        if "form.yaml" not in self.trees:
            self.problems.raise_if_any()  # every expression would seem to name unknown fields

    def _tree(self, name: str) -> Node:
        """Return the tree of a file; an empty map stands in for one that cannot be read."""
        return self.trees.get(name) or Node(name, 1, "map")

    def _list(self, name: str, key: str) -> list[Node]:
        """Return the maps of the only list of a file; it may be empty (``[]``) but must be written."""
        reader = Reader(self._tree(name), "the file", self.problems)
        reader.require(key)
        found = reader.maps(key, required=False)
        reader.done()
        return found

    def _only(self, name: str, key: str) -> None:
        """Note keys of a file that is read by hand."""
        if name in self.trees:
            reader = Reader(self.trees[name], "the file", self.problems)
            reader.maps(key)
            reader.done()

    def _form(self) -> Node:
        includes = Includes(self.trees, self.problems)
        form = includes.expand(self._tree("form.yaml"))
        for name in sorted(self.files):
            if name.startswith(FOLDER) and name not in includes.used and name.endswith(".yaml"):
                self.problems.at(name, 1, "no include names this file", "include it or delete it")
        return form

    def _sections(self, form: Node, scope: Scope) -> tuple[Section, ...]:
        return FormReader(scope, self.problems).read(items_of(form, "sections"))

    def _same(self, main: Reader, key: str, folder: str) -> str:
        name = main.name(key)
        if folder and name and name != folder:
            main.wrong(key, f"{key} is {name} but the folder is {folder}", "make them equal")
        return name

    def _variants(self, main: Reader, regional: list[str]) -> tuple[Variant, ...]:
        variants: list[Variant] = []
        nodes = main.maps("variants")
        known = [found.text for node in nodes if (found := node.entries.get("code"))]
        for node in nodes:
            reader = Reader(node, "variant", self.problems)
            code = reader.text("code", longest=8)
            if code and not (code.isascii() and code.isalnum()):
                reader.wrong("code", f"code is {code}", "use letters and digits; it goes into numbers")
            if code in {variant.code for variant in variants}:
                reader.wrong("code", f"{code} is written twice", "give each variant its own code")
            variants.append(
                Variant(
                    code,
                    reader.text("title", longest=40),
                    reader.text("summary", default=""),
                    conditions=tuple(item.text for item in reader.texts("conditions")),
                    offered=reader.flag("offered", default=True),
                    regions=reader.one_of("regions", regional, default=""),
                    not_for_holders_of=_others(reader, [one for one in known if one != code]),
                )
            )
            reader.done()
        return tuple(variants)

    def _exclusivity(self, main: Reader) -> Exclusivity:
        text = main.text("exclusivity")
        kind, _, group = text.partition(":")
        known = ["none", "programme", "variant", "group:name"]
        if text and (kind not in list(ExclusivityKind) or (kind == "group") != bool(group)):
            main.wrong("exclusivity", f"exclusivity is {text}", nearest(text, known))
            return Exclusivity(ExclusivityKind.PROGRAMME)
        return Exclusivity(ExclusivityKind(kind) if kind else ExclusivityKind.PROGRAMME, group)

    def _identity(self, main: Reader, scope: Scope) -> Identity:
        inner = main.map("identity")
        if inner is None:
            return Identity("", "")
        found = {
            key: inner.one_of(key, _named(scope, kind), default=default)
            for key, kind, default in (
                ("document", Kind.IDENTITY_DOCUMENT, None),
                ("name", Kind.PERSON_NAME, None),
                ("phone", Kind.PHONE, ""),
                ("photo", Kind.PHOTO, ""),
            )
        }
        inner.done()
        return Identity(**found)

    def _contact(self, main: Reader, scope: Scope) -> Contact:
        inner = main.map("contact", required=False)
        if inner is None:
            return Contact()
        contact = Contact(
            phone=inner.one_of("phone", _named(scope, Kind.PHONE), default=""),
            email=inner.one_of("email", _named(scope, Kind.EMAIL), default=""),
        )
        inner.done()
        return contact

    def _papers(self, main: Reader, layouts: list[str]) -> Papers:
        inner = main.map("papers", required=False)
        if inner is None:
            return Papers()
        known = [STANDARD, *layouts]
        papers = Papers(
            form=inner.one_of("form", known, default=""), receipt=inner.one_of("receipt", known, default="")
        )
        inner.done()
        return papers

    def _tests(self, scope: Scope, slots: list[str]) -> tuple[LegalCase, ...]:
        if "tests.yaml" not in self.trees:
            return ()
        reader = CaseReader(scope, slots=slots, problems=self.problems)
        return tuple(reader.read(node) for node in self._list("tests.yaml", "cases"))


def _others(reader: Reader, known: list[str]) -> tuple[str, ...]:
    """The other variants whose holders do not get this one."""
    written = reader.texts("not_for_holders_of")
    for node in written:
        if node.text not in known:
            wrong = f"variant: there is no other variant {node.text}"
            reader.problems.add(node, wrong, nearest(node.text, known) if known else "delete the key")
    return tuple(node.text for node in written if node.text in known)


def _named(scope: Scope, kind: Kind) -> list[str]:
    return [name for name, found in scope.names.items() if found is kind and "." not in name]


def _regional(sections: list[Node]) -> list[str]:
    """The code fields of the form that name their codes: only such a list can say where one is offered."""
    fields = [node for section in sections for node in items_of(section, "fields") if node.kind == "map"]
    return [
        node.entries["name"].text
        for node in fields
        if "name" in node.entries
        and "codes" in node.entries
        and node.entries.get("kind", node).text == Kind.CODE
    ]
