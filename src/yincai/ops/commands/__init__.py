"""`python -m yincai <command>`: every module of this package is one command.

A command module has `NAME`, `HELP`, `add_arguments(parser)` and `run(args) -> int` (the exit status).
Heavy imports belong inside `run`, so that the list of commands comes at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from yincai.ops.refusals import Refusal


class Command(Protocol):
    """What a module of this package offers."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the result is the exit status."""


def commands() -> dict[str, Command]:
    """Name → command, found by listing this package."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    listed = (cast(Command, module) for module in modules)
    return {command.NAME: command for command in sorted(listed, key=lambda each: each.NAME)}


def main(arguments: Sequence[str]) -> int:
    """Run one command; a refusal is one sentence on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m yincai", description="Yincai: a city's talent services.")
    choices = parser.add_subparsers(dest="command", metavar="command", required=True)
    listed = commands()
    for name, command in listed.items():
        command.add_arguments(choices.add_parser(name, help=command.HELP, description=command.HELP))
    args = parser.parse_args(arguments)
    try:
        return listed[args.command].run(args)
    except Refusal as refusal:
        print(f"Yincai: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
