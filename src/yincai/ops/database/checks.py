"""What must be true of a database before it may hold applications: asked of the database itself."""

from __future__ import annotations

import psycopg

from yincai.ops.refusals import Refusal

OLDEST_NUMBER = 150_000
MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
TEXT = "人才绿卡"


def check_database(url: str) -> None:
    """Refuse a database that is away, may lose what it acknowledged, is too old or cannot index Chinese."""
    with _connect(url) as connection:
        check_version(connection)
        check_durability(connection)
        check_encoding(connection)
        check_trigrams(connection)


def _connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        words = str(error).strip().splitlines()[-1]
        raise Refusal(
            f"the database that DATABASE_URL names cannot be opened ({words}); "
            "create it or correct the address."
        ) from None


def check_version(connection: psycopg.Connection) -> None:
    """PostgreSQL 15 or newer."""
    if connection.info.server_version < OLDEST_NUMBER:
        major = connection.info.server_version // 10_000
        raise Refusal(f"the database is PostgreSQL {major}; Yincai needs 15 or newer.")


def check_durability(connection: psycopg.Connection) -> None:
    """A commit that was acknowledged survives a power cut."""
    off = [name for name in MUST_BE_ON if _setting(connection, name) == "off"]
    if off:
        raise Refusal(
            f"the database runs with {', '.join(off)} off and could lose acknowledged applications; "
            "turn it on in PostgreSQL's configuration and start again."
        )


def check_encoding(connection: psycopg.Connection) -> None:
    """All of Unicode can be stored."""
    encoding = _setting(connection, "server_encoding")
    if encoding != "UTF8":
        raise Refusal(f"the database is encoded in {encoding}; create it again with ENCODING 'UTF8'.")


def check_trigrams(connection: psycopg.Connection) -> None:
    """`pg_trgm` sees Chinese characters as letters; under LC_CTYPE=C its index would be empty and useless."""
    row = connection.execute(
        "SELECT installed_version FROM pg_available_extensions WHERE name = 'pg_trgm'"
    ).fetchone()
    if row is None:
        raise Refusal("the database has no pg_trgm extension; install PostgreSQL's contrib modules.")
    with connection.transaction(force_rollback=True):
        if row[0] is None:
            connection.execute("CREATE EXTENSION pg_trgm")
        found = connection.execute("SELECT cardinality(show_trgm(%s))", [TEXT]).fetchone()
    if not found or not found[0]:
        raise Refusal(
            "the database's locale does not know Chinese characters, so searching names would find nothing; "
            "create it again with the locale C.UTF-8."
        )


def _setting(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""
