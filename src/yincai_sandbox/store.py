"""Where the sandbox keeps everything: one SQLite file, flushed to the disk at every change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path


def now() -> datetime:
    """Returns the present moment as aware UTC."""
    return datetime.now(UTC)


def moment(text: str) -> datetime:
    """Reads back a moment that was stored as ISO 8601 text."""
    return datetime.fromisoformat(text)


class Store:
    """Opens one connection per use, so that threads and commands of other processes may share the file."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder (readable by its owner only) and the file when they are missing."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self.path = folder / "sandbox.sqlite3"
        self.path.touch(mode=0o600)

    def create(self, tables: str) -> None:
        """Creates the tables of one service; statements say `IF NOT EXISTS`."""
        with closing(self._connect()) as connection:
            connection.executescript(tables)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Gives a connection in a write transaction: committed and flushed on leaving, undone on error."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Gives a connection that sees one consistent state."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection
