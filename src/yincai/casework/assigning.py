"""To whom a case may be handed (private to the room; its door is `queries`)."""

from __future__ import annotations

from uuid import UUID

from yincai.casework import permissions
from yincai.casework.models import Case
from yincai.casework.permissions import access_case, works_on
from yincai.casework.vocabulary import CaseView, Verb
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people
from yincai.people.queries import Colleague


def may_assign(actor: Actor, case_id: UUID) -> bool:
    """Whether this actor hands out the work of the stage where the case is."""
    return permissions.may_assign(actor, access_case(actor, case_id, Verb.READ))


def assignable(actor: Actor, case_id: UUID) -> list[Colleague]:
    """The colleagues who work on the stage of a case, by user name; four eyes are checked afterwards."""
    case: Case = access_case(actor, case_id, Verb.ASSIGN)
    return [one for one in people.colleagues(case.place) if works_on(one.roles, case)]


def is_handed_elsewhere(actor: Actor, case: CaseView) -> bool:
    """Whether the case was handed to somebody else for whom this actor does not stand in today."""
    return case.assigned_to_id is not None and not permissions.is_held_by(
        actor, case.assigned_to_id, place=case.place
    )


def roles_led(actor: Actor, place: str) -> frozenset[str]:
    """The roles in a place whose work this actor hands out."""
    return permissions.led_by(permissions.roles_of(actor, place), place)
