"""Periodic jobs of the house itself."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yincai.ops import jobs
from yincai.ops.demo_cases import BUILD, build_case


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


@app.task(name=BUILD, queue="default", retry=RetryStrategy(max_attempts=20, wait=15))
def build_demo_case(place: str, programme: str, number: int) -> None:
    """One case of the demo, after everything that people wait for; tried again once the reader has looked."""
    build_case(place, programme, number)
