"""What both sides of a web measure share: one meter a process, and the sample of what a browser did."""

from __future__ import annotations

from functools import lru_cache

from bench.browser import Browser
from bench.sample import DatabaseMeter, Sample


@lru_cache(maxsize=1)
def meter() -> DatabaseMeter:
    """The meter of this process's database."""
    return DatabaseMeter()


def take(browser: Browser, database: DatabaseMeter) -> Sample:
    """What a browser's requests cost since the last time."""
    cpu, answered = browser.clock.seconds, browser.answered
    browser.clock.seconds = browser.answered = 0
    return Sample(
        cpu=cpu, queries=database.queries, wal=database.wal, database_cpu=database.cpu, answered=answered
    )
