"""`migrate`: tables, rights, calendar, programmes and static files."""

from __future__ import annotations

import argparse

NAME = "migrate"
HELP = "Bring database, programmes and static files up to date (with the owner's DATABASE_URL)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Everything that is behind."""
    from yincai.ops.start import set_up_django

    set_up_django(as_owner=True)
    from yincai.ops import static
    from yincai.ops.migrating import bring_up_to_date

    bring_up_to_date(say=print)
    static.collect()
    return 0
