"""One officer holds a case at a time, for a lease that ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yincai.casework.finding import concerns
from yincai.casework.models import Case
from yincai.casework.permissions import (
    access_case,
    holds_for,
    is_on_record,
    led_by,
    office_of,
    roles_of,
    ways_open_to,
    works_on,
)
from yincai.casework.views import case_view
from yincai.casework.vocabulary import (
    ASSIGNED,
    CLAIMED,
    RELEASED,
    CaseView,
    FourEyes,
    HandedToColleague,
    NotOnRecord,
    Verb,
)
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, Problem, SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.queries import changes
from yincai.ledger.vocabulary import JSON, SYSTEM, Actor

LEASE = timedelta(hours=4)
LONGEST_REASON = 200


def claim_case(case_id: UUID, *, actor: Actor) -> CaseView:
    """Take the case in hand for four hours; claiming one's own again renews the lease.

    `SomeoneWasFirst` when another officer holds it, `FourEyes` when nothing here is left for this one to do,
    `NotOnRecord` for one of whom no document is known: whose own cases these are could not be told.
    """
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.CLAIM, lock=True)
        ways = ways_open_to(actor, case)
        if not ways:
            raise FourEyes
        if not is_on_record(actor):
            raise NotOnRecord
        if case.assigned_to_id is not None and not holds_for(actor, case):
            raise HandedToColleague
        now = clock.now()
        free = Q(claimed_by__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_by=actor.id)
        taken = Case.objects.filter(free, id=case.id).update(claimed_by=actor.id, claimed_until=now + LEASE)
        if taken != 1:
            raise SomeoneWasFirst("这件申请刚被另一位同事领取。请从队列另选一件。")
        if not case_view(case).is_claimed_by(actor.id, at=now):
            _record(case, CLAIMED, replace(actor, role=ways[0].by))
        case.refresh_from_db()
    return case_view(case)


def release_case(case_id: UUID, *, actor: Actor) -> CaseView:
    """Give the case back to the queue, wherever it is by now; nothing happens when the actor holds it not."""
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.READ, lock=True)
        held = Case.objects.filter(id=case.id, claimed_by=actor.id)
        if held.update(claimed_by=None, claimed_until=None):
            _record(case, RELEASED, actor)
        case.refresh_from_db()
    return case_view(case)


def give_back(case_id: UUID, *, holder: UUID) -> None:
    """Take a case from somebody who can work on it no more, whoever claimed it or handed it to them: it goes
    back to the queue, recorded.  Nothing happens to one on which their present roles work."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(id=case_id)
        is_claimed, is_assigned = case.claimed_by_id == holder, case.assigned_to_id == holder
        if not (is_claimed or is_assigned) or ways_open_to(Actor("staff", holder), case):
            return
        if is_claimed:
            Case.objects.filter(id=case_id).update(claimed_by=None, claimed_until=None)
            _record(case, RELEASED, SYSTEM)
        if is_assigned:
            Case.objects.filter(id=case_id).update(assigned_to=None)
            words = {"reason": "原承办人已不在这个岗位。"}
            payload: dict[str, JSON] = {"to": "", "key": ""}
            # a sentence of the platform's own, so that it is nobody's
            record(chain=case_id, event=ASSIGNED, actor=SYSTEM, payload=payload, words=words, person=None)


def renew_claim(case_id: UUID, *, actor: Actor) -> CaseView:
    """Begin the lease of four hours anew, for who holds it; `SomeoneWasFirst` for who does not, and nothing
    changes.  No entry: who holds the case stays the same."""
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.READ, lock=True)
        now = clock.now()
        held = Case.objects.filter(id=case.id, claimed_by=actor.id, claimed_until__gt=now)
        if held.update(claimed_until=now + LEASE) != 1:
            raise SomeoneWasFirst("您已经不持有这件申请，续期没有成功。请重新领取后再办理。")
        case.refresh_from_db()
    return case_view(case)


def assign_case(
    case_id: UUID,
    *,
    actor: Actor,
    to: UUID | None,
    reason: str,
    seen_changes: int | None = None,
    key: UUID | None = None,
    seen_holder: UUID | None = None,
) -> CaseView:
    """Hand a case to a colleague who works on its stage, or to nobody in particular (`to` None); recorded.

    A claim of somebody else ends.  Where it already is as asked, nothing changes and nothing is recorded.
    `key` is the submission key of the form: the same key again changes nothing.  With it, `seen_holder` is
    who held the case when the page was drawn, and `seen_changes` the count of changes: a case that moved on
    or that somebody else claimed since raises `SomeoneWasFirst`.  `Invalid` without a reason, for a colleague
    without the role, and for one whom four eyes or the case itself keep away.
    """
    reason = reason.replace("\0", "").strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Invalid(
            f"请写明分派理由（{LONGEST_REASON} 字以内）。", problems=[Problem("reason", "请写明分派理由。")]
        )
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.ASSIGN, lock=True)
        if key is not None and _was_assigned(case, key):
            return case_view(case)
        if seen_changes is not None and seen_changes != case.changes:
            raise SomeoneWasFirst
        if case.assigned_to_id == to and case.claimed_by_id in (None, to):
            return case_view(case)
        if key is not None and case.claimed_by_id not in (None, seen_holder):
            raise SomeoneWasFirst("这件申请刚被一位同事领取，分派没有办成，领取不受影响。请刷新后再看。")
        if to is not None:
            _check_colleague(case, Actor("staff", to))
        Case.objects.filter(id=case.id).update(assigned_to=to, claimed_by=None, claimed_until=None)
        who = replace(actor, role=_leading_role(actor, case))
        record(
            chain=case.id,
            event=ASSIGNED,
            actor=who,
            payload={"to": str(to) if to else "", "key": str(key or "")},
            office=office_of(who, case.place),
            words={"reason": reason},
            person=case.account_id,
        )
        case.refresh_from_db()
    return case_view(case)


def _was_assigned(case: Case, key: UUID) -> bool:
    """Whether this form was sent before: its key stands in the record."""
    handed = (one for one in changes(case.id) if one.event == ASSIGNED)
    return any(one.payload.get("key") == str(key) for one in handed)


def _check_colleague(case: Case, colleague: Actor) -> None:
    if not is_on_record(colleague):
        raise Invalid(NotOnRecord().sentence, problems=[Problem("to", NotOnRecord().sentence)])
    case.assigned_to_id = colleague.id  # judged as if it were theirs, so that another office may help out
    if case.account_id == colleague.id or concerns(colleague, case) or not ways_open_to(colleague, case):
        sentence = "这位同事不能办理这个环节（岗位不符、办理过前一环节，或申请涉及本人）。请另选一位同事。"
        raise Invalid(sentence, problems=[Problem("to", sentence)])


def _leading_role(actor: Actor, case: Case) -> str:
    held = sorted(roles_of(actor, case.place))
    return next((role for role in held if works_on(led_by(frozenset({role}), case.place), case)), "")


def _record(case: Case, event: str, actor: Actor) -> None:
    record(chain=case.id, event=event, actor=actor, payload={}, office=office_of(actor, case.place))
