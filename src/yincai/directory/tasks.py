"""The room's jobs."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from yincai.directory.vocabulary import SLOT
from yincai.documents import actions as documents
from yincai.foundation import clock

KEPT_FOR = timedelta(days=2)
"""How long the file of a form that was never handed in waits for it."""


@app.periodic(cron="37 * * * *")
@app.task(name="directory.forget_files", queue="default", queueing_lock="directory.forget_files")
def forget_files(timestamp: int) -> None:
    """Every hour: delete the files of forms that were begun and never handed in."""
    documents.discard_forgotten(SLOT, before=clock.now() - KEPT_FOR)
