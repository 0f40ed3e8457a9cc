"""`run`: the whole platform on this machine."""

from __future__ import annotations

import argparse
import os

NAME = "run"
HELP = "Run the whole platform on this machine until Ctrl-C."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: everything is told by the environment, see docs/settings.md."""


def run(args: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    from yincai.ops.running.platform import Platform, to_terminal

    return Platform(dict(os.environ), say=to_terminal).serve()
