"""The workflow table of a programme: states, and the only ways from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from yincai.engine.expressions import Expression, Truth
from yincai.engine.kinds import Facts
from yincai.foundation.errors import SomeoneWasFirst

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
    ITEMS = "items"


class Effect(StrEnum):
    """What a transition does beside changing the state. A closed list: the platform knows each word."""

    FREEZE_ROUND = "freeze_round"
    ORDER_CARD = "order_card"
    RELEASE_EXCLUSIVITY = "release_exclusivity"
    ASSIGN_REFERENCE = "assign_reference"


WORDS: Final = frozenset({Need.REASON, Need.OPINION, Need.CONFIRMATION})
"""What is given in words; items are places of the form, each with its own reason."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a case may stay in a state. ``at_end`` names the system's transition taken when it has passed;
    empty when nothing follows by itself."""

    amount: int
    unit: Unit
    at_end: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A place where a case can rest. ``holder`` is ``applicant``, ``system`` or a role; empty when final.

    ``bring``: the applicant goes to the window of the case's office, with this, unless ``bring_when`` is
    false.
    """

    name: str
    title: str
    menu: Menu
    holder: str
    final: bool = False
    limit: Limit | None = None
    hint: str = ""
    bring: tuple[str, ...] = ()
    bring_when: Expression | None = None

    def is_brought(self, facts: Facts) -> bool:
        """Whether the applicant goes to the window in this state; an unknown condition rules nothing out."""
        ruled_out = self.bring_when is not None and self.bring_when.truth(facts) is Truth.FALSE
        return bool(self.bring) and not ruled_out


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one of ``sources`` to ``target``.

    ``by`` is a role, ``applicant`` or ``system``. ``not_by`` names earlier transitions whose actor must not
    act here (four eyes). ``guard`` must be TRUE; unknown refuses. ``bulk``: staff may take it for several
    cases at once.
    ``day_of_month`` (1 to 28, of ``system``
    alone) has the platform take it on that day of each month; 0: on no day. ``confirms`` is what the person
    who acts ticks where ``needs`` has a confirmation; empty: the usual sentence. One that leads to the state
    it comes from is an act within it (a visit, an extension): limit and holder stay; ``extends`` makes the
    limit of the state longer by so much, once for each time that a case is there.
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
    bulk: bool = False
    day_of_month: int = 0
    confirms: str = ""
    extends: Limit | None = None

    @property
    def stays(self) -> bool:
        """Whether the case is afterwards where it was."""
        return self.sources == (self.target,)


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

    def transition(self, name: str) -> Transition:
        """Return the transition of that name; ``KeyError`` when the workflow has none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)


class TransitionNotAllowed(SomeoneWasFirst):
    """No transition of that name leaves the state. Carries names only, no fact of the case."""

    def __init__(self, name: str, *, state: str) -> None:
        self.name, self.state = name, state
        super().__init__("这件申请现在的环节不能办这一步，没有作任何改动。请返回列表查看最新状态。")

    def __str__(self) -> str:
        return f"{self.name} does not leave {self.state}"


def find(workflow: Workflow, state: str, name: str) -> Transition:
    """Return the transition ``name`` if it leaves ``state``; else raise :class:`TransitionNotAllowed`."""
    for transition in workflow.transitions:
        if transition.name == name and state in transition.sources:
            return transition
    raise TransitionNotAllowed(name, state=state)


def hands_in(transition: Transition) -> bool:
    """Whether the applicant submits a round with it."""
    return transition.by == APPLICANT and Effect.FREEZE_ROUND in transition.effects


def leaving(workflow: Workflow, state: str) -> tuple[Transition, ...]:
    """Return every transition that leaves ``state``, in the order of the table."""
    return tuple(item for item in workflow.transitions if state in item.sources)


def reachable(workflow: Workflow, *, without: Effect | None = None) -> set[str]:
    """Return the states that a case can come to from the first; ``without``: by no way with that effect."""
    found: set[str] = set()
    waiting = [workflow.initial]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [item.target for item in leaving(workflow, name) if without not in item.effects]
    return found


def due_ways(workflow: Workflow, state: str) -> tuple[Transition, ...]:
    """Return what the system takes when the limit of ``state`` has passed, if anything is declared."""
    limit = workflow.state(state).limit
    name = limit.at_end if limit else ""
    return tuple(item for item in leaving(workflow, state) if name and item.name == name)


def guard_passes(transition: Transition, facts: Facts) -> bool:
    """Whether the guard is TRUE; a guard that is unknown or fails refuses (fail closed)."""
    return transition.guard is None or transition.guard.truth(facts) is Truth.TRUE


def available(workflow: Workflow, state: str, *, role: str, facts: Facts) -> list[Transition]:
    """Return what somebody in ``role`` (or ``applicant`` or ``system``) may do now, guards passed.

    Four eyes (``not_by``) is about persons, not roles: the caller checks it against the history.
    """
    return [item for item in leaving(workflow, state) if item.by == role and guard_passes(item, facts)]
