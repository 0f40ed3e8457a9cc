"""Columns of sealed values.  Their context is `<table>.<column>`: a value copied elsewhere does not open."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from yincai.foundation import encryption


class _EncryptedField(models.Field):  # type: ignore[type-arg]  # plain and sealed types differ by subclass
    """A bytea column; only `isnull` can be asked of it, as equal values are sealed differently."""

    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        """Stored as Django stores bytes."""
        return "BinaryField"

    @property
    def context(self) -> str:
        """Where the values belong."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull`; anything else is a `FieldError`, never a silent miss."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.context} is sealed, {lookup_name!r} finds nothing: ask its blind index")
        return super().get_lookup(lookup_name)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else connection.Database.Binary(self._seal(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self._unseal(bytes(value))

    def _seal(self, value: Any) -> bytes:
        raise NotImplementedError

    def _unseal(self, sealed: bytes) -> Any:
        raise NotImplementedError


class EncryptedTextField(_EncryptedField):
    """Text, sealed."""

    def get_prep_value(self, value: Any) -> str | None:
        """`TypeError` for anything but text or None."""
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{self.context} holds text, not {type(value).__name__}")
        return value

    def _seal(self, value: str) -> bytes:
        return encryption.seal(value.encode(), context=self.context)

    def _unseal(self, sealed: bytes) -> str:
        return encryption.unseal(sealed, context=self.context).decode()


class EncryptedJSONField(_EncryptedField):
    """A JSON value, sealed.  None is SQL NULL."""

    def _seal(self, value: Any) -> bytes:
        return encryption.seal_json(value, context=self.context)

    def _unseal(self, sealed: bytes) -> Any:
        return encryption.unseal_json(sealed, context=self.context)
