"""Periodic jobs of the house itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yincai.ops import jobs


@app.periodic(cron="* * * * * */10")
@app.task(name="ops.rescue_stalled_jobs", queue="default", queueing_lock="ops.rescue", priority=100)
def rescue_stalled_jobs(timestamp: int) -> None:
    """Every ten seconds, so that work goes on within half a minute of a worker's death."""
    jobs.rescue_stalled_jobs()


@app.periodic(cron="17 3 * * *")
@app.task(name="ops.forget_failed_turns", queue="default", queueing_lock="ops.forget")
def forget_failed_turns(timestamp: int) -> None:
    """Once a day, so that a periodic job that keeps failing does not fill the job table."""
    jobs.forget_failed_turns()
