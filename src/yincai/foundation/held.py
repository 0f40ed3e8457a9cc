"""What a room holds about one person, in a form that can be read by people and by machines.

Every room with personal data answers `queries.held_about(account_id)` with these parts, so that a copy of
everything (个人信息保护法 第四十五条) is put together without a room being forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class HeldPart:
    """One kind of what is held.  `labels`: what people call each field, by its stable name; the fields of
    rows within a row stand under `outer.inner`.  `chains`: the chains of the ledger that tell of these rows.

    Personal data: never log it, never put it into a job.
    """

    name: str
    title: str
    labels: Mapping[str, str]
    rows: tuple[Mapping[str, Any], ...] = ()
    chains: tuple[UUID, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The part as JSON values: moments in ISO 8601, numbers that are not whole as text."""
        return {
            "name": self.name,
            "title": self.title,
            "labels": dict(self.labels),
            "rows": [plain(row) for row in self.rows],
        }


def plain(value: Any) -> Any:
    """A value as JSON can hold it.  `TypeError` for what has no form there."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal | float):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def of_rows(name: str, title: str, rows: QuerySet[Any], /, **labels: str) -> HeldPart:
    """The part whose rows are those of a query, field by field as they are called in the database."""
    return HeldPart(name, title, labels, tuple(rows.values(*labels)))
