"""The ledger's own jobs: deliver an entry to a handler, seal a checkpoint."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from yincai.ledger import checkpoints, deliveries, keys
from yincai.ledger.deliveries import DeliveryRetry
from yincai.ledger.dispatch import DELIVER


@app.task(name=DELIVER, pass_context=True, retry=DeliveryRetry())
def deliver(context: JobContext, *, entry_id: int, handler: str) -> None:
    """Run one handler for one entry, exactly once."""
    deliveries.deliver(entry_id, handler, attempt=context.job.attempts)


@app.periodic(cron="* * * * * */30")
@app.task(name="ledger.make_checkpoint", queue="checkpoints", queueing_lock="ledger.checkpoint")
def make_checkpoint(timestamp: int) -> None:
    """Every half minute, in a queue that waits for no card: no entry waits a minute for its seal."""
    checkpoints.make_checkpoint(keys.signer(Path(settings.CHECKPOINT_KEY)))
