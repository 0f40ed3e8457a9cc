"""The few building blocks of DER (X.690) that put finished parts together."""

from __future__ import annotations

from collections.abc import Sequence

SEQUENCE, SET, OCTET_STRING = 0x30, 0x31, 0x04


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE of parts that are encoded already; an empty part is left out."""
    return _value(SEQUENCE, b"".join(parts))


def set_of(parts: Sequence[bytes], *, tag: int = SET) -> bytes:
    """A SET OF, in the order that DER demands; `tag` replaces the tag (IMPLICIT)."""
    return _value(tag, b"".join(sorted(parts)))


def octets(content: bytes) -> bytes:
    """An OCTET STRING."""
    return _value(OCTET_STRING, content)


def wrapped(number: int, part: bytes) -> bytes:
    """A part inside the context-specific tag `[number]` (EXPLICIT)."""
    return _value(context(number), part)


def context(number: int) -> int:
    """The identifier octet of the constructed context-specific tag `[number]`, 0 to 30."""
    return 0xA0 | number


def _value(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + _length(len(content)) + content


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits
