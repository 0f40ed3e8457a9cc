"""Who reviews the cases of an organisation's people (问答三): a rule of the place, applied to the record."""

from __future__ import annotations

from dataclasses import dataclass

from yincai.directory.declared import declared
from yincai.directory.naming import keeps, unlike
from yincai.directory.vocabulary import RecordView, Sort
from yincai.engine.spec import Destination

DECIDING = ("kind", "affiliation", "supervised", "district")
"""The facts of an organisation by which `route_of` decides."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes: `to` is `city`, `district` (of this code) or `elsewhere`, then `words` say where.

    `administrator_first`: the organisation's own administrator applies or reviews before.
    """

    to: str
    district: str = ""
    administrator_first: bool = False
    words: str = ""


def route_of(organisation: RecordView) -> Route:
    """Where the cases of this organisation's people are reviewed."""
    spec = declared(organisation.place)
    rules, facts = spec.routing, organisation.facts
    if facts.get("kind") in rules.elsewhere_kinds:
        return Route("elsewhere", words=rules.elsewhere)
    first = may_have_administrator(organisation)
    to_city = facts.get("affiliation") in rules.city_affiliations
    if to_city or (rules.city_supervised and organisation.supervised):
        return Route("city", administrator_first=first)
    district = facts.get("district", "")
    words = spec.districts.get(district, "")
    return Route("district", district=district, administrator_first=first, words=words)


def may_have_administrator(organisation: RecordView) -> bool:
    """Whether it is of a kind whose own administrator takes part (E-05)."""
    return organisation.facts.get("kind") in declared(organisation.place).routing.administrator_kinds


def destination_of(place: str, name: str) -> Destination:
    """Where the people of the organisation of exactly this name go today.

    Of several records of the name all must say the same.
    """
    if not name or not keeps(place, Sort.ORGANISATION):
        return Destination("unknown")
    records = unlike(place, Sort.ORGANISATION, name, facts=DECIDING)
    found = {Destination(route.to, route.district) for route in map(route_of, records)}
    if len(found) != 1:
        return Destination("several" if found else "unknown")
    return found.pop()
