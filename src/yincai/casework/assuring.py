"""Whether the owner of an account is known as surely as a programme asks at a step."""

from __future__ import annotations

from uuid import UUID

from yincai.casework.models import Case
from yincai.casework.refusals import AssuranceNeeded
from yincai.engine.spec import Programme
from yincai.people import queries as people
from yincai.people.vocabulary import Level
from yincai.programmes import queries as programmes


def require_assurance(account_id: UUID, programme: Programme, *, step: str) -> None:
    """Pass whoever is known surely enough for `step` (open, submit, card), else raise `AssuranceNeeded`."""
    needed = Level[getattr(programme.assurance, step).upper()]
    if needed > Level.REGISTERED and people.assurance_of(account_id).level < needed:
        raise AssuranceNeeded(needed.title)


def require_assurance_for_card(case_id: UUID) -> None:
    """`require_assurance` of the applicant whose card of this case is to be taken; nothing for no case."""
    case = Case.objects.filter(pk=case_id).first()
    if case is not None:
        programme = programmes.version(case.publication_id).programme
        require_assurance(case.account_id, programme, step="card")
