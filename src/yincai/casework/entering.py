"""Whether somebody may apply in the business system that a programme belongs to."""

from __future__ import annotations

from uuid import UUID

from yincai.casework.refusals import ApplicationNotAdded
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people
from yincai.people.actions import add_application
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
    return None if system is None or may_enter(account_id, system) else system


def may_enter(account_id: UUID, system: programmes.System) -> bool:
    """Whether the account has added the system, or has it without: the one place where that is decided."""
    if people.holds_application(account_id, place=system.place, application=system.application.name):
        return True
    return not _asks_for_name(system.place) and people.identity_of(account_id) is None


def keep_systems(account_id: UUID, *, actor: Actor) -> None:
    """Add what an account without a real name could enter so far, before it gives one; nothing is lost."""
    for place in programmes.places():
        for application in place.portal.applications:
            if application.is_open and not _asks_for_name(place.name):
                add_application(account_id, actor=actor, place=place.name, application=application.name)


def _asks_for_name(place: str) -> bool:
    return programmes.place(place).portal.registration is not None
