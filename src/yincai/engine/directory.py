"""What a place says about organisations, schools and majors: its words, its rules, its first rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

CITY_AUTHORITY: Final = "市人力资源和社会保障局"
DISTRICT_AUTHORITY: Final = "人力资源和社会保障局"
"""Who reviews (问答三), unless a place says otherwise."""


class Sort(StrEnum):
    """What a record is about."""

    ORGANISATION = "organisation"
    SCHOOL = "school"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Word:
    """One value of a list of the place, and what people read for it."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Routing:
    """Who reviews the cases of an organisation's people.

    The city takes those of an `affiliation` in `city_affiliations` and, with `city_supervised`, those that
    the city's commission for state-owned assets supervises; the organisation's district takes all
    others.  Those of a kind in `elsewhere_kinds` are no cases of this place: `elsewhere` says where they are.
    """

    administrator_kinds: tuple[str, ...]
    """Kinds whose own administrator applies or reviews before the authority does."""
    no_administrator: str
    """What people of any other kind are told who ask for that right."""
    city_affiliations: tuple[str, ...] = ()
    city_supervised: bool = False
    elsewhere_kinds: tuple[str, ...] = ()
    elsewhere: str = ""
    city_authority: str = CITY_AUTHORITY
    district_authority: str = DISTRICT_AUTHORITY
    """What stands behind the name of a district."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A row that the place's files bring; `is_example` where the true list is not known."""

    name: str
    code: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class DirectorySpec:
    """What `organisations.yaml`, `schools.yaml` and `majors.yaml` of a place say."""

    districts: Mapping[str, str]
    """The districts in which an organisation can be registered: code → title."""
    kinds: tuple[Word, ...]
    affiliations: tuple[Word, ...]
    routing: Routing
    support: str = ""
    """Where somebody turns whose form does not work."""
    school_kinds: tuple[Word, ...] = ()
    levels: tuple[Word, ...] = ()
    seeds: Mapping[Sort, tuple[Seed, ...]] = field(default_factory=dict)
