"""What every command that uses the database does first."""

from __future__ import annotations

import os

import django

from yincai.ops.database import addresses
from yincai.ops.refusals import Refusal


def set_up_django(*, as_owner: bool = False) -> None:
    """Load the settings and the rooms; what is missing in the set-up is one sentence.

    Without `DATABASE_URL` the embedded database of this installation is meant, with the rights of the
    application, or of the owner for what changes tables.
    """
    if "DATABASE_URL" not in os.environ:
        url = embedded_url(addresses.OWNER if as_owner else addresses.APPLICATION)
        if url:
            os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yincai.settings")
    try:
        django.setup()
    except (FileNotFoundError, ValueError) as error:
        raise Refusal(str(error)) from error


def embedded_url(role: str) -> str:
    """The address of this installation's own database; empty when it has none."""
    from yincai.ops.database.cluster import places_for
    from yincai.ops.running.layout import layout_from
    from yincai.ops.system_users import database_user

    layout = layout_from(os.environ)
    password_file = layout.secrets / "database" / role
    if not password_file.is_file():
        return ""
    places = places_for(layout.var, secrets=layout.secrets, user=database_user())
    return addresses.address(socket=places.socket, role=role, password_file=password_file)
