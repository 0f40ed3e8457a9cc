"""`worker`: the jobs of the queues `default` and, beside them, `webhooks`."""

from __future__ import annotations

import argparse

NAME = "worker"
HELP = "Do the light jobs: messages, deliveries, house-keeping; and push events to other systems."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; a receiver of events that is slow holds up no other job."""
    from yincai.ops.start import set_up_django

    set_up_django()
    from yincai.ops.worker import run_worker

    return run_worker(["default"], apart=["webhooks"], apart_concurrency=4)
