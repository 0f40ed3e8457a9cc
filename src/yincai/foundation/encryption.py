"""Encryption at rest: AES-256-GCM envelopes (`keyring`), wrapped data keys, and a keyed blind index.

What belongs to a person is sealed under their own key (`person=` the id of their account), which the `vault`
keeps and can destroy; everything else under the installation's ring.  Who opens need not know which.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from yincai.foundation import keyring, vault
from yincai.foundation.errors import FORGOTTEN
from yincai.foundation.keyring import RING_FILE as RING_FILE
from yincai.foundation.keyring import (
    CannotDecrypt,
    KeyRing,
    KeyRingError,
    create_keyring,
    new_data_key,
    person_of,
    read_keyring,
    ring,
)
from yincai.foundation.vault import Forgotten, KeyLost

__all__ = [
    "FORGOTTEN",
    "CannotDecrypt",
    "Forgotten",
    "KeyLost",
    "KeyRing",
    "KeyRingError",
    "blind_index",
    "create_keyring",
    "new_data_key",
    "person_of",
    "read_keyring",
    "ring",
    "seal",
    "seal_json",
    "seal_under",
    "unseal",
    "unseal_json",
    "unseal_under",
    "unwrap_data_key",
    "wrap_data_key",
]


def seal(plaintext: bytes, *, context: str, person: UUID | None = None) -> bytes:
    """The envelope of `plaintext` for its place (`table.column`): under the person's key, made should they
    have none yet, or without a person under the ring.  Raises `Forgotten`."""
    if person is None:
        return ring().seal(plaintext, context=context)
    key = vault.create(person)
    return keyring.closed(plaintext, key=key, header=keyring.person_header(person), context=context)


def unseal(sealed: bytes, *, context: str) -> bytes:
    """What `seal` put away, whoever's key it is under.

    Raises `CannotDecrypt`; `Forgotten` when the person's key was destroyed, `KeyLost` when it is missing.
    """
    person = person_of(sealed)
    if person is None:
        return ring().unseal(sealed, context=context)
    return keyring.opened(sealed, key=vault.key_of(person), context=context)


def seal_json(value: Any, *, context: str, person: UUID | None = None) -> bytes:
    """The envelope of a JSON value; NaN and infinities are refused with `ValueError`."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return seal(text, context=context, person=person)


def unseal_json(sealed: bytes, *, context: str) -> Any:
    """The JSON value of an envelope; raises as `unseal` does."""
    return json.loads(unseal(sealed, context=context))


def blind_index(value: str, *, purpose: str) -> bytes:
    """`KeyRing.blind_index` with the installation's ring."""
    return ring().blind_index(value, purpose=purpose)


def wrap_data_key(data_key: bytes, *, context: str, person: UUID | None = None) -> bytes:
    """`data_key` (32 bytes) sealed as `seal` does, for keeping it beside what it protects."""
    keyring.check_length("data key", data_key)
    return seal(data_key, context=f"data-key:{context}", person=person)


def unwrap_data_key(wrapped: bytes, *, context: str) -> bytes:
    """The data key that `wrap_data_key` sealed; raises as `unseal` does."""
    return unseal(wrapped, context=f"data-key:{context}")


def seal_under(data_key: bytes, plaintext: bytes, *, context: str) -> bytes:
    """The envelope of `plaintext` under a data key that the caller keeps wrapped."""
    keyring.check_length("data key", data_key)
    return keyring.closed(
        plaintext, key=data_key, header=keyring.ring_header(keyring.GIVEN_KEY), context=context
    )


def unseal_under(data_key: bytes, sealed: bytes, *, context: str) -> bytes:
    """The plaintext of `seal_under`; `CannotDecrypt` when it does not open."""
    if keyring.key_id_of(sealed) != keyring.GIVEN_KEY:
        raise CannotDecrypt
    return keyring.opened(sealed, key=data_key, context=context)
