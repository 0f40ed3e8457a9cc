"""The figures, as people read them and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bench.comparisons import Result, Spread
from bench.sample import Sample

ORIENTATION = (
    "For orientation, as given with the order for this bench; other machines, not measured here:",
    "  server CPU of a whole application: 60–67 ms in a bare django-formtools wizard, 388–487 ms in pretalx,",
    "  1,186–1,544 ms in Open Forms; of a section save: 5.5, 31 and 77 ms.",
)


def as_text(machine: Mapping[str, str], results: Sequence[Result]) -> str:
    """The machine, the table, what else it cost, and what the figures do not hold."""
    over = [result.comparison.title for result in results if result.is_over]
    parts = [_machine(machine), _table(results), _beside(results), _reader(results), "\n".join(ORIENTATION)]
    if over:
        parts.append("*** OVER THE BAR: " + "; ".join(over) + " ***")
    return "\n\n".join(part for part in parts if part)


def as_json(machine: Mapping[str, str], results: Sequence[Result]) -> str:
    """The same for programs; seconds and bytes."""
    return json.dumps({"machine": dict(machine), "results": [_facts(one) for one in results]}, indent=2)


def _facts(result: Result) -> dict[str, Any]:
    return {
        **asdict(result.comparison),
        "ours": asdict(result.ours),
        "bare": asdict(result.bare),
        "ours_cpu": asdict(result.ours_cpu),
        "bare_cpu": asdict(result.bare_cpu),
        "ratio": asdict(result.ratio),
        "over": result.is_over,
    }


def _machine(machine: Mapping[str, str]) -> str:
    return "\n".join(f"{name:<11} {value}" for name, value in machine.items())


def _table(results: Sequence[Result]) -> str:
    head = ("CPU of the serving process, median (quartiles)", "ours", "bare", "ratio", "bar", "")
    rows = [head, *(_row(one) for one in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(result: Result) -> tuple[str, ...]:
    made = result.comparison
    bar = f"< {_time(made.bar)}" if made.absolute else f"{made.bar:.1f} ×"
    return (
        f"{made.title}, against {made.baseline}",
        _times(result.ours_cpu),
        _times(result.bare_cpu),
        f"{result.ratio.middle:.2f} × ({result.ratio.low:.2f}–{result.ratio.high:.2f})",
        bar,
        "OVER" if result.is_over else "ok",
    )


def _beside(results: Sequence[Result]) -> str:
    head = (
        "beside the CPU of the serving process (ours / bare)",
        "queries",
        "WAL",
        "files",
        "PostgreSQL CPU",
        "answer",
    )
    rows = [head]
    for result in results:
        ours, bare = result.ours, result.bare
        rows.append(
            (
                result.comparison.title,
                *(
                    f"{show(getattr(ours, name))} / {show(getattr(bare, name))}"
                    for name, show in (
                        ("queries", lambda value: f"{value:.0f}"),
                        ("wal", _bytes),
                        ("files", _bytes),
                        ("database_cpu", _time),
                        ("answered", _bytes),
                    )
                ),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _reader(results: Sequence[Result]) -> str:
    whole: list[Sample] = [one.ours for one in results if one.comparison.name == "application"]
    if not whole:
        return ""
    return (
        f"Not in the CPU above: the reader, a process of its own, took {_time(whole[0].reader_cpu)} for the"
        " three uploads of one\napplication, each rebuilt in a confined child. The wizard only looks at their"
        " headers: nothing to compare it with."
    )


def _times(spread: Spread) -> str:
    return f"{_time(spread.middle)} ({_time(spread.low)}–{_time(spread.high)})"


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds >= 0.001 or not seconds else f"{seconds * 1e6:.2f} µs"


def _bytes(count: float) -> str:
    return f"{count / 1000:.1f} kB"
