"""`make bench`: takes every measure and prints the table; the exit code is 0 even when a bar is broken."""

from __future__ import annotations

import argparse
import sys

from bench import machine, report
from bench.comparisons import COMPARISONS, results
from bench.ground import prepared
from bench.sides import BenchFailed


def main(arguments: list[str]) -> int:
    """0 when everything was measured, 1 when something could not be."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--size", type=int, help="rounds and units a round (1: only see that it works)")
    names = [one.name for one in COMPARISONS]
    parser.add_argument("only", nargs="*", choices=[*names, []], help="only these measures")
    chosen = parser.parse_args(arguments)
    try:
        with prepared() as ground:
            described = machine.describe(ground.database_url)
            found = list(results(ground, size=chosen.size, only=chosen.only, say=_say))
    except BenchFailed as failed:
        print(f"The bench could not be run: {failed}", file=sys.stderr)
        return 1
    print(report.as_json(described, found) if chosen.json else "\n" + report.as_text(described, found))
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
