"""Columns of sealed values.  Their context is `<table>.<column>`: a value copied elsewhere does not open.

With `owner` (the path on the row to the id of an account, such as `account_id`) a value is sealed under that
person's own key, and under the ring where the path leads to None.  What is empty is nobody's and stays under
the ring.  Once the key is destroyed the column reads as `FORGOTTEN`, or as `forgotten` says; `is_forgotten`
tells, and writing the row again leaves what lies there as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import models

from yincai.foundation import encryption


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value on its way into its column, sealed already."""

    envelope: bytes


class ForgottenText(str):
    """What a text reads as whose owner's key was destroyed; it remembers what lies in the column."""

    envelope: bytes


class ForgottenFacts(dict[str, Any]):
    """What a JSON value reads as whose owner's key was destroyed; it remembers what lies in the column."""

    envelope: bytes


def is_forgotten(value: object) -> bool:
    """Whether a column's value could not be opened because its owner had their key destroyed."""
    return isinstance(value, (ForgottenText, ForgottenFacts))


def owner_path(field: object) -> str:
    """The path by which a column's rows tell whose they are; empty for what is nobody's."""
    return field.owner if isinstance(field, _EncryptedField) else ""


def sealed_for(model: type[models.Model], name: str, value: Any, *, person: UUID | None) -> Sealed:
    """A value as `QuerySet.update()` takes it: that has no row whose owner could be asked."""
    field = model._meta.get_field(name)
    if not isinstance(field, _EncryptedField):
        raise TypeError(f"{model.__name__}.{name} is not sealed")
    return Sealed(field.seal(field.get_prep_value(value), person=person))


class _EncryptedField(models.Field):  # type: ignore[type-arg]  # plain and sealed types differ by subclass
    """A bytea column; only `isnull` can be asked of it, as equal values are sealed differently."""

    empty_strings_allowed = False

    def __init__(self, *args: Any, owner: str = "", **kwargs: Any) -> None:
        self.owner = owner  # not for migrations: it changes no column
        super().__init__(*args, **kwargs)

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

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The row's value, sealed for its owner.  Raises `Forgotten` once the owner has no key."""
        value = super().pre_save(model_instance, add)
        if not self.owner or value is None or is_forgotten(value):
            return value
        person = reduce(getattr, self.owner.split("."), model_instance)
        return Sealed(self.seal(self.get_prep_value(value), person=person))  # type: ignore[arg-type]  # an id

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, (Sealed, ForgottenText, ForgottenFacts)):
            return connection.Database.Binary(value.envelope)
        value = super().get_db_prep_value(value, connection, prepared)
        if value is None:
            return None
        if self.owner and value:
            raise TypeError(
                f"{self.context} is sealed for its owner, whom only the row tells: "
                "save the row, or give update() what `sealed_for` makes"
            )
        return connection.Database.Binary(self.seal(value, person=None))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        try:
            return self._unseal(bytes(value))
        except encryption.Forgotten:
            return self._forgotten(bytes(value))

    def seal(self, value: Any, *, person: UUID | None) -> bytes:
        """The envelope for this column; what is empty goes under the ring."""
        return self._seal(value, person if value else None)

    def _seal(self, value: Any, person: UUID | None) -> bytes:
        raise NotImplementedError

    def _unseal(self, sealed: bytes) -> Any:
        raise NotImplementedError

    def _forgotten(self, envelope: bytes) -> Any:
        raise NotImplementedError


class EncryptedTextField(_EncryptedField):
    """Text, sealed.  `forgotten`: what it reads as without its key."""

    def __init__(
        self, *args: Any, owner: str = "", forgotten: str = encryption.FORGOTTEN, **kwargs: Any
    ) -> None:
        self.forgotten = forgotten
        super().__init__(*args, owner=owner, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        """`TypeError` for anything but text or None."""
        if value is not None and not isinstance(value, (str, Sealed)):
            raise TypeError(f"{self.context} holds text, not {type(value).__name__}")
        return value

    def _seal(self, value: str, person: UUID | None) -> bytes:
        return encryption.seal(value.encode(), context=self.context, person=person)

    def _unseal(self, sealed: bytes) -> str:
        return encryption.unseal(sealed, context=self.context).decode()

    def _forgotten(self, envelope: bytes) -> ForgottenText:
        text = ForgottenText(self.forgotten)
        text.envelope = envelope
        return text


class EncryptedJSONField(_EncryptedField):
    """A JSON value, sealed.  None is SQL NULL.  `forgotten`: the object it reads as without its key."""

    def __init__(
        self, *args: Any, owner: str = "", forgotten: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.forgotten = forgotten or {}
        super().__init__(*args, owner=owner, **kwargs)

    def _seal(self, value: Any, person: UUID | None) -> bytes:
        return encryption.seal_json(value, context=self.context, person=person)

    def _unseal(self, sealed: bytes) -> Any:
        return encryption.unseal_json(sealed, context=self.context)

    def _forgotten(self, envelope: bytes) -> ForgottenFacts:
        facts = ForgottenFacts(self.forgotten)
        facts.envelope = envelope
        return facts
