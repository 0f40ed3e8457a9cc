"""The room's jobs: ids in, one function called. All of them may run twice."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yincai.documents import jobs, library, sweep, vault
from yincai.documents.inspection import inspect_document
from yincai.documents.malware import ScannerAway

_log = logging.getLogger(__name__)
_PATIENT = RetryStrategy(
    max_attempts=8, exponential_wait=3, retry_exceptions={OperationalError, OSError, ScannerAway}
)


@app.task(name=jobs.INSPECT, queue="reader", retry=_PATIENT)
def inspect(*, document: str) -> None:
    """Make one document safe, refuse it, or draw it again."""
    inspect_document(UUID(document))


@app.task(name=jobs.ERASE, queue="default", retry=_PATIENT)
def erase_files(*, keys: list[str]) -> None:
    """Remove files that no row names any more."""
    vault.erase(keys)


@app.task(name=jobs.KEEP, queue="default", retry=_PATIENT)
def keep_wanted(*, document: str) -> None:
    """Put a copy of a document that was found safe into its owner's library, as they asked."""
    library.keep_wanted(UUID(document))


@app.periodic(cron="17 * * * *")
@app.task(name=jobs.SWEEP, queue="default", queueing_lock=jobs.SWEEP)
def sweep_orphans(timestamp: int) -> None:
    """Every hour: remove what interrupted uploads left behind, and say loudly when a file is missing."""
    swept = sweep.sweep_orphans()
    if swept.removed:
        _log.warning("removed %d files without a document", swept.removed)
    for document in swept.without_file:
        _log.error("document %s has lost a file: restore it from the backup", document)


@app.periodic(cron="*/5 * * * *")
@app.task(name=jobs.TAKE_UP, queue="reader", queueing_lock=jobs.TAKE_UP)
def take_up_waiting(timestamp: int) -> None:
    """Every five minutes: ask again for what a killed reader or an absent scanner left waiting."""
    sweep.take_up_waiting()
