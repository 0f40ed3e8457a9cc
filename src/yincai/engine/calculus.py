"""What expressions compute with: reading stored facts, three-valued logic, dates. Nothing here raises."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, DecimalException
from typing import Any, Final

from yincai.engine.kinds import UNKNOWN, Facts, Type, Unknown

Run = Callable[[Facts, Facts], Any]
"""A compiled expression: (facts, the row at hand or the facts again) → value or UNKNOWN."""

MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
CITIZEN_TYPES: Final = frozenset({"111", "112", "L01", "L02"})
"""Documents whose number is built as GB 11643-1999 says: identity cards and residence permits."""
CITIZEN_NUMBER: Final = re.compile(r"\d{17}[\dX]", re.ASCII)
TAG: Final = re.compile(r"<[^>]*>")


def read_text(value: object) -> str | Unknown:
    """Return a text that says something; anything else is unknown."""
    return value if isinstance(value, str) and value else UNKNOWN


def read_bool(value: object) -> bool | Unknown:
    """Return a stored yes or no."""
    return value if isinstance(value, bool) else UNKNOWN


def read_number(value: object) -> int | Decimal | Unknown:
    """Return a number from an int, a float, a Decimal or its text; infinity and NaN are unknown."""
    if type(value) is int:
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return UNKNOWN
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except DecimalException:
        return UNKNOWN
    return number if number.is_finite() and -100 < number.adjusted() < 100 else UNKNOWN


def read_date(value: object) -> date | Unknown:
    """Return a date from a date or from ``YYYY-MM-DD``."""
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            return UNKNOWN
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return UNKNOWN


def read_month(value: object) -> date | Unknown:
    """Return the first day of a month written ``YYYY-MM``."""
    match = MONTH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return UNKNOWN
    year, month = int(match[1]), int(match[2])
    return date(year, month, 1) if year and 1 <= month <= 12 else UNKNOWN


def read_rows(value: object) -> Sequence[Facts] | Unknown:
    """Return the rows of a table."""
    if isinstance(value, (list, tuple)) and all(isinstance(row, Mapping) for row in value):
        return value
    return UNKNOWN


def read_document(value: object) -> str | Unknown:
    """Return the number of an identity document whose type is given too."""
    if isinstance(value, Mapping) and value.get("type") and value.get("number"):
        return read_text(value["number"])
    return UNKNOWN


def identity_derived(value: object) -> tuple[date, str] | Unknown:
    """Return birth date and sex (GB/T 2261.1: 1 male, 2 female) that a number tells (GB 11643-1999).

    Takes a stored identity document whose number was checked when it was saved; other papers tell nothing.
    """
    if not isinstance(value, Mapping) or value.get("type") not in CITIZEN_TYPES:
        return UNKNOWN
    number = value.get("number")
    if not isinstance(number, str) or not CITIZEN_NUMBER.fullmatch(number):
        return UNKNOWN
    born = read_date(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    return UNKNOWN if born is UNKNOWN else (born, "1" if int(number[16]) % 2 else "2")


def document_part(part: str) -> Callable[[object], Any]:
    """Return how to read one part of a stored identity document."""
    if part in ("birth_date", "sex"):
        index = 0 if part == "birth_date" else 1

        def derived(value: object) -> Any:
            found = identity_derived(value)
            return UNKNOWN if found is UNKNOWN else found[index]

        return derived
    return lambda value: read_text(value.get(part)) if isinstance(value, Mapping) else UNKNOWN


READERS: Final[Mapping[Type, Callable[[object], Any]]] = {
    Type.TEXT: read_text,
    Type.RICH: read_text,
    Type.BOOL: read_bool,
    Type.NUMBER: read_number,
    Type.DATE: read_date,
    Type.MONTH: read_month,
    Type.ROWS: read_rows,
    Type.DOCUMENT: read_document,
}


def all_of(parts: Sequence[Run]) -> Run:
    """Join by Kleene ``and``: one FALSE decides, else one UNKNOWN makes it unknown."""

    def run(facts: Facts, row: Facts) -> bool | Unknown:
        result: bool | Unknown = True
        for part in parts:
            value = part(facts, row)
            if value is False:
                return False
            if value is UNKNOWN:
                result = UNKNOWN
        return result

    return run


def any_of(parts: Sequence[Run]) -> Run:
    """Join by Kleene ``or``: one TRUE decides, else one UNKNOWN makes it unknown."""

    def run(facts: Facts, row: Facts) -> bool | Unknown:
        result: bool | Unknown = False
        for part in parts:
            value = part(facts, row)
            if value is True:
                return True
            if value is UNKNOWN:
                result = UNKNOWN
        return result

    return run


def not_of(part: Run) -> Run:
    """Turn the answer round; unknown stays unknown."""

    def run(facts: Facts, row: Facts) -> bool | Unknown:
        value = part(facts, row)
        return UNKNOWN if value is UNKNOWN else not value

    return run


def over_rows(rows: Run, condition: Run, fold: Callable[[list[Any]], Any]) -> Run:
    """Fold the condition's answers over the rows; an unknown table is unknown."""

    def run(facts: Facts, _row: Facts) -> Any:
        table = rows(facts, facts)
        return UNKNOWN if table is UNKNOWN else fold([condition(facts, row) for row in table])

    return run


def fold_any(answers: list[Any]) -> bool | Unknown:
    """TRUE when one is, FALSE when all are false."""
    return True if True in answers else (UNKNOWN if UNKNOWN in answers else False)


def fold_all(answers: list[Any]) -> bool | Unknown:
    """FALSE when one is, TRUE when all are true."""
    return False if False in answers else (UNKNOWN if UNKNOWN in answers else True)


def fold_count(answers: list[Any]) -> int | Unknown:
    """How many are true; unknown while one is."""
    return UNKNOWN if UNKNOWN in answers else answers.count(True)


def lifted(function: Callable[..., Any], parts: Sequence[Run]) -> Run:
    """Apply a function to known values; one unknown makes the result unknown, as does bad arithmetic."""
    if len(parts) == 1:
        return _lifted_one(function, *parts)
    if len(parts) == 2:
        return _lifted_pair(function, *parts)

    def run(facts: Facts, row: Facts) -> Any:
        values = [part(facts, row) for part in parts]
        return UNKNOWN if UNKNOWN in values else function(*values)

    return run


def _lifted_one(function: Callable[..., Any], part: Run) -> Run:
    def run(facts: Facts, row: Facts) -> Any:
        value = part(facts, row)
        return UNKNOWN if value is UNKNOWN else function(value)

    return run


def against(function: Callable[[Any, Any], Any], part: Run, constant: Any) -> Run:
    """Apply a comparison to a value and a constant: :func:`lifted`, one call the fewer."""

    def run(facts: Facts, row: Facts) -> Any:
        value = part(facts, row)
        return UNKNOWN if value is UNKNOWN else function(value, constant)

    return run


def _lifted_pair(function: Callable[..., Any], first: Run, second: Run) -> Run:
    def run(facts: Facts, row: Facts) -> Any:
        left = first(facts, row)
        if left is UNKNOWN:
            return UNKNOWN
        right = second(facts, row)
        return UNKNOWN if right is UNKNOWN else function(left, right)

    return run


def safely(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same arithmetic, answering UNKNOWN where it has no result (division by zero, overflow)."""

    def run(*values: Any) -> Any:
        try:
            return function(*values)
        except ArithmeticError:
            return UNKNOWN

    return run


def months_between(start: date, end: date) -> int:
    """Whole months from start to end, negative when end is earlier.

    A month ends on the day of the same number or, where the month has none, on its last day
    (民法典 第二百零二条): from 31 January, one month is whole on 28 or 29 February.
    """
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if end.day >= start.day or _is_last_day(end) else months - 1


def years_between(start: date, end: date) -> int:
    """Whole years from start to end, counted as :func:`months_between` counts; negative backwards."""
    months = months_between(start, end)
    return months // 12 if months >= 0 else -(-months // 12)


def count_characters(rich: str) -> int:
    """Characters that a reader sees in rich text: tags and white space left out, entities as one."""
    return len("".join(html.unescape(TAG.sub("", rich)).split()))


def _is_last_day(day: date) -> bool:
    following = day.month % 12 + 1
    return day == date.max or date.fromordinal(day.toordinal() + 1).month == following
