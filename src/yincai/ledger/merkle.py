"""The Merkle tree of RFC 6962, section 2.1: one root for any number of leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LEAF = b"\x00"
NODE = b"\x01"


def root(leaves: Sequence[bytes]) -> bytes:
    """The 32-byte root over the leaves' data, in the order given; of no leaves, SHA-256 of nothing."""
    level = [hashlib.sha256(LEAF + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256().digest()
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [
            hashlib.sha256(NODE + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs
        ]
    return level[0]
