"""`reader`: the jobs of the queue `reader`."""

from __future__ import annotations

import argparse

NAME = "reader"
HELP = "Make uploaded files safe (its own queue and limits)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT."""
    from yincai.ops.start import set_up_django

    set_up_django()
    from yincai.ops.worker import run_worker

    return run_worker(["reader"])
