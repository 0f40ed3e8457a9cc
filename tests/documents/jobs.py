"""The jobs that wait in the database, read as a worker would find them."""

from __future__ import annotations

import json

from django.db import connection

from yincai.documents.tasks import erase_files


def jobs_of(name: str) -> list[tuple[str, dict[str, object]]]:
    """Queue and arguments of every job of this name, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_name, args::text FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [name]
        )
        return [(queue, json.loads(args)) for queue, args in cursor.fetchall()]


def run_erasures() -> None:
    """Do what the worker would: remove the files that are to go."""
    for _, args in jobs_of("documents.erase_files"):
        erase_files(**args)
