"""Asking for an SMS to be sent, and how patiently."""

from __future__ import annotations

from uuid import UUID

import psycopg
from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from yincai.messages.vocabulary import GatewayAway

SEND_SMS = "messages.send_sms"
SEND_EMAIL = "messages.send_email"
LONGEST_WAIT = 600
MAY_HEAL = (GatewayAway, OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


class Patience(BaseRetryStrategy):
    """What procrastinate asks when a sending failed."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """The decision that `seconds_until_retry` comes to."""
        seconds = seconds_until_retry(exception, attempt=job.attempts)
        return None if seconds is None else RetryDecision(retry_in={"seconds": seconds})


def seconds_until_retry(error: BaseException, *, attempt: int) -> int | None:
    """How long to wait: 1, 2, 4 … seconds, at most ten minutes; None for what no later attempt heals.

    There is no last attempt: the action itself ends it when the news is too old.
    """
    return min(2 ** min(attempt, 10), LONGEST_WAIT) if isinstance(error, MAY_HEAL) else None


def ask_to_send(message_id: UUID, *, task: str = SEND_SMS) -> None:
    """Enqueue the sending in the present transaction.  The job knows the message's id only."""
    app.configure_task(task, queue="default", lock=f"sms:{message_id}").defer(message_id=str(message_id))
