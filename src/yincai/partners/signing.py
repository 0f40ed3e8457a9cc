"""How a delivery is signed (Standard Webhooks, symmetric signatures `v1`)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    """A fresh secret: `whsec_` and 32 random bytes in Base64."""
    return PREFIX + b64encode(secrets.token_bytes(BYTES)).decode()


def headers_of(message: str, body: bytes, *, at: datetime, keys: Sequence[str]) -> dict[str, str]:
    """The three headers of a delivery: one signature a secret, so that a rotation loses nothing.

    `message` is the id that stays the same however often it is sent; `at` is when it is sent this time.
    """
    moment = str(int(at.timestamp()))
    signed = f"{message}.{moment}.".encode() + body
    made = [hmac.new(_bytes(key), signed, hashlib.sha256).digest() for key in keys]
    return {
        "webhook-id": message,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{b64encode(one).decode()}" for one in made),
    }


def _bytes(secret: str) -> bytes:
    return b64decode(secret.removeprefix(PREFIX))
