"""What the application's database role may do: everything ordinary, nothing that rewrites the ledger."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

APPEND_ONLY = ("ledger_entry", "ledger_words", "ledger_checkpoint", "ledger_delivery")
"""Tables of which the application may read rows and add rows, no more."""
HEADS = "ledger_chain"
"""The one ledger table whose rows move; its trigger lets them move forward only."""

_GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {role};
REVOKE ALL ON {append_only}, {heads}, {migrations} FROM {role};
GRANT SELECT, INSERT ON {append_only} TO {role};
GRANT SELECT, INSERT, UPDATE ON {heads} TO {role};
GRANT SELECT ON {migrations} TO {role};
"""


def grant_application_role(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give `role` its rights on every table there is, and by default on those that come.

    Called by the migrate step, as the owner, after migrations; calling it again changes nothing.
    """
    statement = sql.SQL(_GRANTS).format(
        role=sql.Identifier(role),
        append_only=sql.SQL(", ").join(map(sql.Identifier, APPEND_ONLY)),
        heads=sql.Identifier(HEADS),
        migrations=sql.Identifier("django_migrations"),
    )
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))


def can_rewrite_ledger(connection: BaseDatabaseWrapper) -> bool:
    """Whether the role of this connection could change or delete entries but for the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege(current_user, name, right_)) FROM unnest(%s::text[]) AS name,"
            " unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS right_",
            [list(APPEND_ONLY)],
        )
        (can,) = cursor.fetchone()
    return bool(can)
