"""Reads workflow.yaml and checks that every state can be reached and left by those who hold it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from yincai.engine.kinds import Type
from yincai.engine.loading.corrections import Reasons, check_acts_within, check_corrections, check_limits
from yincai.engine.loading.marked import Node
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader
from yincai.engine.parts import Scope, nearest
from yincai.engine.workflow import (
    APPLICANT,
    SYSTEM,
    Effect,
    Limit,
    Menu,
    Need,
    State,
    Transition,
    Unit,
    Workflow,
    reachable,
)

EVENT: Final = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
Holders = Collection[str] | None
"""The roles of the place; None when the place is not known."""


def read_workflow(
    node: Node, scope: Scope, roles: Holders, problems: Problems, *, reasons: Reasons = None
) -> Workflow:
    """Return the workflow table; what is wrong is noted."""
    reader = Reader(node, "workflow", problems)
    holders = None if roles is None else (APPLICANT, SYSTEM, *roles)
    state_nodes = [Reader(item, f"state {_name_of(item)}", problems) for item in reader.maps("states")]
    states = tuple(_state(item, holders, scope) for item in state_nodes)
    names = [state.name for state in states]
    initial = reader.one_of("initial", names)
    transition_nodes = [
        Reader(item, f"transition {_name_of(item)}", problems) for item in reader.maps("transitions")
    ]
    known = [_name_of(item.node) for item in transition_nodes]
    transitions = tuple(_transition(item, names, known, holders, scope) for item in transition_nodes)
    reader.done()
    _refuse_twins(state_nodes, names)
    _refuse_twins(transition_nodes, [item.name for item in transitions])
    workflow = Workflow(states=states, transitions=transitions, initial=initial)
    _check_paths(workflow, state_nodes)
    check_limits(workflow, state_nodes)
    check_acts_within(workflow, transition_nodes)
    check_corrections(workflow, transition_nodes, reasons)
    if transitions and not any(Effect.ASSIGN_REFERENCE in item.effects for item in transitions):
        reader.wrong(
            "transitions", "no transition assigns the reference", "add effects: [assign_reference] to one"
        )
    return workflow


def _state(reader: Reader, holders: Holders, scope: Scope) -> State:
    final = reader.flag("final", default=False)
    state = State(
        name=reader.name(),
        title=reader.text("title", longest=40),
        menu=reader.member("menu", Menu),
        holder=_holder(reader, "holder", holders, optional=final),
        final=final,
        limit=_limit(reader),
        hint=reader.text("hint", default=""),
        bring=tuple(item.text for item in reader.texts("bring")),
        bring_when=reader.expression("bring_when", scope, wants=Type.BOOL),
    )
    reader.done()
    return state


def _holder(reader: Reader, key: str, holders: Holders, *, optional: bool = False) -> str:
    default = "" if optional else None
    if holders is None:
        return reader.text(key, default=default)
    text = reader.text(key, default=default)
    if text and text not in holders:
        reader.wrong(key, f"the place has no role {text}", nearest(text, holders))
    return text


def _limit(reader: Reader, key: str = "limit") -> Limit | None:
    inner = reader.map(key, required=False)
    if inner is None:
        return None
    units = [unit for unit in Unit if inner.has(unit)]
    at_end = inner.text("at_end", default="", longest=40) if key == "limit" else ""
    inner.done()
    if len(units) != 1:
        reader.wrong(
            key, f"{key} does not name one unit", f"write {key}: {{working_days: 5}} or {{hours: 24}}"
        )
        return None
    return Limit(inner.whole(units[0], least=1, most=1000), units[0], at_end)


def _transition(
    reader: Reader, states: list[str], known: list[str], holders: Holders, scope: Scope
) -> Transition:
    sources = reader.texts("from") if reader.require("from") else []
    for node in sources:
        if node.text not in states:
            reader.problems.add(
                node, f"{reader.what}: from names no state ({node.text})", nearest(node.text, states)
            )
    target = reader.text("to")
    if target and target not in states:
        reader.wrong("to", f"to names no state ({target})", nearest(target, states))
    event = reader.text("event", longest=60)
    if event and not EVENT.fullmatch(event):
        reader.wrong("event", f"event is {event}", "write thing.past_participle such as case.submitted")
    transition = Transition(
        name=reader.name(),
        title=reader.text("title", longest=40),
        sources=tuple(node.text for node in sources),
        target=target,
        by=_holder(reader, "by", holders),
        event=event,
        guard=reader.expression("guard", scope, wants=Type.BOOL),
        refusal=reader.text("refusal", default="", longest=200),
        needs=frozenset(Need(word) for word in _words(reader, "needs", [need.value for need in Need])),
        not_by=_words(reader, "not_by", [name for name in known if name != _name_of(reader.node)]),
        effects=tuple(Effect(word) for word in _words(reader, "effects", [item.value for item in Effect])),
        bulk=reader.flag("bulk", default=False),
        day_of_month=reader.whole("day_of_month", least=1, most=28) if reader.has("day_of_month") else 0,
        confirms=reader.text("confirms", default="", longest=100),
        extends=_limit(reader, "extends"),
    )
    if transition.bulk and transition.by in (APPLICANT, SYSTEM):
        reader.wrong("bulk", f"{transition.by} does nothing for several cases at once", "delete bulk")
    if transition.day_of_month and transition.by != SYSTEM:
        reader.wrong("day_of_month", f"{transition.by} takes it, not the clock", "write by: system")
    if transition.guard is not None and not transition.refusal:
        reader.wrong(
            "guard", "there is a guard but no refusal", "add `refusal:` with the sentence people read"
        )
    reader.done()
    return transition


def _words(reader: Reader, key: str, known: list[str]) -> tuple[str, ...]:
    found = []
    for node in reader.texts(key):
        if node.text in known:
            found.append(node.text)
        else:
            reader.problems.add(node, f"{reader.what}: {key} has {node.text}", nearest(node.text, known))
    return tuple(found)


def _refuse_twins(readers: list[Reader], names: list[str]) -> None:
    for index, name in enumerate(names):
        if name and name in names[:index]:
            readers[index].wrong("name", "another one has this name", "give each its own name")


def _check_paths(workflow: Workflow, readers: list[Reader]) -> None:
    reached = reachable(workflow)
    for state, reader in zip(workflow.states, readers, strict=True):
        exits = [item for item in workflow.transitions if state.name in item.sources and not item.stays]
        if workflow.initial and state.name and state.name not in reached:
            reader.wrong(
                "name", "no way leads here from the initial state", "add a transition to it or delete it"
            )
        if state.final and exits:
            reader.wrong("final", f"it is final but {exits[0].name} leaves it", "delete one of them")
        if not state.final and not exits:
            reader.wrong("name", "no transition leaves it", "add one or write final: true")
        elif not state.final and state.holder and state.holder not in {item.by for item in exits}:
            reader.wrong(
                "holder",
                f"{state.holder} holds it but has no transition out of it",
                "add one or change the holder",
            )


def _name_of(node: Node) -> str:
    found = node.entries.get("name")
    return found.text if found is not None and found.text else "without a name"
