"""Questions that every page asks, their SQL written once: Django makes the text of a query anew at each call,
which costs a page more than PostgreSQL's answers do (`bench/README.md`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import AutoField, Model
from django.db.models.expressions import Col

M = TypeVar("M", bound=Model)
Converter = Callable[[Any, Any, Any], Any]


class Rows(Generic[M]):
    """The rows of one model that a condition finds, as Django would give them.

    `condition` is what follows WHERE, with `%(name)s` where a value goes; ORDER BY and FOR UPDATE may follow.
    `distinct` names the column of which only the first row counts.
    """

    def __init__(self, model: type[M], condition: str, *, distinct: str = "") -> None:
        self.model, self.condition, self.distinct = model, condition, distinct

    def all(self, **values: Any) -> list[M]:
        """Every row, in the order of the condition."""
        with connection.cursor() as cursor:
            cursor.execute(self._text, values)
            found = cursor.fetchall()
        make, names = self.model.from_db, self._names
        return [make(DEFAULT_DB_ALIAS, names, self._converted(row)) for row in found]

    def first(self, **values: Any) -> M | None:
        """The first row, or None."""
        return next(iter(self.all(**values)), None)

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self.model._meta.concrete_fields]

    @cached_property
    def _text(self) -> str:
        columns = ", ".join(f'"{field.column}"' for field in self.model._meta.concrete_fields)
        only = f'DISTINCT ON ("{self.distinct}") ' if self.distinct else ""
        return f'SELECT {only}{columns} FROM "{self.model._meta.db_table}" WHERE {self.condition}'  # noqa: S608 - no value is in it

    @cached_property
    def _converters(self) -> list[tuple[int, Col, list[Converter]]]:
        """Position, expression and functions of the columns that Python sees otherwise than the database."""
        table = self.model._meta.db_table
        columns = [Col(table, field) for field in self.model._meta.concrete_fields]
        found = []
        for position, column in enumerate(columns):
            asked = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
            if asked:
                found.append((position, column, asked))
        return found

    def _converted(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for position, column, asked in self._converters:
            for convert in asked:
                values[position] = convert(values[position], column, connection)
        return values


def insert(row: M) -> M:
    """Write a new row, as `save(force_insert=True)` does, without signals; a counted key is filled in."""
    text, fields, counted = _insertion(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        if counted:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


@lru_cache(maxsize=128)
def _insertion(model: type[Model]) -> tuple[str, list[Any], bool]:
    """The statement, the fields whose values it takes, and whether the database counts the key."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    counted = isinstance(model._meta.pk, AutoField)
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    text = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608 - no value is in it
    return (f'{text} RETURNING "{model._meta.pk.column}"' if counted else text), fields, counted


def lines(text: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a SELECT answers, line by line; `%(name)s` where a value goes."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def value(text: str, **values: Any) -> Any:
    """The first column of the first line of what a SELECT answers, or None."""
    found = lines(text, **values)
    return found[0][0] if found else None


def hold(name: str) -> None:
    """Wait until nobody else holds this name, then hold it until the transaction ends."""
    lines("SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0))", name=name)
