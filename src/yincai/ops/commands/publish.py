"""`publish`: programme folders that changed become their next version."""

from __future__ import annotations

import argparse

NAME = "publish"
HELP = "Publish every programme folder that changed; mistakes are listed with file and line."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Print each programme with its version in force."""
    from yincai.ops.start import set_up_django

    set_up_django()
    from yincai.ops.migrating import publish

    return 1 if publish(say=print) else 0
