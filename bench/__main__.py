"""`make bench`: takes every measure and prints the table; the exit code is 0 even when a bar is broken."""

from __future__ import annotations

import argparse
import sys

from bench import growth, machine, report, search
from bench.comparisons import COMPARISONS, results
from bench.ground import database_address, prepared
from bench.sides import BenchFailed

GROWTH, SEARCH = "growth", "search"
APART = {GROWTH, SEARCH}
"""Measures with databases of their own, taken after the others."""


def main(arguments: list[str]) -> int:
    """0 when everything was measured, 1 when something could not be."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--size", type=int, help="rounds and units a round (1: only see that it works)")
    parser.add_argument("--cases", type=int, default=growth.LARGE, help="how many cases `growth` generates")
    parser.add_argument("--names", type=int, default=search.LARGE, help="how many names `search` generates")
    names = [*(one.name for one in COMPARISONS), GROWTH, SEARCH]
    parser.add_argument("only", nargs="*", choices=[*names, []], help="only these measures")
    chosen = parser.parse_args(arguments)
    try:
        if not chosen.only or set(chosen.only) - APART:
            with prepared() as ground:
                described = machine.describe(ground.database_url)
                found = list(results(ground, size=chosen.size, only=chosen.only, say=_say))
            print(
                report.as_json(described, found) if chosen.json else "\n" + report.as_text(described, found)
            )
        is_whole = not (chosen.only or chosen.size or chosen.json)  # a million rows only for the whole bench
        if GROWTH in chosen.only or is_whole:
            _grow(chosen.cases, small=growth.SMALL)
        if SEARCH in chosen.only or is_whole:
            _search(chosen.names, requests=chosen.size or search.REQUESTS)
    except BenchFailed as failed:
        print(f"The bench could not be run: {failed}", file=sys.stderr)
        return 1
    return 0


def _grow(large: int, *, small: int) -> None:
    found = growth.measure(database_address(), small=small, large=large, say=_say)
    print("\n" + growth.as_text(found, small=small, large=large))


def _search(large: int, *, requests: int) -> None:
    small = min(search.SMALL, large)
    found = search.measure(database_address(), small=small, large=large, requests=requests, say=_say)
    print("\n" + search.as_text(found, small=small, large=large))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
