"""The keys of one installation, and the envelope in which everything sealed lies.

Envelope: version (1 byte), algorithm (1 byte), whose key it is, nonce (12 bytes), ciphertext with its tag.
Version 1 names a key of the ring: length of the key id (1 byte), key id (ASCII; empty: the caller brings the
key).  Version 2 names a person, whose key the vault keeps: their account's UUID (16 bytes).  Header and
context are authenticated, so that a value moved to another column, cut, or altered anywhere does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yincai.foundation.errors import OurFault

RINGS, PERSONS = 1, 2
"""Versions: sealed under a key of the ring (or one that the caller brings), under a person's."""
AES_256_GCM = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
PERSON_BYTES = 16
RING_FILE = "keyring.json"
GIVEN_KEY = ""
"""Key id of an envelope whose data key the caller brings."""


class KeyRingError(RuntimeError):
    """The key ring is missing or cannot be used; the message tells the operator what to do."""


class CannotDecrypt(OurFault):
    """The sealed bytes do not open: wrong key, wrong context, or altered."""

    def __init__(self) -> None:
        super().__init__(
            "这项加密保存的内容无法打开，因此没有显示。请联系系统管理员检查密钥文件和数据是否完整。"
        )


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of one installation: data keys by id (old ones stay readable) and the blind index's key."""

    current: str
    data_keys: Mapping[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.data_keys:
            raise KeyRingError(f"the key ring's current key {self.current!r} is not among its data_keys")
        for key_id, key in self.data_keys.items():
            if not (key_id.isascii() and key_id.isprintable() and 0 < len(key_id) <= 255):
                raise KeyRingError("a key id is 1 to 255 printable ASCII characters")
            check_length(f"data key {key_id!r}", key)
        check_length("index_key", self.index_key)

    def seal(self, plaintext: bytes, *, context: str) -> bytes:
        """The envelope of `plaintext` under the current data key; `context` is its place (`table.column`)."""
        header = ring_header(self.current)
        return closed(plaintext, key=self.data_keys[self.current], header=header, context=context)

    def unseal(self, sealed: bytes, *, context: str) -> bytes:
        """The plaintext of an envelope; `CannotDecrypt` when key, context or any byte is wrong."""
        key = self.data_keys.get(key_id_of(sealed))
        if key is None:
            raise CannotDecrypt
        return opened(sealed, key=key, context=context)

    def blind_index(self, value: str, *, purpose: str) -> bytes:
        """32 bytes by which equal values of one purpose are found: HMAC-SHA-256 of the normalised value.

        Width, case and white space do not matter.  Different purposes give unrelated bytes.
        """
        if not purpose or "\0" in purpose:
            raise ValueError("a blind index needs a purpose")
        message = purpose.encode() + b"\0" + _normalised(value).encode()
        return hmac.new(self.index_key, message, hashlib.sha256).digest()


def new_data_key() -> bytes:
    """32 random bytes."""
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def create_keyring(path: Path) -> KeyRing:
    """Write a new ring with one random data key to `path` (mode 600); `KeyRingError` if there is one."""
    made = KeyRing("k1", {"k1": new_data_key()}, os.urandom(KEY_BYTES))
    content = {
        "current": made.current,
        "data_keys": {key_id: b64encode(key).decode() for key_id, key in made.data_keys.items()},
        "index_key": b64encode(made.index_key).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyRingError(f"{path} exists already; a ring is never overwritten") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return made


def read_keyring(path: Path) -> KeyRing:
    """The ring in the file `path`; `KeyRingError` when it is missing, unreadable or malformed."""
    try:
        data = json.loads(path.read_text("utf8"))
    except FileNotFoundError as error:
        raise KeyRingError(
            f"{path} is missing: run `make run` once, or restore it from the backup"
        ) from error
    except (OSError, ValueError) as error:
        raise KeyRingError(
            f"{path} cannot be read as JSON ({type(error).__name__}): restore the backup"
        ) from error
    try:
        keys = {str(key_id): b64decode(key, validate=True) for key_id, key in data["data_keys"].items()}
        return KeyRing(str(data["current"]), keys, b64decode(data["index_key"], validate=True))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise KeyRingError(
            f"{path} needs current, data_keys (id: base64) and index_key (base64): {type(error).__name__}"
        ) from error


@lru_cache(maxsize=1)
def ring() -> KeyRing:
    """The installation's ring, from its secrets; in tests without one, one that protects nothing."""
    from django.conf import settings

    path = Path(settings.SECRETS) / RING_FILE
    if settings.TESTING and not path.exists():
        return KeyRing(
            "test", {"test": b"only-for-tests-data-key-32-bytes"}, b"only-for-tests-index-key-32bytes"
        )
    return read_keyring(path)


def ring_header(key_id: str) -> bytes:
    """The header of an envelope under a key of the ring, or under one that the caller brings."""
    return bytes((RINGS, AES_256_GCM, len(key_id))) + key_id.encode("ascii")


def person_header(person: UUID) -> bytes:
    """The header of an envelope under a person's key."""
    return bytes((PERSONS, AES_256_GCM)) + person.bytes


def key_id_of(sealed: bytes) -> str:
    """The key id in the header of version 1; `CannotDecrypt` for bytes that are no such envelope."""
    end = _header_end(sealed)
    if sealed[0] != RINGS:
        raise CannotDecrypt
    try:
        return sealed[3:end].decode("ascii")
    except UnicodeDecodeError:
        raise CannotDecrypt from None


def person_of(sealed: bytes) -> UUID | None:
    """Under whose key it is sealed, None for version 1; `CannotDecrypt` for bytes that are no envelope."""
    end = _header_end(sealed)
    return UUID(bytes=bytes(sealed[2:end])) if sealed[0] == PERSONS else None


def closed(plaintext: bytes, *, key: bytes, header: bytes, context: str) -> bytes:
    """An envelope: `plaintext` under `key`, for one place."""
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, plaintext, header + _context(context))


def opened(sealed: bytes, *, key: bytes, context: str) -> bytes:
    """What `closed` put away; `CannotDecrypt` when key, context or any byte is wrong."""
    end = _header_end(sealed)
    header, nonce, body = sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, header + _context(context))
    except InvalidTag:
        raise CannotDecrypt from None


def check_length(what: str, key: bytes) -> None:
    """`KeyRingError` for a key that does not have 32 bytes."""
    if len(key) != KEY_BYTES:
        raise KeyRingError(f"{what} has {len(key)} bytes; it must have {KEY_BYTES}")


def _header_end(sealed: bytes) -> int:
    """Where the header ends; `CannotDecrypt` for bytes that are no envelope of ours."""
    if len(sealed) < 3 or sealed[0] not in (RINGS, PERSONS) or sealed[1] != AES_256_GCM:
        raise CannotDecrypt
    end = 3 + sealed[2] if sealed[0] == RINGS else 2 + PERSON_BYTES
    if len(sealed) < end + NONCE_BYTES + TAG_BYTES:
        raise CannotDecrypt
    return end


def _context(context: str) -> bytes:
    if not context:
        raise ValueError("a sealed value needs a context")
    return context.encode()


def _normalised(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).casefold().split())
