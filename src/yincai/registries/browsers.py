"""What a check is bound to: the browser that began it, known by a secret that only its session holds."""

from __future__ import annotations

import hashlib
import hmac


def browser_digest(secret: str) -> bytes:
    """What is kept of the browser's secret."""
    return hashlib.sha256(secret.encode()).digest()


def is_browser(kept: bytes | memoryview[int], secret: str) -> bool:
    """Whether the secret is the one that the check was begun with."""
    return bool(secret) and hmac.compare_digest(bytes(kept), browser_digest(secret))
