"""One byte sequence for one JSON value, so that equal values have equal hashes (after RFC 8785)."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from decimal import Decimal


def canonical_json(value: object) -> bytes:
    """The canonical UTF-8 bytes of a JSON value: sorted keys (UTF-16), no spaces, shortest numbers.

    Takes None, bool, int (exact at any size), float, str, lists, tuples and mappings with text keys.
    `TypeError` for anything else; `ValueError` for NaN, infinities and text that UTF-8 cannot hold.
    """
    return _text(value).encode("utf-8")


def canonical_hash(value: object) -> str:
    """The SHA-256 of the canonical bytes, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(key)}:{_text(value[key])}" for key in _sorted_keys(value)) + "}"
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _sorted_keys(value: Mapping[object, object]) -> list[str]:
    keys: list[str] = []
    for key in value:
        if not isinstance(key, str):
            raise TypeError(f"a JSON key is text, not {type(key).__name__}")
        keys.append(key)
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))


def _number(value: float) -> str:
    """A float as ECMAScript writes it (RFC 8785, 3.2.2.3)."""
    if not math.isfinite(value):
        raise ValueError("JSON has no NaN and no infinity")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text, point = "".join(map(str, digits)), len(digits) + int(exponent)
    return ("-" if sign else "") + _place_point(text, point)


def _place_point(digits: str, point: int) -> str:
    """`digits` with the decimal point after the first `point` of them, or in exponent form."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"
