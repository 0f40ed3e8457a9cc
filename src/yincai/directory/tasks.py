"""The room's jobs."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from yincai.directory import actions
from yincai.directory.vocabulary import HELP_SLOT, SLOT
from yincai.documents import actions as documents
from yincai.foundation import clock

KEPT_FOR = timedelta(days=2)
"""How long the file of a form that was never handed in waits for it."""


@app.periodic(cron="37 * * * *")
@app.task(name="directory.forget_files", queue="default", queueing_lock="directory.forget_files")
def forget_files(timestamp: int) -> None:
    """Every hour: delete the files of forms that were begun and never handed in."""
    for slot in (SLOT, HELP_SLOT):
        documents.discard_forgotten(slot, before=clock.now() - KEPT_FOR)


@app.periodic(cron="47 * * * *")
@app.task(name="directory.end_tickets", queue="default", queueing_lock="directory.end_tickets")
def end_tickets(timestamp: int) -> None:
    """Every hour: end what was answered a week ago; forget what nobody confirmed by their phone's code."""
    actions.close_answered()
    actions.forget_unconfirmed()
