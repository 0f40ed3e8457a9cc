from __future__ import annotations

import pytest

from yincai.engine.expressions import parse
from yincai.engine.kinds import Kind, Type
from yincai.engine.workflow import (
    Menu,
    State,
    Transition,
    TransitionNotAllowed,
    Workflow,
    available,
    find,
    guard_passes,
    leaving,
)

GUARD = parse("complete", names={"complete": Kind.CHECKBOX}, wants=Type.BOOL)
DRAFT = State("draft", "草稿箱", Menu.DRAFTS, "applicant")
DESK = State("desk", "正在审批", Menu.IN_REVIEW, "reviewer")
DONE = State("done", "审批通过", Menu.APPROVED, "", final=True)
SUBMIT = Transition("submit", "送审", ("draft",), "desk", "applicant", "case.submitted", guard=GUARD)
DROP = Transition("drop", "撤回", ("draft", "desk"), "done", "applicant", "case.withdrawn")
APPROVE = Transition("approve", "通过", ("desk",), "done", "reviewer", "case.approved")
TABLE = Workflow((DRAFT, DESK, DONE), (SUBMIT, DROP, APPROVE), "draft")


@pytest.mark.parametrize(
    ("state", "role", "facts", "names"),
    [
        ("draft", "applicant", {"complete": True}, ["submit", "drop"]),
        ("draft", "applicant", {"complete": False}, ["drop"]),
        ("draft", "applicant", {}, ["drop"]),
        ("draft", "reviewer", {"complete": True}, []),
        ("desk", "reviewer", {}, ["approve"]),
        ("desk", "applicant", {}, ["drop"]),
        ("done", "reviewer", {}, []),
    ],
)
def test_available_lists_what_a_role_may_do(state, role, facts, names):
    assert [item.name for item in available(TABLE, state, role=role, facts=facts)] == names


def test_find_returns_the_transition_only_where_it_leaves():
    assert find(TABLE, "desk", "approve") is APPROVE
    with pytest.raises(TransitionNotAllowed, match=r"^approve does not leave draft$"):
        find(TABLE, "draft", "approve")
    with pytest.raises(TransitionNotAllowed):
        find(TABLE, "draft", "no_such")


def test_workflow_looks_up_by_name():
    assert TABLE.state("desk") is DESK
    assert TABLE.transition("drop") is DROP
    assert leaving(TABLE, "desk") == (DROP, APPROVE)
    with pytest.raises(KeyError):
        TABLE.state("nowhere")
    with pytest.raises(KeyError):
        TABLE.transition("nothing")


@pytest.mark.parametrize(("value", "passes"), [(True, True), (False, False), (None, False), ("yes", False)])
def test_guard_that_is_not_plainly_true_refuses(value, passes):
    assert guard_passes(SUBMIT, {"complete": value}) is passes
