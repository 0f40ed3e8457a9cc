"""What is compared, and by how much we may be dearer than the bare side."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

from bench.ground import Ground
from bench.sample import Sample


@dataclass(frozen=True)
class Comparison:
    """One line of the table.  `bar` is a ratio, or an absolute limit in seconds where `absolute` is set.

    A round measures `count` units on each side; `rounds` of them are taken, ours and bare in turn.
    """

    name: str
    title: str
    baseline: str
    bar: float
    rounds: int
    count: int
    absolute: bool = False


COMPARISONS = (
    Comparison("form_page", "a page of the form (GET)", "a bare Django view", 1.5, 25, 10),
    Comparison("section_save", "a section save (POST)", "a bare Django view", 1.5, 25, 10),
    Comparison("application", "a whole application", "a bare django-formtools wizard", 2.0, 15, 1),
    Comparison(
        "rule_with_trace",
        "one rule decided, with trace",
        "a Python function",
        200e-6,
        15,
        5000,
        absolute=True,
    ),
    Comparison(
        "form_conditions", "all 7 conditions of a form", "a Python function", 200e-6, 15, 5000, absolute=True
    ),
    Comparison("sealed_card", "a sealed card (typeset, B-LTA)", "typst and pyHanko alone", 1.3, 9, 1),
)


@dataclass(frozen=True)
class Spread:
    """Median and the quartiles around it."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Result:
    """What came out: the middle samples of both sides, and the ratio of CPU, round by round."""

    comparison: Comparison
    ours: Sample
    bare: Sample
    ours_cpu: Spread
    bare_cpu: Spread
    ratio: Spread

    @property
    def measured(self) -> float:
        """What the bar judges."""
        return self.ours_cpu.middle if self.comparison.absolute else self.ratio.middle

    @property
    def is_over(self) -> bool:
        """Whether the bar is broken."""
        return self.measured > self.comparison.bar


def results(
    ground: Ground, *, size: int | None = None, only: Sequence[str] = (), say: Callable[[str], None]
) -> Iterator[Result]:
    """Every comparison, one after the other; `size` 1 does everything once, to see that it works."""
    for comparison in COMPARISONS:
        if only and comparison.name not in only:
            continue
        say(f"{comparison.title} …")
        yield _compare(ground, comparison, size)


def _compare(ground: Ground, comparison: Comparison, size: int | None) -> Result:
    rounds, count = (comparison.rounds, comparison.count) if size is None else (size, size)
    sides = {"ours": ground.ours, "bare": ground.bare}
    if size is None:
        for side in sides.values():  # warm: imports, prepared statements, templates, caches
            side.measure(comparison.name, comparison.count)
            side.measure(comparison.name, comparison.count)
    taken: dict[str, list[Sample]] = {"ours": [], "bare": []}
    for number in range(rounds):
        for name in sorted(sides, reverse=bool(number % 2)):  # whoever goes first has no advantage
            taken[name].append(sides[name].measure(comparison.name, count))
    ours, bare = taken["ours"], taken["bare"]
    return Result(
        comparison=comparison,
        ours=_middle(ours),
        bare=_middle(bare),
        ours_cpu=_spread([one.cpu for one in ours]),
        bare_cpu=_spread([one.cpu for one in bare]),
        ratio=_spread([mine.cpu / theirs.cpu for mine, theirs in zip(ours, bare, strict=True)]),
    )


def _middle(samples: Sequence[Sample]) -> Sample:
    names = [one.name for one in fields(Sample)]
    return Sample(**{name: statistics.median(getattr(one, name) for one in samples) for name in names})


def _spread(values: Sequence[float]) -> Spread:
    if len(values) < 2:
        return Spread(values[0], values[0], values[0])
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(low, middle, high)
