"""The one door through which a case changes its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from yincai.casework.actions.ahead import Ahead, look_ahead
from yincai.casework.actions.correcting import check_items, close_correction, open_correction
from yincai.casework.actions.effects import EFFECTS
from yincai.casework.assuring import require_assurance
from yincai.casework.countering import enters_for, spend_confirmation
from yincai.casework.dossier import Dossier
from yincai.casework.limits import due
from yincai.casework.models import Case, Step
from yincai.casework.permissions import access_case, is_barred, may_extend, office_of, roles_for
from yincai.casework.sealing import seal
from yincai.casework.views import case_view
from yincai.casework.vocabulary import AlreadyLive, AskedItem, CaseView, FourEyes, NotClaimed, Verb
from yincai.engine import workflow
from yincai.engine.workflow import (
    APPLICANT,
    SYSTEM,
    WORDS,
    Need,
    State,
    Transition,
    TransitionNotAllowed,
    Workflow,
)
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, Problem, SomeoneWasFirst
from yincai.foundation.statements import Rows, insert
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes

TAKEN_WITH = Rows(Step, "case_id = %(case)s AND submission_key = %(key)s")
NEED_SENTENCES = {
    Need.REASON: "请写明理由，申请人会看到。",
    Need.OPINION: "请写明办理意见。",
    Need.CONFIRMATION: "请先勾选确认。",
}


def take_transition(
    case_id: UUID,
    *,
    actor: Actor,
    name: str,
    key: UUID,
    seen_changes: int | None = None,
    words: Mapping[str, str] | None = None,
    items: Sequence[AskedItem] = (),
) -> CaseView:
    """Take one declared transition: authorise, check the table and its guard, apply effects, write step
    and record.

    `key` is the submission key of the form: the same key again changes nothing and gives the same answer.
    `seen_changes` is the count of changes that the page was drawn from; a case that moved on since raises
    `SomeoneWasFirst`.  `items` are what the applicant is to put right, where the transition needs them;
    others leave them aside.  The end of a limit (`Limit.at_end`) is refused before it has come.

    Raises `NotAllowed`, `AssuranceNeeded`, `FourEyes`, `NotClaimed`, `Invalid` (something that must be given
    is missing), `AlreadyLive`.  Everything commits together or not at all.
    """
    ahead = look_ahead(case_id, actor=actor, name=name)
    try:
        with transaction.atomic():
            case = _fetch(case_id, actor)
            if _was_taken(case, key, actor, name):
                return case_view(case)
            if seen_changes is not None and seen_changes != case.changes:
                raise SomeoneWasFirst
            given = {k: v.strip() for k, v in (words or {}).items() if v.strip()}
            _take(case, actor, name, key, given, items, ahead)
    except IntegrityError as error:
        if "case_one_live_per_person" in str(error):
            raise AlreadyLive from error
        raise
    return case_view(case)


def _fetch(case_id: UUID, actor: Actor) -> Case:
    if actor.kind == "system":
        return Case.objects.select_for_update().get(id=case_id)
    return access_case(actor, case_id, Verb.READ, lock=True)


def _was_taken(case: Case, key: UUID, actor: Actor, name: str) -> bool:
    """Whether this form was sent before; `SomeoneWasFirst` when its key stands for another step."""
    step = TAKEN_WITH.first(case=case.id, key=key)
    if step is None:
        return False
    if (step.actor_id, step.transition) != (actor.id, name):
        raise SomeoneWasFirst("这个页面已经用来办理过别的步骤，这一步没有生效。请刷新页面后再办。")
    return True


def _take(
    case: Case,
    actor: Actor,
    name: str,
    key: UUID,
    words: dict[str, str],
    items: Sequence[AskedItem],
    ahead: Ahead,
) -> None:
    programme = programmes.version(case.publication_id).programme
    table = programme.workflow
    way = _find(table, case.state, name)
    if workflow.hands_in(way):
        require_assurance(case.account_id, programme, step="submit")
    dossier = Dossier.draft(case) if workflow.hands_in(way) else Dossier(case)
    role = _role_for(case, way, actor)
    _check_eyes(case, way, actor)
    if not may_extend(case, way):
        raise SomeoneWasFirst("这个环节的时限已经过了，或者已经延长过一次，不能再延长，没有作任何改动。")
    _check_limit(case, table, way)
    _check_words(way, words)
    check_items(way, dossier, items)
    was_in_correction, due_before = dossier.case.is_in_correction, case.due_at
    rules = [EFFECTS[effect] for effect in way.effects]
    for rule in rules:
        if rule.check is not None:
            rule.check(dossier)
    confirmed = spend_confirmation(actor, dossier) if actor.behalf is not None else ""
    ahead.settle(case, way)
    if way.guard is not None and not workflow.guard_passes(way, dossier.guard_facts):
        raise NotAllowed(way.refusal)
    changes: dict[str, Any] = {}
    payload: dict[str, Any] = {"transition": name, "from": case.state, "to": way.target}
    for rule in rules:
        rule.apply(dossier, changes, payload)
    _move(case, way, table.state(way.target), changes)
    payload["step"] = case.changes
    if way.extends is not None and case.due_at is not None:
        payload["due"] = case.due_at.isoformat()
    if was_in_correction:
        close_correction(case, way, due_at=due_before)
    if Need.ITEMS in way.needs:
        open_correction(case, items, payload)
    if actor.behalf is not None:
        payload["confirmed"] = confirmed
    who = Actor(kind=actor.kind, id=actor.id, role=role, behalf=actor.behalf)
    office = office_of(who, case.place)
    _write_step(case, way, who, key, words, source=payload["from"], office=office)
    record(chain=case.id, event=way.event, actor=who, payload=payload, office=office)
    for event in [rule.event for rule in rules if rule.event]:
        record(chain=case.id, event=event, actor=who, payload={"transition": name}, office=office)


def _find(table: Workflow, state: str, name: str) -> Transition:
    try:
        return workflow.find(table, state, name)
    except TransitionNotAllowed as error:
        raise SomeoneWasFirst("这件申请已经进入别的环节，这一步没有生效。请返回列表查看最新状态。") from error


def _role_for(case: Case, way: Transition, actor: Actor) -> str:
    """The role in which the actor takes this transition; refused when none of theirs may."""
    if way.by == SYSTEM and actor.kind == "system":
        return ""
    if way.by == APPLICANT and actor.kind == "applicant" and case.account_id == actor.id:
        return APPLICANT
    if way.by == APPLICANT and workflow.hands_in(way) and enters_for(actor, case):
        return actor.role
    if actor.kind == "staff" and way.by in roles_for(actor, case):
        access_case(actor, case.id, Verb.DECIDE)
        if not case_view(case).is_claimed_by(actor.id, at=clock.now()):
            raise NotClaimed
        return way.by
    raise NotAllowed("这一步不由您办理。请返回列表查看最新状态。")


def _check_eyes(case: Case, way: Transition, actor: Actor) -> None:
    if is_barred(actor, case, way):
        raise FourEyes


def _check_limit(case: Case, table: Workflow, way: Transition) -> None:
    """What ends a limit is refused while the limit runs; a claim on it may have come late (`pass_limit`)."""
    if way in workflow.due_ways(table, case.state) and (case.due_at is None or case.due_at > clock.now()):
        raise SomeoneWasFirst("这件申请的期限还没有到，这一步没有生效。")


def _check_words(way: Transition, words: Mapping[str, str]) -> None:
    problems = [
        Problem(need.value, NEED_SENTENCES[need])
        for need in sorted(way.needs & WORDS)
        if need.value not in words
    ]
    if problems:
        raise Invalid(problems[0].message, problems=problems)


def _move(case: Case, way: Transition, target: State, changes: dict[str, Any]) -> None:
    """The conditional update: whoever changed the case since it was read wins, and this attempt writes
    nothing."""
    now = clock.now()
    changes["changes"] = case.changes + 1
    if way.extends is not None:
        changes["due_at"] = due(target, case.state_since, longer=way.extends.amount)
        changes["told_of_limit"] = 0
    if not way.stays:
        changes |= {
            "state": target.name,
            "state_since": now,
            "due_at": due(target, now),
            "told_of_limit": 0,
            "claimed_by_id": None,
            "claimed_until": None,
            "assigned_to_id": None,
        }
    if target.final:
        changes["ended_at"] = now
    rows = Case.objects.filter(id=case.id, state=case.state, changes=case.changes).update(**changes)
    if rows != 1:
        raise SomeoneWasFirst
    case.refresh_from_db()


def _write_step(
    case: Case, way: Transition, actor: Actor, key: UUID, words: dict[str, str], *, source: str, office: str
) -> None:
    number = case.changes
    insert(
        Step(
            case=case,
            number=number,
            transition=way.name,
            source=source,
            target=way.target,
            actor_kind=actor.kind,
            actor_id=actor.id,
            role=actor.role,
            office=office,
            words=seal(case, words, context=f"step:{number}") if words else None,
            submission_key=key,
            at=clock.now() if way.stays else case.state_since,
        )
    )
