"""The shape of a place: a city and what belongs to it beside its programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from yincai.engine.portal import Portal
from yincai.engine.spec import by_name

MENU_ENTRIES: Final = ("apply", "drafts", "in_review", "corrections", "refused", "approved", "cards")
"""The entries of the applicant's menu that a place may give words of its own."""


class Sees(StrEnum):
    """Whose cases a role sees: those of the whole place, or those of its holder's own office."""

    PLACE = "place"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of staff in a place.  ``assigns`` names the roles whose work its holders hand out."""

    name: str
    title: str
    duties: str = ""
    sees: Sees = Sees.PLACE
    assigns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How many different cases a member of staff may look into in a day before they show their second factor
    again and say why, and how many more each time they do."""

    daily: int = 300
    further: int = 100


@dataclass(frozen=True, slots=True)
class Office:
    """A window or office where people meet the authority."""

    name: str
    title: str
    address: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who exists in the demo only. ``roles`` empty: a resident."""

    username: str
    name: str
    office: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branding:
    """What the pages of a place call themselves."""

    site_title: str
    header_title: str = ""
    footer: tuple[str, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A city and what belongs to it beside its programmes."""

    name: str
    title: str
    owner: str
    branding: Branding
    roles: tuple[Role, ...]
    offices: tuple[Office, ...]
    people: tuple[DemoPerson, ...] = ()
    reading: Reading = Reading()
    menu: Mapping[str, str] = field(default_factory=dict)
    """What the entries of the applicant's menu are called here, by entry; the others keep their words."""
    portal: Portal = Portal()
    """From portal.yaml; an empty one where the place has none."""

    def role(self, name: str) -> Role:
        """Return the role of that name; ``KeyError`` when the place has none."""
        return by_name(self.roles, name)

    def office(self, name: str) -> Office:
        """Return the office of that name; ``KeyError`` when the place has none."""
        return by_name(self.offices, name)
