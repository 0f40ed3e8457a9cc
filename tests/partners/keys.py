"""A partner with a key, as an administrator makes them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.cases import PLACE
from yincai.ledger.vocabulary import Actor
from yincai.partners import actions
from yincai.partners.vocabulary import NewKey, PartnerView, Scope

NAME = "高校就业系统"


def administrator(account: Any) -> Actor:
    """The administrator of the cast, acting as one."""
    return Actor("staff", account.pk, "administrator")


def registered(chief: Actor, *, name: str = NAME, office: str = "") -> PartnerView:
    """A partner of the place of the tests."""
    return actions.register_partner(actor=chief, place=PLACE, name=name, office=office)


def made(chief: Actor, partner: UUID, *scopes: Scope, **more: Any) -> NewKey:
    """A key of the partner; with every scope unless some are named."""
    wanted = [one.value for one in scopes or tuple(Scope)]
    return actions.make_key(partner, actor=chief, place=PLACE, scopes=wanted, **more)
