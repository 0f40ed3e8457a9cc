"""`calendar`: the holidays and worked weekends of a year, and setting one day."""

from __future__ import annotations

import argparse
from datetime import date

NAME = "calendar"
HELP = (
    "List the holidays and worked weekends of a year, or set a day (--set DAY --as work|off --source NOTICE)."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A year, or one day with its authority."""
    parser.add_argument("year", nargs="?", type=int, help="the year to list; this one unless named")
    parser.add_argument("--set", type=date.fromisoformat, metavar="DAY", dest="day", help="2027-02-08")
    parser.add_argument("--as", choices=("work", "off"), dest="kind", help="whether the day is worked")
    parser.add_argument("--source", default="", help="the notice that says so")
    parser.add_argument("--note", default="", help="what the day is: 春节, 调休上班")


def run(args: argparse.Namespace) -> int:
    """Print the year; with --set, write the day (on record) first."""
    from yincai.ops.refusals import Refusal
    from yincai.ops.start import set_up_django

    set_up_django()
    from yincai.foundation import clock
    from yincai.ops import holidays

    if args.day and not (args.kind and args.source):
        raise Refusal("a day is set with --as work or --as off, and with --source, the notice that says so.")
    if args.day:
        holidays.set_day(args.day, is_working=args.kind == "work", source=args.source, note=args.note)
    year = args.year or (args.day.year if args.day else clock.today().year)
    days = holidays.days_of(year)
    for day, worked in days:
        print(f"{day:%Y-%m-%d %a}  {'work' if worked else 'off'}")
    print(f"{year}: {len(days)} days differ from Monday to Friday")
    for sentence in holidays.warnings():
        print(sentence)
    return 0
