"""Which cases wait for a member of staff: lanes of one version, stage, variant and office (private to the
room)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from yincai.engine.place import Sees
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place, PublishedVersion


@dataclass(frozen=True, slots=True)
class Lane:
    """The cases that have all of this in common wait for the same people."""

    publication_id: UUID
    programme: str
    state: str
    variant: str
    office: str


def lanes_of(actor: Actor, place: str, *, reading: bool = False) -> list[Lane]:
    """The lanes in which this member of staff works or whose work they hand out.

    With `reading` those that they may only read are among them: an auditor reads everything.
    """
    if actor.id is None:
        return []
    content = programmes.place(place)
    held = people.appointments(actor.id, place=place)
    versions = programmes.every_version(place)
    found: dict[Lane, None] = {}
    for one in held:
        offices = offices_seen(content, one.role, one.office)
        roles = frozenset({one.role, *assigned_by(content, one.role)})
        for version in versions:
            states = _states(version, None if reading and one.role in READERS else roles)
            found |= dict.fromkeys(_lanes(version, states, offices))
    return list(found)


READERS = frozenset({"auditor"})


def only_reads(actor: Actor, place: str) -> bool:
    """Whether every role that this member of staff holds in the place reads and does nothing."""
    return actor.id is not None and people.staff_roles(actor.id, place=place) <= READERS


def assigned_by(content: Place, role: str) -> tuple[str, ...]:
    """The roles whose work the holders of a role hand out."""
    declared = {one.name: one.assigns for one in content.roles}
    return declared.get(role, ())


def offices_seen(content: Place, role: str, office: str) -> tuple[str, ...]:
    """The offices whose cases the holder of a role in an office sees; "" stands for cases of none."""
    sees = {one.name: one.sees for one in content.roles}.get(role, Sees.PLACE)
    if sees is Sees.OFFICE:
        return ("", office)
    return ("", *(one.name for one in content.offices))


def _lanes(version: PublishedVersion, states: Iterable[str], offices: tuple[str, ...]) -> list[Lane]:
    variants = [one.code for one in version.programme.variants] or [""]
    return [
        Lane(version.id, version.name, state, variant, office)
        for state in states
        for variant in variants
        for office in offices
    ]


def _states(version: PublishedVersion, roles: frozenset[str] | None) -> tuple[str, ...]:
    if roles is None:
        table = version.programme.workflow
        return tuple(one.name for one in table.states if not one.final and one.name != table.initial)
    return _states_for(version.id, roles)


@lru_cache(maxsize=1024)
def _states_for(publication_id: UUID, roles: frozenset[str]) -> tuple[str, ...]:
    """The states that wait for these roles, in order; kept, because a published version never changes."""
    table = programmes.version(publication_id).programme.workflow
    waiting = {state for way in table.transitions if way.by in roles for state in way.sources}
    return tuple(one.name for one in table.states if one.name in waiting)
