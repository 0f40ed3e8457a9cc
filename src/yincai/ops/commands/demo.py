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
    from django.conf import settings

    from yincai.ops.demo import build_demo
    from yincai.ops.demo_cases import ask_for_cases

    accounts = build_demo()
    ask_for_cases(settings.DEMO_CASES)
    if accounts:
        print("demo accounts (name · password · who · phone that shows SMS and codes)")
    for account in accounts:
        who = "，".join(part for part in (account.name, account.duty, account.place) if part)
        print(f"  {account.username:<16} {account.password}  {account.phone}  {who}")
    return 0
