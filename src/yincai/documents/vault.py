"""Sealed files under random names, one folder a day, in the storage called `documents`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from yincai.foundation import clock
from yincai.foundation.encryption import (
    new_data_key,
    seal_under,
    unseal_under,
    unwrap_data_key,
    wrap_data_key,
)


class FileLost(Exception):  # noqa: N818 - what happened to it
    """A file that the database names is not in the storage."""


def files() -> Storage:
    """The storage of this room."""
    return storages["documents"]


def make_data_key(document: uuid.UUID, *, owner: uuid.UUID) -> tuple[bytes, bytes]:
    """A new key for one document: as it is, and wrapped under its owner's own key for its row."""
    key = new_data_key()
    return key, wrap_data_key(key, context=f"documents.document:{document}", person=owner)


def open_data_key(document: uuid.UUID, wrapped: bytes | memoryview) -> bytes:
    """The document's key. Raises `CannotDecrypt`, `Forgotten`."""
    return unwrap_data_key(bytes(wrapped), context=f"documents.document:{document}")


def keep(plain: bytes, *, data_key: bytes) -> str:
    """Seal and store the bytes; they are on the disk when this returns. Returns their storage key."""
    key = f"{clock.today():%Y%m%d}/{uuid.uuid4().hex}"
    sealed = seal_under(data_key, plain, context=_context(key))
    stored = files().save(key, ContentFile(sealed))
    if stored != key:
        raise OSError("the storage chose another name: it must keep ours")
    return key


def take(key: str, *, data_key: bytes) -> bytes:
    """The bytes kept under a storage key. Raises `FileLost`, or `CannotDecrypt` when they were altered."""
    try:
        with files().open(key) as file:
            sealed = file.read()
    except FileNotFoundError as gone:
        raise FileLost(key) from gone
    return unseal_under(data_key, sealed, context=_context(key))


def erase(keys: Iterable[str]) -> None:
    """Remove the files; one that is gone already is no error."""
    for key in keys:
        files().delete(key)


def stored_since(day: date | None) -> Iterator[tuple[str, datetime]]:
    """Every stored name and when it was last written, from that day's folder on (None: all of them)."""
    try:
        folders, _ = files().listdir("")
    except FileNotFoundError:
        return
    for folder in sorted(folders):
        if day is not None and folder < f"{day:%Y%m%d}":
            continue
        for name in files().listdir(folder)[1]:
            yield f"{folder}/{name}", files().get_modified_time(f"{folder}/{name}")


def _context(key: str) -> str:
    return f"documents.file:{key}"
