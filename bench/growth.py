"""`scripts/bench growth`: the officers' list, search and case page among ten thousand cases and a million.

Both databases are our own, filled by `bench.ours.growth`.  Thirty requests of each page are asked of both in
turn; judged is the ratio of the medians, seconds on the wall with PostgreSQL's among them, against 1.5.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.ground import make_folders, own_database, set_up, settings_for
from bench.sides import Side

SMALL, LARGE = 10_000, 1_000_000
REQUESTS = 30
BAR = 1.5
PAGES = {"staff_queue": "the officers' list", "staff_search": "search by name", "case_page": "a case page"}


@dataclass(frozen=True)
class Growth:
    """Median seconds of one page among few cases and among many."""

    name: str
    few: float
    many: float

    @property
    def ratio(self) -> float:
        """What the bar judges."""
        return self.many / self.few


def measure(database_url: str, *, small: int, large: int, say: Callable[[str], None]) -> list[Growth]:
    """Fill two databases, ask both in turn, and drop them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="yincai-growth-")))
        places = make_folders(folder)
        sides: dict[int, Side] = {}
        for count in (small, large):
            url = stack.enter_context(own_database(database_url, f"growth_{count}"))
            environment = {
                **settings_for(places, "http://127.0.0.1:1"),
                "DATABASE_URL": url,
                "YINCAI_DATABASE_POOL": "true",
            }
            set_up(environment, folder / f"migrate-{count}.log")
            side = Side("bench.growing", environment=environment, log=folder / f"{count}.log")
            stack.callback(side.close)
            say(f"{count:,} cases …")
            say(f"  generated in {side.measure('fill', count).cpu:.0f} s")
            sides[count] = side
        return [_compare(name, sides[small], sides[large]) for name in PAGES]


def _compare(name: str, few: Side, many: Side) -> Growth:
    taken: dict[Side, list[float]] = {few: [], many: []}
    for side in (few, many):  # warm: imports, templates, prepared statements, the pages of the indexes
        side.measure(name, 5)
    for turn in range(REQUESTS):
        for side in (few, many) if turn % 2 else (many, few):
            taken[side].append(side.measure(name, 1).cpu)
    return Growth(name, statistics.median(taken[few]), statistics.median(taken[many]))


def as_text(found: list[Growth], *, small: int, large: int) -> str:
    """The table as people read it."""
    lines = [f"median of {REQUESTS} requests: {small:,} cases → {large:,} cases (ratio, bar {BAR} ×)"]
    for one in found:
        verdict = "OVER" if one.ratio > BAR else "ok"
        lines.append(
            f"{PAGES[one.name]:<20} {one.few * 1000:7.2f} ms → {one.many * 1000:7.2f} ms"
            f"  {one.ratio:.2f} ×  {verdict}"
        )
    return "\n".join(lines)
