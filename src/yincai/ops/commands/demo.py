"""`demo`: the demo people and their accounts."""

from __future__ import annotations

import argparse

NAME = "demo"
HELP = "Make the demo people and their accounts where they are missing, and print the accounts."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace) -> int:
    """Print one line an account."""
    from yincai.ops.start import set_up_django

    set_up_django()
    from yincai.ops.demo import build_demo

    accounts = build_demo()
    if accounts:
        print("demo accounts (name · password · who · phone that shows SMS and codes)")
    for account in accounts:
        who = "，".join(part for part in (account.name, account.duty, account.place) if part)
        print(f"  {account.username:<16} {account.password}  {account.phone}  {who}")
    return 0
