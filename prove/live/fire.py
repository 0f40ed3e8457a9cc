"""Kills processes at random moments while visitors go on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from typing import TypeVar

from prove.live.platform import Platform

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def under_fire(
    platform: Platform, names: Sequence[str], *, pause: float, times: int
) -> Iterator[Counter[str]]:
    """kill -9 one process of `names` in turn every `pause` seconds on average, `times` in all; counted."""
    killed: Counter[str] = Counter()
    stop = threading.Event()
    random = Random(7)  # noqa: S311 - the same run every time

    def fire() -> None:
        for turn in range(times):
            if stop.wait(pause * random.uniform(0.5, 1.5)):
                return
            name = names[turn % len(names)]
            if platform.kill(name, which=random.randrange(1000)):
                killed[name] += 1

    thread = threading.Thread(target=fire)
    thread.start()
    try:
        yield killed
    finally:
        stop.set()
        thread.join()


def together(work: Callable[[T], R], things: Sequence[T], *, hands: int) -> list[R]:
    """Do `work` for every thing, `hands` at a time; the first error is raised."""
    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(work, things))
