"""Care for the job table: take up what a dead worker left, throw away what nobody needs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from yincai.foundation import clock
from yincai.ledger import queries as ledger

logger = logging.getLogger(__name__)

DEAD_AFTER = 15.0
"""Seconds without a heartbeat after which a worker counts as dead (heartbeats come every 3)."""
MOST_RESCUES = 25
"""A job that was tried this often and never came back kills its workers; it is failed, in sight."""


def rescue_stalled_jobs(*, dead_after: float = DEAD_AFTER) -> list[int]:
    """Put every job that a dead worker was doing back into its queue; the ids of those put back."""
    manager = app.job_manager
    stalled = async_to_sync(manager.get_stalled_jobs)(seconds_since_heartbeat=dead_after)
    return [job.id for job in stalled if job.id is not None and _take_up(job)]


def forget_failed_turns(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Delete periodic jobs that failed that long ago; how many.  A failed delivery is never deleted."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [clock.now() - older_than])
        return int(cursor.rowcount)


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that was given up; `what` names its task and, for a delivery, the handler and the reason."""

    id: int
    what: str
    attempts: int
    ended: datetime


def failed_jobs() -> list[FailedJob]:
    """Every job that was given up, oldest first; periodic ones come again by themselves and are left out."""
    reasons = {job.job_id: f"{job.handler} ({job.reason})" for job in ledger.failed_deliveries()}
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN_UP)
        rows = cursor.fetchall()
    return [
        FailedJob(number, f"{task} {reasons.get(number, where)}".strip(), attempts, ended)
        for number, task, where, attempts, ended in rows
    ]


def retry_failed(job_id: int) -> None:
    """Put one failed job back into its queue, due now.  Raises `LookupError` when no such job failed."""
    if all(job.id != job_id for job in failed_jobs()):
        raise LookupError(f"no failed job has the number {job_id}")
    app.job_manager.retry_job_by_id(job_id, retry_at=clock.now())


_GIVEN_UP = """
SELECT job.id, job.task_name, coalesce(job.lock, ''), job.attempts, max(event.at)
  FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
 WHERE job.status = 'failed' AND job.queueing_lock IS NULL
 GROUP BY job.id
 ORDER BY job.id
"""

_FORGET = """
DELETE FROM procrastinate_jobs job
 WHERE job.status IN ('failed', 'aborted', 'cancelled') AND job.args ? 'timestamp'
   AND job.queueing_lock IS NOT NULL
   AND (SELECT max(event.at) FROM procrastinate_events event WHERE event.job_id = job.id) < %s
"""


def _take_up(job: Job) -> bool:
    """Whether the job went back; a periodic one is dropped, its next turn comes by itself."""
    manager = app.job_manager
    try:
        if job.queueing_lock is not None:
            async_to_sync(manager.finish_job)(job, status=Status.ABORTED, delete_job=True)
            return False
        if job.attempts >= MOST_RESCUES:
            logger.error(
                "job %s (%s) is given up: its worker died %s times", job.id, job.task_name, job.attempts
            )
            async_to_sync(manager.finish_job)(job, status=Status.FAILED, delete_job=False)
            return False
        async_to_sync(manager.retry_job)(job, retry_at=clock.now())
    except ConnectorException:
        logger.info("job %s ended while it was being rescued", job.id)
        return False
    logger.warning("job %s (%s) of a dead worker goes back to its queue", job.id, job.task_name)
    return True
