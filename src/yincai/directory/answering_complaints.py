"""What is done with a complaint: taken in hand, given back, somebody kept away, answered."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from yincai.directory.complaint_words import (
    SUPERVISOR,
    ComplaintEvent,
    ComplaintStanding,
    ComplaintView,
    Outcome,
)
from yincai.directory.complaints import may_handle, officer_of, seen_by, view_of
from yincai.directory.helping import words_of
from yincai.directory.models import Complaint
from yincai.directory.ticket_words import CLAIMED_FOR, NotInHand
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem, SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, Actor
from yincai.people import queries as people


def claim_complaint(complaint_id: UUID, *, actor: Actor) -> ComplaintView:
    """Take a complaint in hand that does not concern oneself.

    Raises `NotFound` for whom it concerns, `NotAllowed` for who only watches, `SomeoneWasFirst`.
    """
    with transaction.atomic():
        row = _locked(actor, complaint_id)
        now = clock.now()
        if not view_of(row).is_waiting or view_of(row).is_in_other_hands(actor.id, at=now):
            raise SomeoneWasFirst
        is_new = not view_of(row).is_claimed_by(actor.id, at=now)
        row.claimed_by, row.claimed_until = actor.id, now + CLAIMED_FOR
        row.save(update_fields=["claimed_by", "claimed_until"])
        if is_new:
            _record(row, ComplaintEvent.CLAIMED, actor)
    return view_of(row)


def release_complaint(complaint_id: UUID, *, actor: Actor) -> ComplaintView:
    """Give a complaint back that one has in hand.  `NotFound`, `NotInHand`."""
    with transaction.atomic():
        row = _locked(actor, complaint_id)
        _require_in_hand(row, actor)
        row.claimed_by = row.claimed_until = None
        row.save(update_fields=["claimed_by", "claimed_until"])
        _record(row, ComplaintEvent.RELEASED, actor)
    return view_of(row)


def keep_away(complaint_id: UUID, *, actor: Actor, account: UUID) -> ComplaintView:
    """Keep a member of staff away from a complaint for good: oneself (回避), or whom a supervisor names.

    They lose it if they have it in hand.  Raises `NotFound`, also for who does not work in the place, and
    `NotAllowed` for another than oneself without the supervisor's role.
    """
    with transaction.atomic():
        row = _locked(actor, complaint_id)
        is_supervisor = actor.id is not None and SUPERVISOR in people.staff_roles(actor.id, place=row.place)
        if account != actor.id and not is_supervisor:
            raise NotAllowed
        if not people.staff_roles(account, place=row.place):
            raise NotFound
        if not view_of(row).is_waiting:
            raise SomeoneWasFirst
        if account in row.kept_away:
            return view_of(row)
        row.kept_away = sorted({*row.kept_away, account})
        if row.claimed_by == account:
            row.claimed_by = row.claimed_until = None
        _record(row, ComplaintEvent.KEPT_AWAY, actor, account=str(account))
        row.save(update_fields=["kept_away", "claimed_by", "claimed_until"])
    return view_of(row)


def answer_complaint(complaint_id: UUID, *, actor: Actor, outcome: str, text: str) -> ComplaintView:
    """Answer a complaint that one has in hand, in words and for good; whoever made it is told.

    Raises `NotFound` for whom it concerns, `NotInHand`, `Invalid` with problems at `outcome` and `text`.
    """
    words, problems = words_of(text, path="text", needed="请写明核查经过、结果和依据，投诉人会看到全文。")
    if outcome not in list(Outcome):
        problems = [Problem("outcome", "请选择核查结果。"), *problems]
    if problems:
        raise Invalid(problems=problems)
    with transaction.atomic():
        row = _locked(actor, complaint_id)
        if row.standing != ComplaintStanding.WAITING:
            raise SomeoneWasFirst
        _require_in_hand(row, actor)
        row.standing, row.answered_at = ComplaintStanding.ANSWERED.value, clock.now()
        row.answered_by, row.outcome, row.answer = actor.id, outcome, words
        row.claimed_by = row.claimed_until = None
        row.save()
        _record(row, ComplaintEvent.ANSWERED, actor, outcome=outcome)
    return view_of(row)


def _locked(actor: Actor, complaint_id: UUID) -> Complaint:
    found = Complaint.objects.select_for_update(of=("self",)).filter(pk=complaint_id).first()
    row = seen_by(actor, found)
    if not may_handle(actor, row.place):
        raise NotAllowed
    return row


def _require_in_hand(row: Complaint, actor: Actor) -> None:
    if not view_of(row).is_claimed_by(actor.id, at=clock.now()):
        raise NotInHand


def _record(row: Complaint, event: ComplaintEvent, actor: Actor, **payload: JSON) -> None:
    record(
        chain=row.pk,
        event=event,
        actor=officer_of(actor, row),
        payload={"number": row.number, **payload},
        office=row.office,
    )
