"""A posted section to what is stored: valid values, texts not valid yet, and sentences about them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from yincai.engine.forms.agreement import disagreements
from yincai.engine.forms.values import NotTaken, clean_value, half_width, storable
from yincai.engine.forms.visibility import with_context
from yincai.engine.kinds import Facts, Kind, Truth
from yincai.engine.spec import Field, Programme, Section
from yincai.foundation.errors import Problem
from yincai.foundation.identifiers import IdentifierError, check_document, show_phone

Posted = Mapping[str, Sequence[str]]
ROW_ID: Final = re.compile(r"[A-Za-z0-9-]{1,36}")
MOST_ROWS: Final = 200


@dataclass(slots=True)
class Cleaned:
    """What came of a posted section.

    ``values`` holds what is valid (a field that was emptied is not in it), ``typed`` the posted texts that
    are not, by input name, so that nothing typed is lost; ``problems`` says what is wrong with those.
    """

    values: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def clean_section(
    programme: Programme, section: str, posted: Posted, *, known: Mapping[str, Any], today: date
) -> Cleaned:
    """Return what a posted section holds. Never asks for completeness; ``KeyError`` for an unknown section.

    ``known`` are the values stored so far, of all sections (``variant`` may be among them). A field that the
    page did not have keeps its known value. Input names: ``field``; ``field.type`` and ``field.number`` of an
    identity document; ``rows._ids`` (repeated) and ``rows.<row id>.<column>`` of a table, whose blank rows do
    not count.
    """
    spec = programme.section(section)
    cleaner = _Cleaner(posted, today)
    facts = with_context(known, today=today)
    for item in spec.fields:
        cleaner.take(item, known.get(item.name), was_drawn=_was_drawn(spec, item, facts))
    result = cleaner.result
    own = {item.name for item in spec.fields}
    merged = {name: value for name, value in facts.items() if name not in own} | result.values
    result.problems += disagreements(programme, merged, only=spec)
    return result


def as_posted(
    programme: Programme, section: str, values: Mapping[str, Any], typed: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return the texts that a page's inputs hold for stored values; ``typed`` wins where both exist.

    Cleaning the result again gives the same values.
    """
    posted: dict[str, list[str]] = {}
    for item in programme.section(section).fields:
        value = values.get(item.name)
        if item.kind is Kind.ROWS:
            rows = value if isinstance(value, list) else []
            posted[f"{item.name}._ids"] = [str(row["_row"]) for row in rows]
            for row in rows:
                for column in item.rows:
                    _post(posted, f"{item.name}.{row['_row']}.{column.name}", column, row.get(column.name))
        else:
            _post(posted, item.name, item, value)
    posted.update({name: [text] for name, text in typed.items()})
    return posted


def _post(posted: dict[str, list[str]], path: str, item: Field, value: Any) -> None:
    if item.kind is Kind.IDENTITY_DOCUMENT and isinstance(value, Mapping):
        posted[f"{path}.type"] = [str(value.get("type", ""))]
        posted[f"{path}.number"] = [str(value.get("number", ""))]
    elif item.kind is Kind.CHECKBOX:
        posted[path] = ["on"] if value is True else []
    elif item.kind is Kind.PHONE and isinstance(value, str):
        posted[path] = [show_phone(value)]
    elif value is not None:
        posted[path] = [str(value)]


def _says_something(value: Any) -> bool:
    return bool(value.get("number")) if isinstance(value, Mapping) else value not in (None, "", False)


def _was_drawn(section: Section, item: Field, facts: Facts) -> bool:
    """Whether the page that was posted had this field, as far as the stored facts tell.

    Branches of an either/or block are drawn all. Decides only about what a browser leaves out of a post:
    an unticked box, a table without rows.
    """
    conditions = [section.visible] if item.choice else [section.visible, item.visible]
    return all(part is None or part.truth(facts) is not Truth.FALSE for part in conditions)


class _Cleaner:
    """Cleans field by field into ``result``."""

    def __init__(self, posted: Posted, today: date) -> None:
        self.posted, self.today = posted, today
        self.result = Cleaned()

    def take(self, item: Field, known: Any, *, was_drawn: bool) -> None:
        """Clean one field of the section; what was not posted keeps its known value."""
        if item.kind is Kind.ROWS:
            if f"{item.name}._ids" in self.posted or was_drawn:
                self.result.values[item.name] = self._rows(item, known)
            elif known is not None:
                self.result.values[item.name] = known
            return
        value = self._value(item, item.name, known, was_drawn=was_drawn)
        if value is not None:
            self.result.values[item.name] = value

    def _value(self, item: Field, path: str, known: Any, *, was_drawn: bool) -> Any:
        if item.kind is Kind.IDENTITY_DOCUMENT:
            return self._document(item, path, known)
        texts = self.posted.get(path)
        if texts is None or (not texts and item.kind is not Kind.CHECKBOX):
            return False if item.kind is Kind.CHECKBOX and was_drawn else known
        text = texts[-1] if texts else ""
        try:
            return clean_value(item, text, today=self.today)
        except NotTaken as error:
            self._refuse(path, text, error.sentence)
            return None

    def _document(self, item: Field, path: str, known: Any) -> Any:
        """Clean a pair of type and number; a type chosen before the number is kept."""
        types, numbers = self.posted.get(f"{path}.type"), self.posted.get(f"{path}.number")
        if not numbers:
            return known
        kind = types[-1].strip() if types else item.document_types[0]
        number = numbers[-1]
        if kind not in item.document_types:
            self._refuse(f"{path}.type", kind, "没有这种证件类型，或本事项不接受它。请从列表里重新选择。")
            self.result.typed[f"{path}.number"] = storable(number)
            return None
        if not half_width(number):
            return None if kind == item.document_types[0] else {"type": kind, "number": ""}
        try:
            return {"type": kind, "number": check_document(kind, number, today=self.today)}
        except IdentifierError as error:
            self._refuse(f"{path}.number", number, error.sentence)
            return {"type": kind, "number": ""}

    def _rows(self, item: Field, known: Any) -> list[dict[str, Any]]:
        before = {row.get("_row"): row for row in known or [] if isinstance(row, Mapping)}
        ids = dict.fromkeys(row for row in self.posted.get(f"{item.name}._ids", ()) if ROW_ID.fullmatch(row))
        cleaned = [self._row(item, row_id, before.get(row_id, {})) for row_id in list(ids)[:MOST_ROWS]]
        rows = [row for row in cleaned if not self._is_blank(item, row)]
        if len(rows) > item.max_rows:
            self.result.problems.append(
                Problem(item.name, f"最多 {item.max_rows} 行，现在是 {len(rows)} 行。请删去多余的行。")
            )
        return rows

    def _is_blank(self, item: Field, row: Mapping[str, Any]) -> bool:
        """Nothing was ever put into the row: nobody has to delete one that a page offered."""
        path = f"{item.name}.{row['_row']}."
        values = [value for name, value in row.items() if name != "_row"]
        return not any(map(_says_something, values)) and not any(
            name.startswith(path) for name in self.result.typed
        )

    def _row(self, item: Field, row_id: str, before: Mapping[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = {"_row": row_id}
        for column in item.rows:
            path = f"{item.name}.{row_id}.{column.name}"
            value = self._value(column, path, before.get(column.name), was_drawn=True)
            if value is not None:
                row[column.name] = value
        return row

    def _refuse(self, path: str, text: str, sentence: str) -> None:
        self.result.typed[path] = storable(text)
        self.result.problems.append(Problem(path, sentence))
