"""What casework does when it hears of something."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID, uuid5

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from yincai.casework import queries
from yincai.casework.actions import count_days, forget_exports, give_back, make_export, take_transition
from yincai.casework.actions.export import MAKE, fail_export
from yincai.casework.alone import alone
from yincai.casework.holding import with_card
from yincai.casework.reminding import remind_of_limits
from yincai.casework.vocabulary import CARD_GONE, CARD_SEALED
from yincai.engine import workflow
from yincai.foundation import clock
from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import SYSTEM, EntryView
from yincai.people import queries as people

logger = logging.getLogger(__name__)
TRIES = 5
_KEYS = UUID("0b7cf7a0-52a1-4a34-9f1d-6f5f4d1c9e10")


@app.periodic(cron="*/5 * * * *")
@app.task(name="casework.pass_limits", queue="default", queueing_lock="casework.pass_limits")
def pass_limits(timestamp: int) -> None:
    """Take what is declared for the end of a limit, in every case whose limit has passed."""
    last = None
    while page := queries.past_their_limit(last):
        for _, case_id in page:
            with alone(case_id, "stays past its limit"):
                pass_limit(case_id)
        last = page[-1]


@app.periodic(cron="*/10 * * * *")
@app.task(name="casework.remind_of_limits", queue="default", queueing_lock="casework.remind_of_limits")
def remind(timestamp: int) -> None:
    """Announce limits that end soon or have passed, each once."""
    remind_of_limits()


def pass_limit(case_id: UUID) -> None:
    """Take the transition that ends the limit of the state where a case is; `SomeoneWasFirst` when it moved
    on."""
    case = queries.case_of_system(case_id)
    for way in workflow.due_ways(case.spec.workflow, case.state):
        key = uuid5(_KEYS, f"{case.id}:{case.changes}")
        take_transition(case.id, actor=SYSTEM, name=way.name, key=key, seen_changes=case.changes)


@handler("casework.end_with_card")
def end_with_card(entry: EntryView) -> None:
    """The card of a case was sealed: the case moves on by its declared system transition, if it waits for
    it."""
    _follow(entry, CARD_SEALED)


@handler("casework.go_back_without_card")
def go_back_without_card(entry: EntryView) -> None:
    """A card was cancelled: a case that has none left leaves what waits for its hand-over, by its declared
    system transition."""
    if not with_card([entry.chain]):
        _follow(entry, CARD_GONE)


@handler("casework.return_cases")
def return_cases(entry: EntryView) -> None:
    """Somebody no longer does what they did here: what they had in hand and can work on no more goes back to
    the queue."""
    place = str(entry.payload["place"])
    for case_id in queries.held_by(entry.chain, place=place):
        give_back(case_id, holder=entry.chain)


@app.periodic(cron="10 16 * * *")  # ten past midnight in China
@app.task(
    name="casework.return_after_last_day", queue="default", queueing_lock="casework.return_after_last_day"
)
def return_after_last_day(timestamp: int) -> None:
    """The same for appointments that ended by their date, in the last week."""
    for holder, place in people.appointments_over(since=clock.now() - timedelta(days=7)):
        for case_id in queries.held_by(holder, place=place):
            with alone(case_id, "stays with somebody who left"):
                give_back(case_id, holder=holder)


def _follow(entry: EntryView, name: str) -> None:
    """Take the system transition of that name, if the programme declares one where the case is."""
    case = queries.case_of_system(entry.chain)
    ways = workflow.available(case.spec.workflow, case.state, role=workflow.SYSTEM, facts={})
    if any(way.name == name for way in ways):
        take_transition(case.id, actor=SYSTEM, name=name, key=uuid5(_KEYS, str(entry.id)))


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


@app.periodic(cron="40 16 * * *")  # forty minutes past midnight in China
@app.task(name="casework.count_days", queue="default", queueing_lock="casework.count_days")
def count(timestamp: int) -> None:
    """Count the days that are over, for the page of figures; nights on which nobody ran are caught up."""
    count_days()


@app.periodic(cron="20 16 * * *")  # twenty past midnight in China
@app.task(name="casework.take_monthly", queue="default", queueing_lock="casework.take_monthly")
def take_monthly(timestamp: int) -> None:
    """Take every declared monthly transition whose day has come; a day on which nobody ran is caught up."""
    today = clock.today()
    for case_id, name, day in queries.due_monthly(on=today):
        with alone(case_id, f"did not take {name}"):
            take_transition(case_id, actor=SYSTEM, name=name, key=uuid5(_KEYS, f"{case_id}:{name}:{day}"))
