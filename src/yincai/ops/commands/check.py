"""`check`: may this database hold applications?"""

from __future__ import annotations

import argparse
import os

NAME = "check"
HELP = "Check the database: reachable, durable, new enough, knows Chinese text."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """0 when all is well, else one sentence."""
    import psycopg
    from django.db import ProgrammingError

    from yincai.ops.database import addresses, checks
    from yincai.ops.refusals import Refusal
    from yincai.ops.start import embedded_url, set_up_django

    url = os.environ.get("DATABASE_URL") or embedded_url(addresses.APPLICATION)
    if not url:
        raise Refusal("there is no database yet; run `make run` once or set DATABASE_URL.")
    try:
        checks.check_database(url)
    except psycopg.OperationalError as error:
        raise Refusal(f"the database cannot be reached ({str(error).strip().splitlines()[-1]}).") from error
    print("The database is reachable, durable, new enough and knows Chinese text.")
    set_up_django()
    from yincai.ops import holidays

    try:
        for sentence in holidays.warnings():
            print(sentence)
    except ProgrammingError:
        print("It holds no tables yet; `python -m yincai migrate` makes them.")
    return 0
