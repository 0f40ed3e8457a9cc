"""Tickets as they are seen: one's own, those that wait for the officers, one of either."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yincai.directory.helping import is_progress_code, offices_reached
from yincai.directory.models import Ticket
from yincai.directory.ticket_words import (
    SUPPORT,
    NoProgress,
    Part,
    TicketMessageView,
    TicketStanding,
    TicketView,
    Topic,
)
from yincai.directory.vocabulary import PAGE
from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.foundation.paging import BEFORE_ALL, Key
from yincai.foundation.statements import Rows
from yincai.ledger.actions import record_read
from yincai.ledger.vocabulary import Actor

READING = "答复技术支持"
Page = tuple[list[TicketView], Key | None]
_WAITING = Rows(
    Ticket,
    "place = %(place)s AND standing = 'waiting' AND office = ANY(%(offices)s)"
    " AND (due_at, id) > (%(at)s, %(id)s) ORDER BY due_at, id LIMIT %(size)s",
)
_DONE = Rows(
    Ticket,
    "place = %(place)s AND standing IN ('answered', 'closed') AND office = ANY(%(offices)s)"
    " AND (waiting_since, id) < (%(at)s, %(id)s) ORDER BY waiting_since DESC, id DESC LIMIT %(size)s",
)
_OWN = Rows(
    Ticket,
    "account_id = %(account)s AND place = %(place)s AND (asked_at, id) < (%(at)s, %(id)s)"
    " ORDER BY asked_at DESC, id DESC LIMIT %(size)s",
)
_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)


def own_tickets(account: UUID, place: str, *, after: Key | None = None) -> Page:
    """A page of what somebody asked in a place, newest first, and the key of the next."""
    at, key = after or (clock.now(), _LAST)
    rows = _OWN.all(account=account, place=place, at=at, id=key, size=PAGE + 1)
    return _page(rows, lambda row: row.asked_at)


def own_ticket(actor: Actor, ticket_id: UUID, *, code: str = "") -> TicketView:
    """One's own ticket with everything that was said; `NotFound` for others'.

    `code` is the progress code of somebody without an account.
    """
    row = Ticket.objects.filter(pk=ticket_id).exclude(standing=TicketStanding.UNCONFIRMED.value).first()
    if row is None:
        raise NotFound
    if row.account_id is not None:
        mine = actor.kind == "applicant" and actor.id == row.account_id
    else:
        mine = is_progress_code(row.pk, code)
    if not mine:
        raise NotFound
    return view_of(row, with_messages=True)


def ticket_by_code(number: str, code: str, *, place: str) -> UUID:
    """The ticket of somebody without an account; `NoProgress` whichever of the two is wrong."""
    row = Ticket.objects.filter(number=number.strip().upper(), place=place, account=None).first()
    if not is_progress_code(row.pk if row else _FIRST, code) or row is None:
        raise NoProgress
    return row.pk


def waiting_tickets(actor: Actor, place: str, *, after: Key | None = None) -> Page:
    """A page of what waits for an answer, soonest due first; `NotFound` for who answers nobody here."""
    at, key = after or BEFORE_ALL
    offices = _offices(actor, place)
    rows = _WAITING.all(place=place, offices=offices, at=at, id=key, size=PAGE + 1)
    return _page(rows, lambda row: row.due_at)


def answered_tickets(actor: Actor, place: str, *, after: Key | None = None) -> Page:
    """A page of what was answered or ended, newest first; `NotFound` for who answers nobody here."""
    at, key = after or (clock.now(), _LAST)
    offices = _offices(actor, place)
    rows = _DONE.all(place=place, offices=offices, at=at, id=key, size=PAGE + 1)
    return _page(rows, lambda row: row.waiting_since)


def may_answer(actor: Actor, place: str) -> bool:
    """Whether this member of staff answers tickets of the place now."""
    return bool(offices_reached(actor, place, SUPPORT))


def open_ticket(actor: Actor, ticket_id: UUID, *, what: str = "ticket", stated: str = "") -> TicketView:
    """A ticket as an officer sees it, with everything that was said; the look is on record.  Else `NotFound`.

    `stated` is why they look, in their own words.
    """
    row = reached(actor, Ticket.objects.filter(pk=ticket_id).first())
    officer = Actor("staff", actor.id, SUPPORT)
    record_read(chain=row.pk, actor=officer, purpose=READING, what=what, office=row.office, stated=stated)
    return view_of(row, with_messages=True)


def reached(actor: Actor, row: Ticket | None) -> Ticket:
    """The ticket, when this member of staff may see it; `NotFound` otherwise."""
    if row is None or row.standing == TicketStanding.UNCONFIRMED:
        raise NotFound
    if row.office not in offices_reached(actor, row.place, SUPPORT):
        raise NotFound
    return row


def unconfirmed_ticket(ticket_id: UUID) -> TicketView:
    """A ticket that waits for the code of its phone; `NotFound` for any other."""
    row = Ticket.objects.filter(pk=ticket_id, standing=TicketStanding.UNCONFIRMED.value).first()
    if row is None:
        raise NotFound
    return view_of(row)


def ticket_for_messages(ticket_id: UUID) -> TicketView:
    """A ticket, for whoever tells what became of it.  Raises `NotFound`."""
    row = Ticket.objects.filter(pk=ticket_id).first()
    if row is None:
        raise NotFound
    return view_of(row)


def view_of(row: Ticket, *, with_messages: bool = False) -> TicketView:
    """A row as other rooms see it."""
    return TicketView(
        id=row.pk,
        number=row.number or "",
        place=row.place,
        office=row.office,
        topic=Topic(row.topic),
        account=row.account_id,
        name=row.name,
        phone=row.phone,
        context={Part(name): said for name, said in row.context.items()},
        standing=TicketStanding(row.standing),
        asked_at=row.asked_at,
        waiting_since=row.waiting_since,
        due_at=row.due_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        claimed_by=row.claimed_by,
        claimed_until=row.claimed_until,
        messages=_messages(row) if with_messages else (),
    )


def _messages(row: Ticket) -> tuple[TicketMessageView, ...]:
    found = row.messages.order_by("number")
    return tuple(
        TicketMessageView(one.number, one.author, one.text, tuple(one.documents), one.at) for one in found
    )


def _offices(actor: Actor, place: str) -> Sequence[str]:
    offices = offices_reached(actor, place, SUPPORT)
    if not offices:
        raise NotFound
    return sorted(offices)


def _page(rows: list[Ticket], at: object) -> Page:
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    return [view_of(row) for row in shown], (at(last), last.pk) if last else None  # type: ignore[operator]  # a column
