"""How many codes a phone may get, whatever they are for (private to the room)."""

from __future__ import annotations

from yincai.people.throttle import count_attempt
from yincai.people.vocabulary import CODE_PER_PHONE, CODE_PER_PHONE_AND_DAY, TooManyAttempts


def may_send_to(phone: str) -> bool:
    """Count one more code to this phone; False where it got as many as it may."""
    try:
        for limit in (CODE_PER_PHONE_AND_DAY, CODE_PER_PHONE):
            count_attempt(limit, subject=phone)
    except TooManyAttempts:
        return False
    return True
