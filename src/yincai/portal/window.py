"""The way to the window: where to go with a case, when it is open, and what to bring."""

from __future__ import annotations

from dataclasses import dataclass

from yincai.casework.vocabulary import CaseView
from yincai.engine.kinds import Facts
from yincai.engine.place import Office
from yincai.engine.workflow import State
from yincai.programmes import queries as programmes


@dataclass(frozen=True, slots=True)
class Window:
    """An office, and what to bring there."""

    office: Office
    bring: tuple[str, ...]


def window_now(case: CaseView, facts: Facts) -> Window | None:
    """The window to which the applicant goes where the case is now; None when they need not."""
    return _window(case, case.current_state, facts)


def window_ahead(case: CaseView, facts: Facts) -> Window | None:
    """The window to which a case just handed in will take its applicant; None when it never does."""
    states = case.spec.workflow.states
    return next((found for state in states if (found := _window(case, state, facts)) is not None), None)


def _window(case: CaseView, state: State, facts: Facts) -> Window | None:
    known = {one.name: one for one in programmes.place(case.place).offices}
    return (
        Window(known[case.office], state.bring) if state.is_brought(facts) and case.office in known else None
    )
