"""`retry`: jobs that were given up, and setting them going again."""

from __future__ import annotations

import argparse

NAME = "retry"
HELP = "List the jobs and deliveries that failed; with numbers or --all, put them back into their queues."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Numbers of jobs, or all of them."""
    parser.add_argument("jobs", nargs="*", type=int, metavar="NUMBER", help="the number of a failed job")
    parser.add_argument("--all", action="store_true", help="every failed job")


def run(args: argparse.Namespace) -> int:
    """Print what failed and what went back; 1 when a number names no failed job."""
    from yincai.ops.start import set_up_django

    set_up_django()
    from yincai.ops import jobs

    failed = {job.id: job for job in jobs.failed_jobs()}
    unknown = [number for number in args.jobs if number not in failed]
    for number in unknown:
        print(f"no failed job has the number {number}")
    chosen = list(failed) if args.all else [number for number in args.jobs if number in failed]
    if not args.all and not args.jobs:
        for job in failed.values():
            print(f"{job.id:>8}  {job.ended:%Y-%m-%d %H:%M} UTC  {job.attempts:>3} attempts  {job.what}")
        print(f"{len(failed)} failed" + ("; `retry NUMBER …` or `retry --all` tries again" if failed else ""))
    for number in chosen:
        jobs.retry_failed(number)
        print(f"{number} goes back to its queue: {failed[number].what}")
    return 1 if unknown else 0
