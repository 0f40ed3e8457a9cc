"""What an entry's hash covers, byte for byte.  README.md says the same for a stranger."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from yincai.foundation.canonical import canonical_json
from yincai.foundation.encryption import blind_index
from yincai.ledger.vocabulary import JSON, Actor, Kind, PersonalDataInLedger

ENTRY_DOMAIN = b"yincai.ledger.entry.v1\n"
GENESIS = bytes(32)

_LARGEST_EXACT = 2**53 - 1
_IDENTITY_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_MOBILE_NUMBER = re.compile(r"(?<![0-9A-Za-z-])(?:\+?86[- ]?)?1[3-9]\d{9}(?![0-9A-Za-z-])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def instant_text(at: datetime) -> str:
    """The one spelling of an instant: UTC, always six decimals, `Z`."""
    if at.tzinfo is None:
        raise ValueError("an instant in the ledger carries its time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_hash(
    *,
    chain: UUID,
    sequence: int,
    event: str,
    kind: Kind,
    actor: Actor,
    office: str,
    payload: Mapping[str, JSON],
    at: datetime,
    previous_hash: bytes,
) -> bytes:
    """SHA-256 over the domain line and the canonical JSON of every field and the previous hash."""
    content = {
        "chain": str(chain),
        "sequence": sequence,
        "event": event,
        "kind": str(kind),
        "actor_kind": actor.kind,
        "actor_id": str(actor.id) if actor.id else None,
        "actor_role": actor.role,
        "office": office,
        "payload": payload,
        "at": instant_text(at),
        "previous_hash": previous_hash.hex(),
    }
    return hashlib.sha256(ENTRY_DOMAIN + canonical_json(content)).digest()


def proof_of(digest: bytes) -> bytes:
    """What shows that the platform wrote the entry with this hash: a MAC with a key the database never sees.

    Anybody can compute an entry's hash; without the key nobody can add an entry that the signer will seal.
    """
    return blind_index(digest.hex(), purpose="ledger.entry")


def checked_payload(payload: Mapping[str, JSON]) -> dict[str, Any]:
    """The payload as plain JSON that PostgreSQL and every verifier read alike.

    Raises `TypeError` or `ValueError` for what JSON cannot keep exactly (floats, integers beyond 2**53,
    NUL, lone surrogates, names outside ASCII) and `PersonalDataInLedger` for personal numbers.
    """
    if not isinstance(payload, Mapping):
        raise TypeError("a ledger payload is an object")
    return {_checked_name(name): _checked(value, name) for name, value in payload.items()}


def _checked(value: object, where: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > _LARGEST_EXACT:
            raise ValueError(f"{where}: an integer beyond 2**53 does not survive JSON; record it as text")
        return int(value)
    if isinstance(value, str):
        return _checked_text(str(value), where)
    if isinstance(value, Mapping):
        return {_checked_name(name): _checked(item, f"{where}.{name}") for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_checked(item, f"{where}.{number}") for number, item in enumerate(value)]
    raise TypeError(
        f"{where}: a {type(value).__name__} has no exact JSON; record it as text or a whole number"
    )


def _checked_name(name: object) -> str:
    if not isinstance(name, str) or not name.isascii() or not name.isprintable():
        raise ValueError("the names in a ledger payload are printable ASCII")
    return name


def _checked_text(text: str, where: str) -> str:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(f"{where}: NUL and lone surrogates cannot be kept")
    if _MOBILE_NUMBER.search(text) or any(map(_is_identity_number, _IDENTITY_NUMBER.findall(text))):
        raise PersonalDataInLedger(
            "这段文字里有身份证号或手机号，不能写入永久保存的办理记录。请删去号码后再提交。"
        )
    return text


def _is_identity_number(number: str) -> bool:
    """Whether the check character of GB 11643-1999 fits, so that ordinary long numbers pass."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()
