"""Who may look after partners: the administrators of the place, in an appointment that is in force now."""

from __future__ import annotations

from yincai.foundation.errors import NotAllowed
from yincai.ledger.vocabulary import Actor
from yincai.partners.vocabulary import ADMINISTRATOR
from yincai.people import queries as people


def require_administrator(actor: Actor, *, place: str) -> None:
    """`NotAllowed` for anybody who is no administrator of this place now."""
    if actor.kind != "staff" or actor.id is None or actor.role != ADMINISTRATOR:
        raise NotAllowed
    if ADMINISTRATOR not in people.staff_roles(actor.id, place=place):
        raise NotAllowed
