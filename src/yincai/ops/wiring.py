"""Who hears of what: the one table from event to handlers.  A name that no room registers stops the start."""

from __future__ import annotations

WIRING: dict[str, tuple[str, ...]] = {}
