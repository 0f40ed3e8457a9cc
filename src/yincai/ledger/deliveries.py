"""One delivery: run a handler for an entry so that its effect in the database happens exactly once."""

from __future__ import annotations

import logging

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from yincai.foundation import clock
from yincai.foundation.errors import YincaiError
from yincai.ledger import dispatch, models, queries
from yincai.ledger.vocabulary import Retry, UnknownHandler

logger = logging.getLogger(__name__)

LONGEST_WAIT = 600
LONGEST_WAIT_FOR_DATABASE = 60
ATTEMPTS_OF_UNKNOWN_HANDLER = 12
"""A worker that is older than the web process meets names it will know after its own upgrade."""
_DATABASE_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def deliver(entry_id: int, handler: str, *, attempt: int) -> None:
    """Run `handler` for the entry unless that was done before; `attempt` counts from 0.

    The mark and the handler's writes commit together; a second run, at the same moment or after a crash,
    waits for the mark and then does nothing.  What the handler raises is noted and raised again.
    """
    try:
        with transaction.atomic():
            if _mark(entry_id, handler):
                dispatch.find_handler(handler).run(queries.entry(entry_id))
                models.DeliveryTrouble.objects.filter(entry_id=entry_id, handler=handler).delete()
    except Exception as error:
        _note(entry_id, handler, error, attempt=attempt)
        raise


def seconds_until_retry(error: BaseException, *, handler: str, attempt: int) -> int | None:
    """How long to wait before the next attempt; `None` when another attempt would heal nothing.

    A database that is away or chose us to break a deadlock is tried again for ever; a `Retry` as often as
    its handler declared; an unknown handler for about an hour, the length of an upgrade; every other error
    is a mistake of ours and stops at once, in sight.
    """
    if isinstance(error, _DATABASE_AWAY):
        return _doubled(attempt, longest=LONGEST_WAIT_FOR_DATABASE)
    if isinstance(error, Retry) and attempt < _limit(handler):
        return _doubled(attempt, longest=LONGEST_WAIT) if error.after is None else error.after
    if isinstance(error, UnknownHandler) and attempt < ATTEMPTS_OF_UNKNOWN_HANDLER:
        return _doubled(attempt, longest=LONGEST_WAIT)
    return None


class DeliveryRetry(BaseRetryStrategy):
    """What procrastinate asks when a delivery failed."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """The decision that `seconds_until_retry` comes to."""
        handler = str(job.task_kwargs.get("handler", ""))
        seconds = seconds_until_retry(exception, handler=handler, attempt=job.attempts)
        return None if seconds is None else RetryDecision(retry_in={"seconds": seconds})


def _mark(entry_id: int, handler: str) -> bool:
    """Insert the delivery mark; False when it is there.  Waits while another run of the same is open."""
    connection = transaction.get_connection()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_delivery (entry_id, handler, at) VALUES (%s, %s, %s)"
            " ON CONFLICT (entry_id, handler) DO NOTHING",
            [entry_id, handler, clock.now()],
        )
        return bool(cursor.rowcount)


def _note(entry_id: int, handler: str, error: Exception, *, attempt: int) -> None:
    """Keep why it did not work; of an unforeseen error its class only, its text could name a resident."""
    wait = seconds_until_retry(error, handler=handler, attempt=attempt)
    reason = _reason(error)
    try:
        models.DeliveryTrouble.objects.update_or_create(
            entry_id=entry_id,
            handler=handler,
            defaults={
                "reason": reason[:300],
                "attempts": attempt + 1,
                "given_up": wait is None,
                "at": clock.now(),
            },
        )
    except (DatabaseError, InterfaceError) as second:
        logger.warning(
            "delivery %s of %s: could not note %s (%s)", handler, entry_id, reason, type(second).__name__
        )


def _reason(error: Exception) -> str:
    if isinstance(error, Retry):
        return error.reason
    return error.sentence if isinstance(error, YincaiError) else type(error).__name__


def _limit(handler: str) -> int:
    try:
        return dispatch.find_handler(handler).attempts
    except UnknownHandler:
        return 0


def _doubled(attempt: int, *, longest: int) -> int:
    return longest if attempt >= 10 else min(1 << attempt, longest)
