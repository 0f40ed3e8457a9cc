"""Where sealed files lie: encrypted, under random names, on disk before any row speaks of them."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from yincai.cards.vocabulary import CardFileDamaged
from yincai.foundation import encryption
from yincai.foundation.encryption import CannotDecrypt

FOLDER = "cards"


def keep_file(card_id: UUID, pdf: bytes, *, account: UUID) -> str:
    """Encrypt a sealed file under the key of its holder's account and store it; the name under which it lies,
    returned only after the bytes are flushed to the disk.  Raises `Forgotten`."""
    key = f"{FOLDER}/{card_id.hex[:2]}/{card_id.hex}-{secrets.token_hex(8)}"
    sealed = encryption.seal(pdf, context=_context(card_id), person=account)
    if isinstance(default_storage._wrapped, FileSystemStorage):  # type: ignore[attr-defined]  # a lazy object
        _write_flushed(Path(default_storage.path(key)), sealed)
        return key
    return default_storage.save(key, ContentFile(sealed))


def read_file(card_id: UUID, key: str, *, sha256: str) -> bytes:
    """The sealed PDF; `CardFileDamaged` when it is gone, does not open, or is not the one that was sealed,
    `Forgotten` when its holder had their key destroyed."""
    try:
        with default_storage.open(key) as file:
            pdf = encryption.unseal(file.read(), context=_context(card_id))
    except (FileNotFoundError, CannotDecrypt):
        raise _damaged() from None
    if hashlib.sha256(pdf).hexdigest() != sha256:
        raise _damaged()
    return pdf


def remove_file(key: str) -> None:
    """Delete a stored file; nothing happens when it is gone."""
    default_storage.delete(key)


def stored_keys(*, older_than: datetime) -> Iterator[str]:
    """The keys of all stored files that were written before a moment."""
    for folder in _entries(FOLDER)[0]:
        for name in _entries(f"{FOLDER}/{folder}")[1]:
            key = f"{FOLDER}/{folder}/{name}"
            if default_storage.get_modified_time(key) < older_than:
                yield key


def _entries(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _write_flushed(path: Path, content: bytes) -> None:
    """Write a new file so that a crash leaves all of it or a `.part` that the sweep removes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        part.unlink(missing_ok=True)  # a full disk is not filled further by every attempt
        raise
    part.rename(path)
    for folder in (path.parent, path.parent.parent):
        _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _context(card_id: UUID) -> str:
    return f"cards.pdf:{card_id}"


def _damaged() -> CardFileDamaged:
    return CardFileDamaged(
        "这张电子卡的文件缺失或已损坏，暂时不能下载。电子卡本身仍以核验结果为准；请联系签发单位重新制卡。"
    )
