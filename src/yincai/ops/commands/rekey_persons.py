"""`rekey-persons`: what was sealed before people had keys of their own."""

from __future__ import annotations

import argparse

NAME = "rekey-persons"
HELP = "Seal anew, each under their owner's key, the rows from before people had keys of their own."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Print how many rows of which column were sealed anew; it may run beside the platform, and again."""
    from yincai.ops.start import set_up_django

    set_up_django()
    from yincai.foundation import resealing

    for column in resealing.owned_columns():
        moved = resealing.reseal(column)
        print(f"{moved:>8}  {column.table}.{column.column}", flush=True)
    return 0
