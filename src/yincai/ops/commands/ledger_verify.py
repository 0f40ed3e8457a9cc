"""`ledger-verify`: recompute every chain and every checkpoint with the stand-alone verifier."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "ledger-verify"
HELP = (
    "check every chain and checkpoint of the ledger; the first bad record is named and the exit status is 1"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the trusted things lie that an intruder may not have reached."""
    parser.add_argument(
        "--public-key", type=Path, help="default: checkpoint_public.pem beside the checkpoints"
    )
    parser.add_argument(
        "--at-least", type=int, default=0, help="number of a checkpoint that is known to exist"
    )


def run(args: argparse.Namespace) -> int:
    """0 when all of it fits, 1 when not, 2 when it could not be read."""
    import runpy

    from yincai.ops.start import set_up_django

    set_up_django()
    from django.conf import settings
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    given = connection.settings_dict
    names = {"dbname": "NAME", "host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    known = {name: given[key] for name, key in names.items() if given[key]}
    options = {name: value for name, value in given["OPTIONS"].items() if isinstance(value, str)}
    arguments = ["--database", make_conninfo("", **known, **options)]
    arguments += ["--checkpoints", str(settings.CHECKPOINTS), "--at-least", str(args.at_least)]
    if args.public_key:
        arguments += ["--public-key", str(args.public_key)]
    keyring = Path(settings.SECRETS) / "keyring.json"
    if keyring.is_file():
        arguments += ["--keyring", str(keyring)]
    verifier = runpy.run_path(str(settings.ROOT / "tools" / "verify_ledger.py"))
    return int(verifier["main"](arguments))
