"""`worker`: the jobs of the queue `default`."""

from __future__ import annotations

import argparse

NAME = "worker"
HELP = "Do the light jobs: messages, deliveries, house-keeping."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT."""
    from yincai.ops.start import set_up_django

    set_up_django()
    from yincai.ops.worker import run_worker

    return run_worker(["default"])
