"""`scripts/bench search`: finding organisations by name among ten thousand and a million.

Both databases are our own, filled by `bench.ours.names`, and asked the same questions in turn, each kind
`REQUESTS` times.  Judged is the 95th percentile among many, seconds on the wall with PostgreSQL's among them,
against 50 ms; beside it stand PostgreSQL's own CPU, which a busy machine changes less, and the ratio of the
medians.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.ground import make_folders, own_database, set_up, settings_for
from bench.sample import Sample
from bench.sides import Side

SMALL, LARGE = 10_000, 1_000_000
REQUESTS, WARM = 200, 40
BAR = 0.050
KINDS = (
    "one character",
    "two characters",
    "four characters",
    "the whole name",
    "initials, two",
    "initials, four",
    "all initials",
    "whole pinyin",
    "the code",
    "part of the code",
    "a miss",
    "a miss by initials",
)


@dataclass(frozen=True)
class Searched:
    """What one kind of question cost among few names and among many: samples of one search each."""

    kind: str
    few: list[Sample]
    many: list[Sample]

    @property
    def ratio(self) -> float:
        """How much longer the middle search takes among many."""
        return _middle(self.many) / _middle(self.few)

    @property
    def p95(self) -> float:
        """What the bar judges."""
        return percentile([one.cpu for one in self.many])

    @property
    def database_p95(self) -> float:
        """The same of PostgreSQL's own CPU."""
        return percentile([one.database_cpu for one in self.many])


def measure(
    database_url: str, *, small: int, large: int, requests: int, say: Callable[[str], None]
) -> list[Searched]:
    """Fill two databases, ask both in turn, each kind so many times, and drop them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="yincai-search-")))
        places = make_folders(folder)
        sides: list[Side] = []
        for count in (small, large):
            url = stack.enter_context(own_database(database_url, f"search_{count}"))
            environment = {**settings_for(places, "http://127.0.0.1:1"), "DATABASE_URL": url}
            set_up(environment, folder / f"migrate-{count}.log")
            side = Side("bench.naming", environment=environment, log=folder / f"{count}.log")
            stack.callback(side.close)
            say(f"{count:,} names …")
            say(f"  generated in {side.measure('fill', count).cpu:.0f} s")
            sides.append(side)
        return [_compare(kind, *sides, requests) for kind in KINDS]


def _compare(kind: str, few: Side, many: Side, requests: int) -> Searched:
    taken: dict[Side, list[Sample]] = {few: [], many: []}
    for side in (few, many):
        side.measure(kind, min(WARM, requests))
    for turn in range(requests):
        for side in (few, many) if turn % 2 else (many, few):
            taken[side].append(side.measure(kind, 1))
    return Searched(kind, taken[few], taken[many])


def percentile(seconds: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def _middle(samples: list[Sample]) -> float:
    return statistics.median(one.cpu for one in samples)


def as_text(found: list[Searched], *, small: int, large: int) -> str:
    """The table as people read it."""
    head = f"{len(found[0].many)} searches of each kind: median among {small:,} → median, p95 among {large:,}"
    lines = [f"{head} (p95 of PostgreSQL's CPU), bar {BAR * 1000:.0f} ms"]
    for one in found:
        verdict = "OVER" if one.p95 > BAR else "ok"
        lines.append(
            f"{one.kind:<20} {_middle(one.few) * 1000:6.2f} ms → {_middle(one.many) * 1000:6.2f} ms"
            f" ({one.ratio:.1f} ×)  p95 {one.p95 * 1000:6.2f} ms ({one.database_p95 * 1000:6.2f})  {verdict}"
        )
    return "\n".join(lines)
