"""What stands against a card: asked before a step orders one, answered by the room that makes cards."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

CardCheck = Callable[[UUID], None]
_checks: dict[str, CardCheck] = {}


def card_check(check: CardCheck) -> CardCheck:
    """Register a check (as a decorator): it is given the case's id and raises `Invalid` where no card can be
    made."""
    _checks[f"{check.__module__}.{check.__qualname__}"] = check
    return check


def check_card(case_id: UUID) -> None:
    """Refuse, in words, a step that would order a card which cannot be made."""
    for check in _checks.values():
        check(case_id)
