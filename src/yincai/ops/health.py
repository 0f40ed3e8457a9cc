"""Is the platform well?  Four checks: database, storage, queues, checkpoints."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error, connection, transaction

from yincai.foundation import clock
from yincai.ledger import queries as ledger

logger = logging.getLogger(__name__)

OLDEST_JOB = 300.0
"""Seconds that a due job may wait before its queue counts as stuck."""
OLDEST_UNSEALED = 180.0
"""Seconds that a ledger entry may be without a signed checkpoint (one is made every 60)."""
FREE_BYTES = 200_000_000
FRESH = 2.0
"""Seconds for which an answer is given again, so that asking often costs nothing."""


@dataclass(frozen=True)
class Check:
    """One part: whether it is well, a word on why not, and an age where there is one."""

    name: str
    good: bool
    detail: str = ""
    seconds: float | None = None


_lock = threading.Lock()
_last: tuple[float, tuple[Check, ...]] = (float("-inf"), ())


def checks() -> tuple[Check, ...]:
    """All checks, at most `FRESH` seconds old; none of them raises."""
    global _last
    with _lock:
        at, found = _last
        if time.monotonic() - at > FRESH:
            found = tuple(_safely(name, check) for name, check in CHECKS.items())
            _last = (time.monotonic(), found)
        return found


def forget() -> None:
    """Ask again at the next call (for tests)."""
    global _last
    with _lock:
        _last = (float("-inf"), ())


def database() -> Check:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Check("database", good=True)


def storage() -> Check:
    """A file can be written durably and removed again, and there is room for more."""
    if not isinstance(default_storage, FileSystemStorage) and not hasattr(default_storage, "base_location"):
        default_storage.exists("health")
        return Check("storage", good=True)
    folder = Path(default_storage.path(""))
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f".health-{uuid.uuid4().hex}"
    try:
        with probe.open("wb") as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)
    free = shutil.disk_usage(folder).free
    return Check("storage", good=free > FREE_BYTES, detail=f"{free // 1_000_000} MB free")


def queues() -> Check:
    """The oldest job that is due and that nobody has taken; what is declared to come last may wait."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '3s'")
        cursor.execute(_OLDEST_JOB)
        row = cursor.fetchone()
    age, queue = (float(row[0]), str(row[1])) if row else (0.0, "")
    stuck = age > OLDEST_JOB
    return Check("queues", good=not stuck, detail=f"{queue} waits" if stuck else "", seconds=age)


def checkpoints() -> Check:
    """Every ledger entry is soon under a signed checkpoint."""
    oldest = ledger.oldest_unsealed()
    age = (clock.now() - oldest).total_seconds() if oldest else 0.0
    return Check("checkpoints", good=age <= OLDEST_UNSEALED, seconds=max(age, 0.0))


CHECKS: dict[str, Callable[[], Check]] = {
    "database": database,
    "storage": storage,
    "queues": queues,
    "checkpoints": checkpoints,
}

_OLDEST_JOB = """
SELECT extract(epoch FROM now() - coalesce(job.scheduled_at, deferred.at)) AS age, job.queue_name
  FROM (SELECT DISTINCT ON (queue_name) id, queue_name, scheduled_at
          FROM procrastinate_jobs
         WHERE status = 'todo' AND priority >= 0 AND (scheduled_at IS NULL OR scheduled_at <= now())
         ORDER BY queue_name, id) job
  JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events
                 WHERE job_id = job.id AND type IN ('deferred', 'deferred_for_retry')) deferred ON true
 WHERE coalesce(job.scheduled_at, deferred.at) IS NOT NULL
 ORDER BY age DESC
 LIMIT 1
"""


def _safely(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (Error, OSError) as error:
        logger.warning("health: %s is red (%s)", name, type(error).__name__)
        return Check(name, good=False, detail=type(error).__name__)
