"""`signer`: seals cards and the ledger's checkpoints; the only process that is told the keys."""

from __future__ import annotations

import argparse
import os

NAME = "signer"
HELP = "Seal cards and ledger checkpoints (the only process that knows the keys)."
NEEDED = ("YINCAI_SIGNER_KEY", "YINCAI_SIGNER_PASSPHRASE_FILE", "YINCAI_CHECKPOINT_KEY")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; refuse to start without readable keys."""
    from yincai.ops.refusals import Refusal
    from yincai.ops.start import set_up_django

    for name in NEEDED:
        path = os.environ.get(name, "")
        if not path or not os.access(path, os.R_OK):
            raise Refusal(f"{name} names no file that the signer can read ({path or 'not set'}).")
    set_up_django()
    from yincai.cards import queries as cards
    from yincai.ops.worker import run_worker

    cards.warm_up()

    return run_worker(["signer"], apart=["checkpoints"])
