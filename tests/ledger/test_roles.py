from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from tests.ledger import cast
from yincai.ledger import actions, queries, roles


def role() -> str:
    """Roles belong to the whole cluster, so the name carries the database's."""
    return f"{connection.settings_dict['NAME']}_application"


@pytest.fixture
def application(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A connection as a second role that was granted what the application's role gets."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role()])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {role()} LOGIN")
    roles.grant_application_role(connection, role())
    try:
        with psycopg.connect(cast.conninfo(user=role()), autocommit=True) as client:
            yield client
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP OWNED BY {role()}")
            cursor.execute(f"DROP ROLE {role()}")


def test_application_role_may_not_rewrite_the_ledger(application: psycopg.Connection) -> None:
    for table, column in [
        ("ledger_entry", "event"),
        ("ledger_checkpoint", "root"),
        ("ledger_delivery", "handler"),
    ]:
        for act in (
            "UPDATE {table} SET {column} = {column}",
            "DELETE FROM {table}",
            "TRUNCATE {table} CASCADE",
        ):
            statement = sql.SQL(act).format(table=sql.Identifier(table), column=sql.Identifier(column))

            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement)


def test_application_role_may_not_loosen_the_guards(application: psycopg.Connection) -> None:
    for statement in (
        "DELETE FROM ledger_chain",
        "TRUNCATE ledger_chain",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_entry_append_only ON ledger_entry",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement)


def test_application_role_appends_enqueues_and_reads(application: psycopg.Connection) -> None:
    chain = uuid4()
    with cast.wired({"case.submitted": ("tests.echo",)}), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role()}")
        assert not roles.can_rewrite_ledger(connection)
        actions.record(chain=chain, event="case.submitted", actor=cast.OFFICER, payload={})
        actions.record(chain=chain, event="case.accepted", actor=cast.OFFICER, payload={})

    assert roles.can_rewrite_ledger(connection)
    assert [view.sequence for view in queries.history(chain)] == [1, 2]
    assert application.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (1,)


def test_application_role_has_its_ordinary_rights_on_tables_to_come(application: psycopg.Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tests_to_come (id bigserial PRIMARY KEY, word text)")
    try:
        application.execute("INSERT INTO tests_to_come (word) VALUES ('a')")
        application.execute("UPDATE tests_to_come SET word = 'b'")
        assert application.execute("DELETE FROM tests_to_come RETURNING word").fetchall() == [("b",)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE tests_to_come")
