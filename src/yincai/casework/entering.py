"""Whether somebody may apply in the business system that a programme belongs to."""

from __future__ import annotations

from uuid import UUID

from yincai.casework.refusals import ApplicationNotAdded
from yincai.people import queries as people
from yincai.programmes import queries as programmes


def require_application(account_id: UUID, *, place: str, programme: str) -> None:
    """Pass whoever has added the system; `ApplicationNotAdded` says how to.

    Where a place asks for no real name, an account that gave none has all of its systems from the start.
    """
    missing = application_missing(account_id, place=place, programme=programme)
    if missing is not None:
        raise ApplicationNotAdded(missing.place, missing.application.name, missing.application.title)


def application_missing(account_id: UUID, *, place: str, programme: str) -> programmes.System | None:
    """The system that the account would have to add first, or None."""
    system = programmes.system_of(place, programme)
    if system is None:
        return None
    if people.holds_application(account_id, place=place, application=system.application.name):
        return None
    asks_for_name = programmes.place(place).portal.registration is not None
    if not asks_for_name and people.identity_of(account_id) is None:
        return None
    return system
