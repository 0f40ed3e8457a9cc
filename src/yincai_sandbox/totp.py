"""One-time codes by time: RFC 6238 over RFC 4226, HMAC-SHA-1, 30-second steps."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct

STEP = 30


class BadSecret(Exception):
    """The text is not a base32 secret of at least 80 bits."""


def secret_bytes(text: str) -> bytes:
    """Reads a base32 secret as people copy it: spaces, dashes, small letters and missing padding are fine."""
    letters = "".join(text.split()).replace("-", "").rstrip("=").upper()
    try:
        secret = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError as error:
        raise BadSecret("the secret is not base32") from error
    if not 10 <= len(secret) <= 128:
        raise BadSecret("the secret must have 10 to 128 bytes")
    return secret


def code_at(secret: bytes, seconds: float, *, digits: int = 6) -> str:
    """Returns the code that is valid at a Unix time."""
    digest = hmac.new(secret, struct.pack(">Q", int(seconds) // STEP), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number: int = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def seconds_left(seconds: float) -> int:
    """Returns how many whole seconds the code of this Unix time still lives: 30 down to 1."""
    return STEP - int(seconds) % STEP
