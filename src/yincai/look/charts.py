"""Bar charts, worked out here and drawn as SVG by the page: no script, no inline style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yincai.foundation.days import day_in_words

WIDTH, HEIGHT, FOOT = 360, 150, 22
"""In the units of the drawing; `FOOT` is where the days stand."""
GAP = 0.25
"""How much of a bar's room is left free."""
MARK = 36
"""How much room a written day takes."""
MARKS = 5
"""How many days are named at most; the last one always is."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the drawing; `name` is set for those whose day is written below, at `mark`."""

    x: float
    y: float
    width: float
    height: float
    mark: float
    words: str
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one thing over time."""

    title: str
    total: int
    highest: int
    bars: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT
    axis: int = HEIGHT - FOOT


def spans(begin: date, end: date) -> list[tuple[date, date]]:
    """The time in days, weeks (over two months) or months (over a year), first and last day of each."""
    length = (end - begin).days
    found, day = [], begin
    while day <= end:
        if length <= 62:
            last = day
        elif length <= 366:
            last = day + timedelta(days=6 - day.weekday())
        else:
            last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        last = min(last, end)
        found.append((day, last))
        day = last + timedelta(days=1)
    return found


def summed(counts: Mapping[date, int], over: Sequence[tuple[date, date]]) -> list[int]:
    """What happened in each span."""
    found = []
    for first, last in over:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        found.append(sum(counts.get(day, 0) for day in days))
    return found


def chart(title: str, numbers: Sequence[int], over: Sequence[tuple[date, date]]) -> Chart:
    """The bars for these numbers, one for each span."""
    highest, room = max([1, *numbers]), WIDTH / max(len(numbers), 1)
    every = -(-len(numbers) // MARKS)
    bars = []
    for at, (number, (first, last)) in enumerate(zip(numbers, over, strict=True)):
        height = round(number / highest * (HEIGHT - FOOT - 16), 1)
        bars.append(
            Bar(
                x=round(at * room + room * GAP / 2, 1),
                y=round(HEIGHT - FOOT - height, 1),
                width=round(room * (1 - GAP), 1),
                height=height,
                mark=round(min(at * room, WIDTH - MARK), 1),
                words=f"{named(first, last)}：{number}",
                name=f"{first.month}-{first.day}" if (len(numbers) - 1 - at) % every == 0 else "",
            )
        )
    return Chart(title, sum(numbers), max(numbers, default=0), tuple(bars))


def named(first: date, last: date) -> str:
    """2026年11月22日, or 2026年11月16日 至 2026年11月22日."""
    return day_in_words(first) if first == last else f"{day_in_words(first)} 至 {day_in_words(last)}"
