"""Reads one field: the keys that every kind has, then those of its own kind."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from yincai.engine.calculus import read_date, read_month, read_number
from yincai.engine.kinds import UNKNOWN, Bound, Kind
from yincai.engine.loading.reader import Reader
from yincai.engine.loading.scopes import DEFAULT_DOCUMENT_LIST, known_codes
from yincai.engine.parts import Scope, nearest
from yincai.engine.spec import Field, RadioOption
from yincai.foundation import codes

LONGEST: Final[Mapping[Kind, tuple[int, int]]] = {
    Kind.TEXT: (100, 2000),
    Kind.PERSON_NAME: (50, 50),
    Kind.EMAIL: (254, 254),
    Kind.ADDRESS: (200, 500),
    Kind.RICH_TEXT: (5000, 20_000),
    Kind.ORGANISATION: (100, 200),
    Kind.SCHOOL: (100, 200),
}
"""Default and greatest ``max_length`` of the kinds that have one, in characters."""
WITH_PLACEHOLDER: Final = frozenset({*LONGEST, Kind.NUMBER, Kind.PHONE}) - {Kind.RICH_TEXT}


def read_field(reader: Reader, name: str, scope: Scope, *, siblings: Mapping[str, Kind]) -> Field:
    """Return a field without its visibility, columns and documents; ``siblings`` are the fields beside it."""
    kind = reader.member("kind", Kind)
    placeholder = reader.text("placeholder", default="") if kind in WITH_PLACEHOLDER else ""
    return Field(
        name=name,
        kind=kind,
        label=reader.text("label"),
        hint=reader.text("hint", default=""),
        required=reader.condition("required", scope),
        personal=reader.flag("personal", default=True),
        placeholder=placeholder,
        autocomplete=reader.text("autocomplete", default="", longest=60),
        prefill=reader.text("prefill", default="", longest=80),
        **_attributes(reader, kind, siblings),
    )


def _attributes(reader: Reader, kind: Kind, siblings: Mapping[str, Kind]) -> dict[str, Any]:
    match kind:
        case Kind.NUMBER:
            decimals = reader.whole("decimals", default=0, most=6)
            unit = reader.text("unit", default="", longest=20)
            return {"decimals": decimals, "unit": unit, **_bounds(reader, kind)}
        case Kind.DATE | Kind.MONTH:
            return _bounds(reader, kind)
        case Kind.CODE:
            return _code(reader)
        case Kind.RADIO:
            return {"options": _options(reader)}
        case Kind.PHONE:
            return {"mobile": reader.flag("mobile", default=False)}
        case Kind.IDENTITY_DOCUMENT:
            return _document(reader, siblings)
        case Kind.ROWS:
            most = reader.whole("max_rows", default=50, least=1, most=200)
            return {"min_rows": reader.whole("min_rows", default=0, most=most), "max_rows": most}
        case _ if kind in LONGEST:
            default, most = LONGEST[kind]
            return {"max_length": reader.whole("max_length", default=default, least=1, most=most)}
    return {}


def _bounds(reader: Reader, kind: Kind) -> dict[str, Bound | None]:
    least, most = _bound(reader, "min", kind), _bound(reader, "max", kind)
    fixed = least is not None and most is not None and "today" not in (least, most)
    if fixed and least > most:  # type: ignore[operator]  # both Decimal or both ISO text
        reader.wrong("min", f"min {least} is greater than max {most}", "swap them")
    return {"min": least, "max": most}


def _bound(reader: Reader, key: str, kind: Kind) -> Bound | None:
    text = reader.text(key, default="", longest=40)
    if not text:
        return None
    if kind is Kind.NUMBER:
        number = read_number(text)
        if number is not UNKNOWN:
            return Decimal(number)
        reader.wrong(key, f"{key} is {text}", "write a number")
        return None
    known = read_date(text) if kind is Kind.DATE else read_month(text)
    if text == "today" or known is not UNKNOWN:
        return text
    example = "2026-01-31" if kind is Kind.DATE else "2026-01"
    reader.wrong(key, f"{key} is {text}", f"write today or a {kind} such as {example}")
    return None


def _code(reader: Reader) -> dict[str, Any]:
    name = reader.text("list")
    if name and name not in codes.names():
        reader.wrong("list", f"there is no code list {name}", nearest(name, codes.names()))
        name = ""
    return {"code_list": name, "codes": _subset(reader, "codes", name)}


def _subset(reader: Reader, key: str, list_name: str) -> tuple[str, ...]:
    """Return the codes picked from a list; empty means all of them."""
    known = known_codes(list_name)
    picked = reader.texts(key)
    for node in picked:
        if list_name and node.text not in known:
            reader.problems.add(
                node, f"{reader.what}: {list_name} has no code {node.text}", nearest(node.text, known)
            )
    return tuple(node.text for node in picked)


def _options(reader: Reader) -> tuple[RadioOption, ...]:
    options: list[RadioOption] = []
    for node in reader.maps("options"):
        option = Reader(node, f"{reader.what}: option", reader.problems)
        code = option.text("code", longest=40)
        if code in {other.code for other in options}:
            option.wrong("code", f"{code} is written twice", "give each option its own code")
        options.append(RadioOption(code, option.text("label"), option.text("hint", default="")))
        option.done()
    return tuple(options)


def _document(reader: Reader, siblings: Mapping[str, Kind]) -> dict[str, Any]:
    return {
        "document_types": _subset(reader, "types", DEFAULT_DOCUMENT_LIST)
        or known_codes(DEFAULT_DOCUMENT_LIST),
        "birth_date_field": _twin(reader, "birth_date_field", siblings, {Kind.DATE}),
        "sex_field": _twin(reader, "sex_field", siblings, {Kind.CODE, Kind.RADIO}),
    }


def _twin(reader: Reader, key: str, siblings: Mapping[str, Kind], kinds: set[Kind]) -> str:
    """Return the name of the field that a document's number is compared with."""
    fitting = [
        name for name, kind in siblings.items() if kind in kinds and "." not in name and name != "today"
    ]
    return reader.one_of(key, fitting, default="")
