"""The kinds of value that a form can hold, and the one value that stands for "not known".

Lowest module of the engine: everything else imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Final, Literal


class Kind(StrEnum):
    """What a field holds. The YAML word is the member's value."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    CODE = "code"
    RADIO = "radio"
    CHECKBOX = "checkbox"
    PERSON_NAME = "person_name"
    IDENTITY_DOCUMENT = "identity_document"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    RICH_TEXT = "rich_text"
    ORGANISATION = "organisation"
    SCHOOL = "school"
    PHOTO = "photo"
    ROWS = "rows"


class Type(StrEnum):
    """What an expression works on; several kinds share one."""

    BOOL = "yes-or-no value"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    RICH = "rich text"
    DOCUMENT = "document"
    ROWS = "table of rows"


TYPE_OF: Final[Mapping[Kind, Type]] = {
    kind: {
        Kind.NUMBER: Type.NUMBER,
        Kind.DATE: Type.DATE,
        Kind.MONTH: Type.MONTH,
        Kind.CHECKBOX: Type.BOOL,
        Kind.RICH_TEXT: Type.RICH,
        Kind.IDENTITY_DOCUMENT: Type.DOCUMENT,
        Kind.ROWS: Type.ROWS,
    }.get(kind, Type.TEXT)
    for kind in Kind
}


class Unknown(Enum):
    """Type of :data:`UNKNOWN`; an enum so that type checkers can narrow on ``is UNKNOWN``."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refuse to be used as yes or no: nothing unknown is ever treated as no."""
        message = "UNKNOWN is neither true nor false; compare with `is UNKNOWN` or use truth()"
        raise TypeError(message)


UNKNOWN: Final = Unknown.UNKNOWN
"""The value of a fact that nobody has given yet."""


class Truth(Enum):
    """The three answers of a condition."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


def truth(value: object) -> Truth:
    """Return the answer of an evaluated condition: TRUE only for ``True``, FALSE only for ``False``."""
    if value is True:
        return Truth.TRUE
    if value is False:
        return Truth.FALSE
    return Truth.UNKNOWN


Facts = Mapping[str, Any]
"""Field name → JSON value as the draft stores it; ``today`` may be a date or an ISO string."""

Bound = Decimal | str
"""A least or greatest value: a Decimal for numbers; an ISO date, ``YYYY-MM`` or the word ``today`` else."""

Today = Literal["today"]
