"""What takes its time is looked at before the case is locked (private to the room)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yincai.casework.actions.effects import EFFECTS
from yincai.casework.models import Case
from yincai.casework.permissions import access_case, roles_for
from yincai.casework.vocabulary import Verb
from yincai.engine.workflow import SYSTEM, Transition, leaving
from yincai.foundation.errors import YincaiError
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was found for a case at one count of its changes; None: nothing was looked at."""

    changes: int | None = None
    refusal: YincaiError | None = None

    def settle(self, case: Case, way: Transition) -> None:
        """Refuse what was found, or what is found now of a case that changed since."""
        found = self if self.changes == case.changes else _found(case, way)
        if found.refusal is not None:
            raise found.refusal


def look_ahead(case_id: UUID, *, actor: Actor, name: str) -> Ahead:
    """Make the checks of a transition that take their time; what they refuse is told when it is taken.

    Only for who may take it; everybody else is refused afterwards, in the usual order.
    """
    is_system = actor.kind == "system"
    case = Case.objects.get(id=case_id) if is_system else access_case(actor, case_id, Verb.READ)
    table = programmes.version(case.publication_id).programme.workflow
    held = {SYSTEM} if is_system else roles_for(actor, case)
    ways = [one for one in leaving(table, case.state) if one.name == name and one.by in held]
    return _found(case, ways[0]) if ways else Ahead()


def _found(case: Case, way: Transition) -> Ahead:
    checks = [rule.ahead for rule in (EFFECTS[effect] for effect in way.effects) if rule.ahead is not None]
    try:
        for check in checks:
            check(case.id)
    except YincaiError as error:
        return Ahead(case.changes, error)
    return Ahead(case.changes)
