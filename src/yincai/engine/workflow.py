"""The workflow table of a programme: states, and the only ways from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from yincai.engine.expressions import Expression

APPLICANT: Final = "applicant"
SYSTEM: Final = "system"


class Menu(StrEnum):
    """The entry of the applicant's menu under which a case in a state is listed."""

    DRAFTS = "drafts"
    IN_REVIEW = "in_review"
    CORRECTION = "correction"
    REFUSED = "refused"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    NONE = "none"


class Unit(StrEnum):
    """What a limit counts."""

    WORKING_DAYS = "working_days"
    HOURS = "hours"


class Need(StrEnum):
    """What the person who acts must give with a transition."""

    REASON = "reason"
    OPINION = "opinion"
    CONFIRMATION = "confirmation"


class Effect(StrEnum):
    """What a transition does beside changing the state. A closed list: the platform knows each word."""

    FREEZE_ROUND = "freeze_round"
    ORDER_CARD = "order_card"
    RELEASE_EXCLUSIVITY = "release_exclusivity"
    ASSIGN_REFERENCE = "assign_reference"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a case may stay in a state."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class State:
    """A place where a case can rest. ``holder`` is ``applicant``, ``system`` or a role; empty when final."""

    name: str
    title: str
    menu: Menu
    holder: str
    final: bool = False
    limit: Limit | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one of ``sources`` to ``target``.

    ``by`` is a role, ``applicant`` or ``system``. ``not_by`` names earlier transitions whose actor must not
    act here (four eyes). ``guard`` must be TRUE; unknown refuses.
    """

    name: str
    title: str
    sources: tuple[str, ...]
    target: str
    by: str
    event: str
    guard: Expression | None = None
    refusal: str = ""
    needs: frozenset[Need] = frozenset()
    not_by: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """The whole table. ``initial`` is the state of a new draft."""

    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    initial: str
    by_name: Mapping[str, State] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = MappingProxyType({state.name: state for state in self.states})
        object.__setattr__(self, "by_name", by_name)

    def state(self, name: str) -> State:
        """Return the state of that name; ``KeyError`` when the workflow has none."""
        return self.by_name[name]
