"""The room's jobs: ask the real-name registry, sweep checks that are over."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import EntryView
from yincai.registries import actions
from yincai.registries.vocabulary import Registry


@app.task(name="registries.check_real_name", retry=RetryStrategy(max_attempts=12, exponential_wait=3))
def check_real_name(*, account_id: str) -> None:
    """Ask whether the name and the document belong together; tried again, ever later, while it is away."""
    actions.check_real_name(UUID(account_id))


@handler("registries.ask_real_name")
def ask_real_name(entry: EntryView) -> None:
    """Have the registry asked once somebody consented; the question itself is another job."""
    if entry.payload.get("registry") == Registry.REAL_NAME:
        check_real_name.defer(account_id=str(entry.chain))


@handler("registries.ask_again")
def ask_again(entry: EntryView) -> None:
    """Who somebody is was put right: what was said of the old name or number is forgotten, and asked anew."""
    actions.forget_real_name(entry.chain)
    check_real_name.defer(account_id=str(entry.chain))


@app.periodic(cron="37 * * * *")
@app.task(name="registries.forget_old_checks", queueing_lock="registries.forget_old_checks")
def forget_old_checks(timestamp: int) -> None:
    """Delete face checks and challenges that are over."""
    actions.forget_old_checks()
    actions.forget_old_challenges()
