"""What an officer does with a ticket: take it in hand, give it back, answer."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from yincai.directory.helping import words_of
from yincai.directory.models import Ticket, TicketMessage
from yincai.directory.ticket_words import (
    CLAIMED_FOR,
    SUPPORT,
    NotInHand,
    OwnTicket,
    TicketEvent,
    TicketStanding,
    TicketView,
)
from yincai.directory.tickets import reached, view_of
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor


def claim_ticket(ticket_id: UUID, *, actor: Actor) -> TicketView:
    """Take a ticket in hand for two hours; once more makes them two again.

    Raises `NotFound`, `OwnTicket`, `SomeoneWasFirst` while a colleague has it or when it waits no more.
    """
    with transaction.atomic():
        row = _locked(actor, ticket_id)
        now = clock.now()
        view = view_of(row)
        if row.standing != TicketStanding.WAITING or view.is_in_other_hands(actor.id, at=now):
            raise SomeoneWasFirst
        is_new = not view.is_claimed_by(actor.id, at=now)
        row.claimed_by, row.claimed_until = actor.id, now + CLAIMED_FOR
        row.save(update_fields=["claimed_by", "claimed_until"])
        if is_new:
            _record(row, TicketEvent.CLAIMED, actor)
    return view_of(row)


def release_ticket(ticket_id: UUID, *, actor: Actor) -> TicketView:
    """Give a ticket back that one has in hand.  `NotFound`, `NotInHand`."""
    with transaction.atomic():
        row = _locked(actor, ticket_id)
        _require_in_hand(row, actor)
        row.claimed_by = row.claimed_until = None
        row.save(update_fields=["claimed_by", "claimed_until"])
        _record(row, TicketEvent.RELEASED, actor)
    return view_of(row)


def answer_ticket(ticket_id: UUID, *, actor: Actor, text: str, key: UUID) -> TicketView:
    """Answer a ticket that one has in hand; whoever asked is told, and may come back to it.

    The same `key` answers once.  Raises `NotFound`, `NotInHand`, `OwnTicket`, `Invalid`, `SomeoneWasFirst`.
    """
    words, problems = words_of(text, path="text", needed="请写答复：原因是什么，请对方怎样做。")
    if problems:
        raise Invalid(problems=problems)
    with transaction.atomic():
        row = _locked(actor, ticket_id)
        if row.messages.filter(submission_key=key).exists():
            return view_of(row)
        _require_in_hand(row, actor)
        if row.standing != TicketStanding.WAITING:
            raise SomeoneWasFirst
        TicketMessage.objects.create(
            ticket=row, number=row.messages.count() + 1, author=actor.id, text=words, submission_key=key
        )
        row.standing, row.answered_at = TicketStanding.ANSWERED.value, clock.now()
        row.claimed_by = row.claimed_until = None
        row.save()
        _record(row, TicketEvent.ANSWERED, actor)
    return view_of(row)


def _locked(actor: Actor, ticket_id: UUID) -> Ticket:
    row = reached(actor, Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket_id).first())
    if row.account_id == actor.id:
        raise OwnTicket
    return row


def _require_in_hand(row: Ticket, actor: Actor) -> None:
    if not view_of(row).is_claimed_by(actor.id, at=clock.now()):
        raise NotInHand


def _record(row: Ticket, event: TicketEvent, actor: Actor) -> None:
    officer = Actor("staff", actor.id, SUPPORT)
    record(chain=row.pk, event=event, actor=officer, payload={"number": row.number or ""}, office=row.office)
