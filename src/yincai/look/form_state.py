"""What a form template asks while it draws a section: texts to show again, problems beside fields, ids to
link to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from yincai.engine import forms
from yincai.engine.kinds import Kind
from yincai.engine.showing import Choice, choices_in, choices_of
from yincai.engine.spec import Field, Section
from yincai.foundation.errors import Problem
from yincai.look.answers import text_of


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a name is looked up in the place's directory: `words` tell whether what is typed stands in it.

    `suggest` is the address that completes it, `library` what is searched, `adding` how a name that is not
    there yet gets there.
    """

    library: str
    adding: str
    suggest: str
    words: str = ""
    is_known: bool = False


@dataclass(frozen=True)
class FormState:
    """One section as a person sees it: `posted` are the texts in its inputs, whether typed now or stored
    before."""

    section: Section
    posted: Mapping[str, Sequence[str]]
    facts: Mapping[str, Any]
    problems: Sequence[Problem] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)  # photo field → address of its picture
    upload_address: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What is said beside a field, by its name, though nothing is wrong with it."""
    is_open: Callable[[str], bool] = lambda _path: True
    """Whether what lies at a path may be changed; everything else is shown as text."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """What an officer asks about a path of this section, in words."""
    filled: Mapping[str, str] = field(default_factory=dict)
    """Where from the platform filled in what lies at a path, in words."""
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    """The inputs whose names the place's directory knows."""

    def text(self, path: str) -> str:
        """The text to show in the input of this name."""
        values = self.posted.get(path) or [""]
        return values[0]

    def lines(self, path: str) -> str:
        """The text of a long answer for a plain text box: paragraphs as lines, anything richer as markup with
        one block a line, so that saving it again without scripts loses nothing."""
        text = self.text(path)
        lines = forms.as_lines(text)
        if lines is not None:
            return lines
        return forms.one_block_a_line(text) if forms.is_markup(text) else text

    def preview(self, path: str) -> Markup:
        """How a long answer looks whose text box shows markup; nothing when the box shows plain lines."""
        if not forms.is_markup(self.lines(path)):
            return Markup()
        try:
            return Markup(forms.clean_rich_text(self.text(path)))  # noqa: S704 - just cleaned
        except forms.TooIntricate:
            return Markup()

    def fits_date(self, path: str) -> bool:
        """Whether a date input can show the text; what cannot be read as a date must not vanish in one."""
        return bool(re.fullmatch(r"(\d{4}-\d{2}-\d{2})?", self.text(path)))

    def fits_month(self, path: str) -> bool:
        """The same for an input of a year and month."""
        return bool(re.fullmatch(r"(\d{4}-\d{2})?", self.text(path)))

    def problem(self, path: str) -> str:
        """The sentence beside this input, or nothing."""
        return next((one.message for one in self.problems if one.path == path), "")

    def summary(self, before: str = "") -> list[tuple[str, str]]:
        """Links to everything that is wrong, in the order of the form."""
        return [
            (f"#{before}{input_id(one.path)}", labelled(self.label(one.path), one.message))
            for one in self.problems
        ]

    def label(self, path: str) -> str:
        """What the input of this path is called, with its line where it stands in a table."""
        name, _, rest = path.partition(".")
        spec = next((one for one in self.section.fields if one.name == name), None)
        if spec is None or spec.kind is not Kind.ROWS:
            return spec.label if spec else ""
        row, _, column = rest.partition(".")
        ids = self.row_ids(spec)
        line = f"{spec.label}第 {ids.index(row) + 1} 条" if row in ids else spec.label
        inner = next((one.label for one in spec.rows if one.name == column.partition(".")[0]), "")
        return f"{line}，{inner}" if inner else line

    def fields(self) -> list[Field]:
        """The fields to draw: those that the answers so far let show; branches of an either/or block
        always."""
        shown = {one.name for one in forms.visible_fields(self.section, self.facts)}
        return [one for one in self.section.fields if one.name in shown and not one.choice]

    def drawn(self) -> str:
        """The names of all fields on the page, so that a save can tell which ones an answer made appear."""
        inner = [one for one in self.section.fields if one.choice]
        return " ".join(one.name for one in [*self.fields(), *inner])

    def noted(self) -> str:
        """The names of all fields with a note on the page, so that a save can tell which ones are new."""
        return " ".join(sorted(one.name for one in self.section.fields if one.name in self.notes))

    def branch(self, choice: Field, code: str) -> list[Field]:
        """The fields that belong to one branch of an either/or block."""
        return [one for one in self.section.fields if one.choice == choice.name and one.branch == code]

    def required(self, spec: Field) -> bool:
        """Whether the field must be answered, as far as the answers so far tell."""
        return forms.is_required(spec, self.facts)

    def choices(self, spec: Field) -> Sequence[Choice]:
        """The options of a radio or code field."""
        return choices_of(spec)

    def options(self, spec: Field, path: str) -> Markup:
        """The options of a select, the chosen one marked."""
        drawn, chosen = _options(spec.code_list, tuple(spec.codes)), _opening(self.text(path))
        return Markup(drawn.replace(chosen, f"{chosen[:-1]} selected>", 1))  # noqa: S704 - escaped below

    def document_types(self, spec: Field) -> Sequence[Choice]:
        """The kinds of document that an identity field accepts."""
        return choices_in("document_types", tuple(spec.document_types))

    def note(self, path: str) -> str:
        """Everything that is said beside this input, though nothing is wrong with it."""
        said = (self.asked, self.notes, self.filled)
        return " ".join(filter(None, (words.get(path, "") for words in said)))

    def is_quiet(self, path: str) -> bool:
        """Whether what is said beside this input only tells where its text comes from."""
        return path in self.filled and not (self.asked.get(path) or self.notes.get(path))

    def shown(self, spec: Field, path: str) -> str | Markup:
        """The answer at a path as text, where it may not be changed."""
        name, _, rest = path.partition(".")
        value = self.facts.get(name)
        if rest:
            row_id, _, column = rest.partition(".")
            rows = value if isinstance(value, list) else []
            value = next((row.get(column) for row in rows if row.get("_row") == row_id), None)
        return text_of(spec, value)

    def row_ids(self, spec: Field) -> list[str]:
        """The rows of a repeating field, in order."""
        return [one for one in self.posted.get(f"{spec.name}._ids", ()) if one]


def labelled(label: str, sentence: str) -> str:
    """A sentence that can be read away from its input: with the label before it, unless it names it."""
    return sentence if label in sentence else f"{label}：{sentence}"


@lru_cache(maxsize=512)
def _options(code_list: str, some: tuple[str, ...]) -> str:
    """Every option of a list as markup: a list of countries is drawn once and not for every page."""
    return "".join(f"{_opening(one.code)}{escape(one.label)}</option>" for one in choices_in(code_list, some))


def _opening(code: str) -> str:
    return f'<option value="{escape(code)}">'


def input_id(path: str) -> str:
    """The id of the input of this path (paths hold dots, which would trouble selectors)."""
    return "f-" + path.replace(".", "-")
