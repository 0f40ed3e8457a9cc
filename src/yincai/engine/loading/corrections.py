"""Checks what workflow.yaml says about limits that end by themselves and about handing a case back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from yincai.engine.loading.reader import Reader
from yincai.engine.parts import nearest
from yincai.engine.reasons import Pin, Reason
from yincai.engine.workflow import (
    APPLICANT,
    SYSTEM,
    Effect,
    Need,
    Transition,
    Workflow,
    hands_in,
    leaving,
    reachable,
)

REASONS_FILE: Final = "reasons.yaml"
Reasons = Sequence[Reason] | None
"""The reasons of the place; None when the place is not known."""


def check_limits(workflow: Workflow, readers: list[Reader]) -> None:
    """Note every limit whose end names no transition of the system out of its state."""
    for state, reader in zip(workflow.states, readers, strict=True):
        name = state.limit.at_end if state.limit else ""
        ways = [item.name for item in leaving(workflow, state.name) if item.by == SYSTEM]
        if name and name not in ways:
            fix = nearest(name, ways) if ways else "add a transition by system from this state"
            reader.wrong("limit", f"at_end is {name}, which is no way of the system out of it", fix)


def check_acts_within(workflow: Workflow, readers: list[Reader]) -> None:
    """Note every act within a state that is more than one, and every extension of what has no such limit."""
    for way, reader in zip(workflow.transitions, readers, strict=True):
        if way.target in way.sources and (not way.stays or way.by in (APPLICANT, SYSTEM) or way.effects):
            reader.wrong(
                "to",
                "an act within a state is one of staff, from that state alone and without effects",
                "write one transition for each state, and none of effects",
            )
        elif way.extends is not None and not _is_extended(workflow, way):
            reader.wrong(
                "extends",
                "it extends no limit counted in the same unit",
                "lead it to the state it comes from, whose limit is in the same unit",
            )


def _is_extended(workflow: Workflow, way: Transition) -> bool:
    limit = workflow.by_name[way.target].limit if way.stays and way.target in workflow.by_name else None
    return limit is not None and way.extends is not None and limit.unit is way.extends.unit


def check_corrections(workflow: Workflow, readers: list[Reader], reasons: Reasons) -> None:
    """Note what cannot work where a case that was handed in goes back to its applicant."""
    before = reachable(workflow, without=Effect.FREEZE_ROUND)  # never handed in
    for way, reader in zip(workflow.transitions, readers, strict=True):
        if Need.ITEMS in way.needs:
            _check_request(workflow, way, reader, before)
            _check_reasons(reasons, reader)
        elif _gives_back(workflow, way) and not set(way.sources) <= before:
            reader.wrong(
                "to",
                f"it hands {way.target} back to the applicant and says not what may change",
                "add needs: [items]",
            )


def _check_request(workflow: Workflow, way: Transition, reader: Reader, before: set[str]) -> None:
    if way.by in (APPLICANT, SYSTEM):
        reader.wrong("needs", f"items cannot be picked by {way.by}", "let a role take it")
    if set(way.sources) & before:
        reader.wrong("from", "nothing was handed in yet where it begins", "begin after the first submission")
    if way.target in workflow.by_name and not _gives_back(workflow, way):
        reader.wrong(
            "to",
            f"the applicant cannot hand in again from {way.target}",
            "give that state holder: applicant and a transition by applicant with effects: [freeze_round]",
        )
    elif way.target in workflow.by_name and workflow.state(way.target).limit is None:
        reader.wrong("to", f"{way.target} has no limit", "add limit: {working_days: 10} to that state")


def _check_reasons(reasons: Reasons, reader: Reader) -> None:
    """An officer must find a reason for whatever they tick, or nothing can be sent."""
    if reasons is None:
        return
    if not reasons:
        reader.wrong(
            "needs", "the place has no reasons to pick for items", f"add {REASONS_FILE} beside place.yaml"
        )
        return
    for pin in Pin:
        if not any(pin in reason.about for reason in reasons):
            fix = f"add one with about: [{pin}] to {REASONS_FILE}"
            reader.wrong("needs", f"the place has no reason about a {pin}", fix)


def _gives_back(workflow: Workflow, way: Transition) -> bool:
    """Whether the applicant holds the case after it and can hand it in."""
    target = workflow.by_name.get(way.target)
    return (
        target is not None
        and target.holder == APPLICANT
        and any(hands_in(item) for item in leaving(workflow, target.name))
    )
