"""From rows to the values that cross the door (private to the room)."""

from __future__ import annotations

from collections.abc import Collection

from yincai.casework.models import Case, Material, Step
from yincai.casework.sealing import words_of
from yincai.casework.vocabulary import CaseView, MaterialView, StepView
from yincai.engine.workflow import Need
from yincai.programmes import queries as programmes

READABLE = {
    "applicant": frozenset({Need.REASON}),
    "staff": frozenset({Need.REASON, Need.OPINION}),
}
"""Whose eyes the words of a step are for; a confirmation is a tick, said by the title of its step."""


def case_view(case: Case) -> CaseView:
    """The case as other rooms see it."""
    return CaseView(
        id=case.id,
        publication_id=case.publication_id,
        place=case.place,
        programme=case.programme,
        variant=case.variant,
        account_id=case.account_id,
        state=case.state,
        state_since=case.state_since,
        due_at=case.due_at,
        changes=case.changes,
        reference=case.reference,
        round_number=case.round_number,
        opened_at=case.opened_at,
        submitted_at=case.submitted_at,
        ended_at=case.ended_at,
        claimed_by_id=case.claimed_by_id,
        claimed_until=case.claimed_until,
        office=case.office,
        assigned_to_id=case.assigned_to_id,
        spec=programmes.version(case.publication_id).programme,
    )


def step_view(case: Case, step: Step, *, readable: Collection[Need]) -> StepView:
    """One step as other rooms see it, with the `readable` ones of its words."""
    workflow = programmes.version(case.publication_id).programme.workflow
    titles = {way.name: way.title for way in workflow.transitions}
    return StepView(
        number=step.number,
        transition=step.transition,
        title=titles.get(step.transition, step.transition),
        source=step.source,
        target=step.target,
        target_title=workflow.state(step.target).title,
        actor_kind=step.actor_kind,
        actor_id=step.actor_id,
        role=step.role,
        words={need: text for need, text in words_of(case, step).items() if need in readable},
        at=step.at,
    )


def material_view(row: Material) -> MaterialView:
    """One document in a slot as other rooms see it."""
    return MaterialView(row.id, row.document_id, row.slot, row.round_number, row.added_at)
