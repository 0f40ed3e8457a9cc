"""Sealing anew for its owner what was sealed under the ring before people had keys of their own.

Which columns those are the models say: an encrypted field with `owner`, and what a model names in `RESEALED`
(column: where the id of the account stands, and the context, `{key}` the key of the row).  Each row is
written only if nobody changed it meanwhile; whoever is forgotten is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Model

from yincai.foundation import encryption, keyring
from yincai.foundation.fields import owner_path

BATCH = 500
EMPTY = (b"", b"{}", b"[]")


@dataclass(frozen=True, slots=True)
class OwnedColumn:
    """One column that belongs to people: whose, by which column, and the context of its seal."""

    table: str
    column: str
    key: str
    owner: str
    context: str


def owned_columns() -> list[OwnedColumn]:
    """Every column that can be sealed anew by its own row alone, in the order of its table."""
    found = [one for model in apps.get_models() for one in _of(model)]
    return sorted(found, key=lambda one: (one.table, one.column))


def reseal(column: OwnedColumn) -> int:
    """Seal anew, batch by batch, what of a column still lies under the ring; how many rows were."""
    return sum(_moved(column, *row) for row in _under_the_ring(column))


def _of(model: type[Model]) -> Iterator[OwnedColumn]:
    if getattr(model, "NEVER_UPDATED", False):
        return
    table, key = model._meta.db_table, str(model._meta.pk.column)
    named: Mapping[str, tuple[str, str]] = getattr(model, "RESEALED", {})
    owned = {
        str(field.column): (owner, f"{table}.{field.column}")
        for field in model._meta.concrete_fields
        if (owner := owner_path(field))
    }
    columns = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    for column, (owner, context) in {**owned, **named}.items():
        if owner in columns:  # otherwise another row tells whose it is
            yield OwnedColumn(table, column, key, columns[owner], context)


def _under_the_ring(column: OwnedColumn) -> Iterator[tuple[Any, UUID, bytes]]:
    text = (
        f'SELECT "{column.key}", "{column.owner}", "{column.column}" FROM "{column.table}" '  # noqa: S608
        f'WHERE "{column.key}" > %s AND "{column.owner}" IS NOT NULL '
        f'AND octet_length("{column.column}") > 0 AND get_byte("{column.column}", 0) = %s '
        f'ORDER BY "{column.key}" LIMIT {BATCH}'
    )
    last: Any = UUID(int=0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(text, [last, keyring.RINGS])
            rows = cursor.fetchall()
        for key, owner, sealed in rows:
            yield key, owner, bytes(sealed)
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


def _moved(column: OwnedColumn, key: Any, owner: UUID, sealed: bytes) -> bool:
    context = column.context.format(key=key)
    plain = encryption.unseal(sealed, context=context)
    if plain in EMPTY:
        return False
    try:
        anew = encryption.seal(plain, context=context, person=owner)
    except encryption.Forgotten:
        return False
    text = (
        f'UPDATE "{column.table}" SET "{column.column}" = %s '  # noqa: S608
        f'WHERE "{column.key}" = %s AND "{column.column}" = %s'
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [anew, key, sealed])
        return bool(cursor.rowcount)
