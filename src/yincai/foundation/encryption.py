"""Encryption at rest: a versioned AES-256-GCM envelope, wrapped data keys, and a keyed blind index.

Envelope: version (1 byte), algorithm (1 byte), length of key id (1 byte), key id (ASCII), nonce (12 bytes),
ciphertext with its tag.  Header and context are authenticated, so that a value moved to another column, cut,
or altered anywhere does not open.
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
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yincai.foundation.errors import OurFault

VERSION = 1
AES_256_GCM = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
RING_FILE = "keyring.json"
_GIVEN_KEY = ""  # key id of an envelope whose data key the caller brings


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
            _check_length(f"data key {key_id!r}", key)
        _check_length("index_key", self.index_key)

    def seal(self, plaintext: bytes, *, context: str) -> bytes:
        """The envelope of `plaintext` under the current data key; `context` is its place (`table.column`)."""
        return _seal(plaintext, key=self.data_keys[self.current], key_id=self.current, context=context)

    def unseal(self, sealed: bytes, *, context: str) -> bytes:
        """The plaintext of an envelope; `CannotDecrypt` when key, context or any byte is wrong."""
        key = self.data_keys.get(_key_id(sealed))
        if key is None:
            raise CannotDecrypt
        return _unseal(sealed, key=key, context=context)

    def blind_index(self, value: str, *, purpose: str) -> bytes:
        """32 bytes by which equal values of one purpose are found: HMAC-SHA-256 of the normalised value.

        Width, case and white space do not matter.  Different purposes give unrelated bytes.
        """
        if not purpose or "\0" in purpose:
            raise ValueError("a blind index needs a purpose")
        message = purpose.encode() + b"\0" + _normalised(value).encode()
        return hmac.new(self.index_key, message, hashlib.sha256).digest()


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


def seal(plaintext: bytes, *, context: str) -> bytes:
    """`KeyRing.seal` with the installation's ring."""
    return ring().seal(plaintext, context=context)


def unseal(sealed: bytes, *, context: str) -> bytes:
    """`KeyRing.unseal` with the installation's ring."""
    return ring().unseal(sealed, context=context)


def seal_json(value: Any, *, context: str) -> bytes:
    """The envelope of a JSON value; NaN and infinities are refused with `ValueError`."""
    return seal(json.dumps(value, ensure_ascii=False, allow_nan=False).encode(), context=context)


def unseal_json(sealed: bytes, *, context: str) -> Any:
    """The JSON value of an envelope; `CannotDecrypt` as for `unseal`."""
    return json.loads(unseal(sealed, context=context))


def blind_index(value: str, *, purpose: str) -> bytes:
    """`KeyRing.blind_index` with the installation's ring."""
    return ring().blind_index(value, purpose=purpose)


def new_data_key() -> bytes:
    """32 random bytes."""
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def wrap_data_key(data_key: bytes, *, context: str) -> bytes:
    """`data_key` (32 bytes) sealed under the ring, for keeping it beside what it protects."""
    _check_length("data key", data_key)
    return seal(data_key, context=f"data-key:{context}")


def unwrap_data_key(wrapped: bytes, *, context: str) -> bytes:
    """The data key that `wrap_data_key` sealed; `CannotDecrypt` when it does not open."""
    return unseal(wrapped, context=f"data-key:{context}")


def seal_under(data_key: bytes, plaintext: bytes, *, context: str) -> bytes:
    """The envelope of `plaintext` under a data key that the caller keeps wrapped."""
    _check_length("data key", data_key)
    return _seal(plaintext, key=data_key, key_id=_GIVEN_KEY, context=context)


def unseal_under(data_key: bytes, sealed: bytes, *, context: str) -> bytes:
    """The plaintext of `seal_under`; `CannotDecrypt` when it does not open."""
    if _key_id(sealed) != _GIVEN_KEY:
        raise CannotDecrypt
    return _unseal(sealed, key=data_key, context=context)


def _seal(plaintext: bytes, *, key: bytes, key_id: str, context: str) -> bytes:
    header = bytes((VERSION, AES_256_GCM, len(key_id))) + key_id.encode("ascii")
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, plaintext, header + _context(context))


def _unseal(sealed: bytes, *, key: bytes, context: str) -> bytes:
    end = 3 + sealed[2]
    header, nonce, body = sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, header + _context(context))
    except InvalidTag:
        raise CannotDecrypt from None


def _key_id(sealed: bytes) -> str:
    """The key id in the header; `CannotDecrypt` for bytes that are no envelope of ours."""
    if len(sealed) < 3 or sealed[0] != VERSION or sealed[1] != AES_256_GCM:
        raise CannotDecrypt
    if len(sealed) < 3 + sealed[2] + NONCE_BYTES + TAG_BYTES:
        raise CannotDecrypt
    try:
        return sealed[3 : 3 + sealed[2]].decode("ascii")
    except UnicodeDecodeError:
        raise CannotDecrypt from None


def _context(context: str) -> bytes:
    if not context:
        raise ValueError("a sealed value needs a context")
    return context.encode()


def _normalised(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).casefold().split())


def _check_length(what: str, key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise KeyRingError(f"{what} has {len(key)} bytes; it must have {KEY_BYTES}")
