"""The business systems (应用) that the portal of a place leads to.  Door: `queries`."""

from __future__ import annotations

from dataclasses import dataclass

from yincai.engine.portal import Application
from yincai.programmes.places import load_place
from yincai.programmes.vocabulary import NoSuchProgramme


@dataclass(frozen=True, slots=True)
class System:
    """A business system with the place whose it is."""

    place: str
    place_title: str
    application: Application

    @property
    def key(self) -> tuple[str, str]:
        """Under which accounts keep it."""
        return self.place, self.application.name


def systems(place: str) -> list[System]:
    """What the portal of a place leads to: those that can be entered first, then as its folder lists them.

    A system borrowed from a place that is not here, or has no such system, is left out.
    """
    content = load_place(place)
    own = [System(place, content.title, one) for one in content.portal.applications]
    borrowed = [found for other, name in content.portal.borrowed if (found := system(other, name))]
    return sorted(own + borrowed, key=lambda one: not one.application.is_open)


def system(place: str, name: str) -> System | None:
    """One business system of a place, or None."""
    try:
        content = load_place(place)
    except NoSuchProgramme:
        return None
    found = content.portal.application(name)
    return None if found is None else System(place, content.title, found)


def system_of(place: str, programme: str) -> System | None:
    """The business system that a programme belongs to; None where it needs none."""
    content = load_place(place)
    found = content.portal.application_of(programme)
    return None if found is None else System(place, content.title, found)
