"""How the database would read what a piece of code asks, were no table small enough to be read whole."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext


def plans(ask: Callable[[], object], *, of: str) -> list[str]:
    """The plan of each statement that `ask` sends and that names the table `of`, in their order."""
    with CaptureQueriesContext(connection) as sent:
        ask()
    asked = [one["sql"] for one in sent if of in one["sql"] and one["sql"].startswith("SELECT")]
    with connection.cursor() as cursor:
        for way in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
            cursor.execute(f"SET LOCAL {way} = off")
        return [_plan(cursor, sql) for sql in asked]


def _plan(cursor: CursorWrapper, sql: str) -> str:
    cursor.execute(f"EXPLAIN {sql}")
    return "\n".join(line for (line,) in cursor.fetchall())
