"""Asking for what happens later; each request commits with the change that asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from procrastinate.contrib.django import app

INSPECT, ERASE, KEEP = "documents.inspect", "documents.erase_files", "documents.keep_wanted"
SWEEP, TAKE_UP = "documents.sweep_orphans", "documents.take_up_waiting"


def ask_reader(document: UUID) -> None:
    """Have the reader inspect or redraw a document; one at a time for each document."""
    job = app.configure_task(INSPECT, queue="reader", lock=f"document:{document}")
    job.defer(document=str(document))


def ask_erase(keys: Sequence[str]) -> None:
    """Have files removed. Their names are random, so that a job tells nothing."""
    if keys:
        app.configure_task(ERASE, queue="default").defer(keys=list(keys))


def ask_keep(document: UUID) -> None:
    """Have the copy made that its owner asked for when they uploaded it."""
    app.configure_task(KEEP, queue="default", lock=f"keep:{document}").defer(document=str(document))
