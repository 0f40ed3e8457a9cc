"""`setup`: folders and secrets."""

from __future__ import annotations

import argparse
import os

NAME = "setup"
HELP = "Make the folders and secrets that are missing; never touches one that is there."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Print what was made."""
    from yincai.ops.running import layout as layouts

    layout = layouts.layout_from(os.environ)
    layouts.make_folders(layout)
    for path in layouts.make_secrets(layout):
        print(f"made {path}")
    return 0
