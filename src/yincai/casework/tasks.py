"""What casework does when it hears of something."""

from __future__ import annotations

from uuid import UUID, uuid5

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from yincai.casework import queries
from yincai.casework.actions import forget_exports, make_export, take_transition
from yincai.casework.actions.export import MAKE, fail_export
from yincai.casework.vocabulary import CARD_SEALED
from yincai.engine import workflow
from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import SYSTEM, EntryView

TRIES = 5
_KEYS = UUID("0b7cf7a0-52a1-4a34-9f1d-6f5f4d1c9e10")


@handler("casework.end_with_card")
def end_with_card(entry: EntryView) -> None:
    """The card of a case was sealed: the case moves on by its declared system transition, if it waits for
    it."""
    case = queries.case_of_system(entry.chain)
    ways = workflow.available(case.spec.workflow, case.state, role=workflow.SYSTEM, facts={})
    if any(way.name == CARD_SEALED for way in ways):
        take_transition(case.id, actor=SYSTEM, name=CARD_SEALED, key=uuid5(_KEYS, str(entry.id)))


@app.task(
    name=MAKE, queue="default", retry=RetryStrategy(max_attempts=TRIES, exponential_wait=4), pass_context=True
)
def make(context: JobContext, *, export_id: str) -> None:
    """Make one spreadsheet; after the last try its page says that it failed."""
    try:
        make_export(UUID(export_id))
    except Exception:
        if context.job.attempts + 1 >= TRIES:
            fail_export(UUID(export_id))
        raise


@app.periodic(cron="37 * * * *")
@app.task(name="casework.forget_exports", queueing_lock="casework.forget_exports")
def forget(timestamp: int) -> None:
    """Delete the spreadsheets that are older than a day."""
    forget_exports()
