"""The ledger's own jobs: deliver an entry to a handler, seal a checkpoint."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from yincai.ledger import deliveries
from yincai.ledger.deliveries import DeliveryRetry
from yincai.ledger.dispatch import DELIVER


@app.task(name=DELIVER, pass_context=True, retry=DeliveryRetry())
def deliver(context: JobContext, *, entry_id: int, handler: str) -> None:
    """Run one handler for one entry, exactly once."""
    deliveries.deliver(entry_id, handler, attempt=context.job.attempts)
