"""Counting attempts exactly, over any sliding span of time, in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from yincai.foundation import clock
from yincai.people.models import RecentAttempts
from yincai.people.vocabulary import Limit, TooManyAttempts


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted attempt; `give_back` takes it out of the count again (it succeeded, so it was no guess)."""

    subject: bytes
    at: datetime

    def give_back(self) -> None:
        """Uncount this attempt.  Without effect when it is already forgotten."""
        with transaction.atomic():
            row = RecentAttempts.objects.select_for_update().filter(subject=self.subject).first()
            if row is not None and self.at in row.at:
                row.at.remove(self.at)
                row.save(update_fields=["at"])


def count_attempt(limit: Limit, *, subject: str) -> Attempt:
    """Count one attempt of `subject`; at the limit raise `TooManyAttempts` and count nothing.

    Call it outside a transaction that may roll back, or the count rolls back with it.
    """
    key = _key(limit, subject)
    now = clock.now()
    with transaction.atomic():
        RecentAttempts.objects.bulk_create(
            [RecentAttempts(subject=key, forget_after=now + limit.within)], ignore_conflicts=True
        )
        row = RecentAttempts.objects.select_for_update().get(subject=key)
        recent = [at for at in row.at if at > now - limit.within]
        if len(recent) >= limit.amount:
            raise TooManyAttempts(min(recent) + limit.within - now)
        attempt = Attempt(key, _distinct(now, recent))
        row.at = [*recent, attempt.at]
        row.forget_after = now + limit.within
        row.save(update_fields=["at", "forget_after"])
    return attempt


def recent_attempts(limit: Limit, *, subject: str) -> int:
    """How many attempts of `subject` count under `limit` now; counts nothing."""
    row = RecentAttempts.objects.filter(subject=_key(limit, subject)).first()
    earliest = clock.now() - limit.within
    return sum(at > earliest for at in row.at) if row is not None else 0


def forget_old_attempts() -> int:
    """Delete the rows that no limit looks at any more; returns how many."""
    return RecentAttempts.objects.filter(forget_after__lt=clock.now()).delete()[0]


def _key(limit: Limit, subject: str) -> bytes:
    return salted_hmac("people.throttle", f"{limit.name}:{subject}", algorithm="sha256").digest()


def _distinct(now: datetime, recent: list[datetime]) -> datetime:
    """`now`, or the next microsecond that no other attempt has, so that each can be given back alone."""
    while now in recent:
        now += datetime.resolution
    return now
