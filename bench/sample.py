"""What one round of one side cost, and the meters that find it out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")


@dataclass(frozen=True)
class Sample:
    """The cost of one unit: one request, one application, one decision or one card.

    `cpu` is user + system time of the process that is judged, all its threads, in seconds.  The others are
    beside the point of the bar and printed so that nothing is hidden: statements sent, bytes of write-ahead
    log, bytes of files, CPU of PostgreSQL, CPU of the reader, bytes answered.
    """

    cpu: float
    queries: float = 0.0
    wal: float = 0.0
    files: float = 0.0
    database_cpu: float = 0.0
    reader_cpu: float = 0.0
    answered: float = 0.0

    def each(self, count: int) -> Sample:
        """The cost of one of `count` units that this sample holds together."""
        return Sample(**{name: value / count for name, value in asdict(self).items()})


def total(samples: Iterable[Sample]) -> Sample:
    """Several samples as one."""
    found = list(samples)
    return Sample(**{one.name: sum(getattr(each, one.name) for each in found) for one in fields(Sample)})


class Clock:
    """Adds up the CPU of what is called through it, and of nothing between."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, work: Callable[[], Made]) -> Made:
        """Call `work`; its CPU counts."""
        began = time.process_time()
        try:
            return work()
        finally:
            self.seconds += time.process_time() - began


class DatabaseMeter:
    """What happens on Django's connection from entering to leaving; asks on a connection of its own."""

    def __init__(self) -> None:
        import psycopg
        from django.db import connection

        self.connection = connection
        self.own = psycopg.connect(**self._parameters(), autocommit=True)
        self.queries = 0
        self.wal = self.cpu = 0.0

    def __enter__(self) -> DatabaseMeter:
        self.queries = 0
        self._wal_before, self._cpu_before = self._wal(), self._backend_cpu()
        self.connection.execute_wrappers.append(self._count)
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.execute_wrappers.remove(self._count)
        self.wal, self.cpu = self._wal() - self._wal_before, self._backend_cpu() - self._cpu_before

    def _count(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)

    def _wal(self) -> float:
        row = self.own.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()
        return float(row[0]) if row else 0.0

    def _backend_cpu(self) -> float:
        """Seconds on a CPU of every backend of this database but the meter's own (a pool has several).

        Linux and the same machine only; 0 where that cannot be read.
        """
        backends = self.own.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return sum(_seconds_of(pid) for (pid,) in backends)

    def _parameters(self) -> dict[str, Any]:
        options = self.connection.get_connection_params()
        kept = ("dbname", "user", "password", "host", "port", "passfile")
        return {name: options[name] for name in kept if options.get(name)}


def _seconds_of(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9
    except OSError:
        return 0.0


def folder_bytes(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
