"""How often a key may be used: one counter a key, moved by one statement, exact under parallel requests."""

from __future__ import annotations

from yincai.foundation import clock
from yincai.foundation.statements import value
from yincai.partners.vocabulary import KeyView, Quota, QuotaSpent

MINUTE = 60
_SPEND = """
    INSERT INTO partners_spent (key_id, minute, used) VALUES (%(key)s, %(minute)s, 1)
    ON CONFLICT (key_id) DO UPDATE SET minute = excluded.minute,
        used = CASE WHEN partners_spent.minute = excluded.minute THEN partners_spent.used + 1 ELSE 1 END
    RETURNING used
"""


def spend(key: KeyView) -> Quota:
    """Count one request of the key and tell what is left of its minute; `QuotaSpent` when nothing is."""
    seconds = int(clock.now().timestamp())
    used: int = value(_SPEND, key=key.id, minute=seconds // MINUTE)
    quota = Quota(key.per_minute, max(0, key.per_minute - used), MINUTE - seconds % MINUTE)
    if used > key.per_minute:
        raise QuotaSpent(quota)
    return quota
