"""Asking for help, answering back, ending it: what whoever asks does with a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from yincai.directory.helping import (
    check_files,
    due_after,
    is_progress_code,
    line_of,
    next_number,
    offers_support,
    offices_of,
    words_of,
)
from yincai.directory.models import Ticket, TicketMessage
from yincai.directory.ticket_words import (
    CLOSED_AFTER,
    REPLIES_A_DAY,
    STRANGERS_PER_PHONE,
    TICKET_DAYS,
    TICKETS_A_DAY,
    NoSupport,
    Part,
    TicketEvent,
    TicketStanding,
    TicketView,
    TooLateToReopen,
    Topic,
)
from yincai.directory.tickets import view_of
from yincai.documents import actions as documents
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, Problem, SomeoneWasFirst
from yincai.foundation.identifiers import IdentifierError, normalise_phone, takes_text_messages
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import ANONYMOUS, JSON, SYSTEM, Actor
from yincai.people import actions as people
from yincai.people.vocabulary import CodeUse

PREFIX = "ZX"
LONGEST_NAME, LONGEST_PART = 60, 200
UNCONFIRMED_FOR = timedelta(days=1)
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, as it was typed; `context` is what they let us send along."""

    topic: str
    text: str
    office: str = ""
    name: str = ""
    phone: str = ""
    context: Mapping[Part, str] = field(default_factory=dict)
    uploads: Sequence[UUID] = ()


def ask_ticket(question: Question, *, actor: Actor, place: str, key: UUID) -> TicketView:
    """Ask as somebody signed in; the number and three working days run from now.

    The same `key` gives the ticket that it gave before.  Raises `NoSupport`, `Invalid` with problems by
    input, `TooManyAttempts`, `NotFound` for somebody else's file.
    """
    if actor.kind != "applicant" or actor.id is None:
        raise NotFound
    if (twin := _of_key(key, account=actor.id)) is not None:
        return view_of(twin)
    made, text = _made(question, place, key, problems=check_files(question.uploads, actor))
    made.account_id = actor.id
    people.count_attempt(TICKETS_A_DAY, subject=str(actor.id))
    try:
        with transaction.atomic():
            made.standing, made.number = TicketStanding.WAITING.value, next_number(PREFIX, "directory_ticket")
            made.save(force_insert=True)
            _say(made, text, key, uploads=question.uploads, actor=actor)
            _record_asked(made, actor)
    except IntegrityError:  # the same form sent twice at once
        twin = _of_key(key, account=actor.id)
        if twin is None:
            raise
        return view_of(twin)
    return view_of(made)


def begin_ticket(question: Question, *, place: str, key: UUID) -> UUID:
    """Ask as somebody who cannot sign in: a code goes to their phone, and `confirm_ticket` sends the ticket.

    For the same `key` the ticket that it gave before, and no second code.  Raises `NoSupport`, `Invalid`,
    `TooManyAttempts`, `NoContactCode`.
    """
    if (twin := _of_key(key, account=None)) is not None:
        return twin.pk
    problems = [] if line_of(question.name, longest=LONGEST_NAME) else [Problem("name", "请填写您的姓名。")]
    made, text = _made(question, place, key, problems=problems)
    people.count_attempt(STRANGERS_PER_PHONE, subject=made.phone)
    with transaction.atomic():
        made.standing = TicketStanding.UNCONFIRMED.value
        made.save(force_insert=True)
        _say(made, text, key, uploads=(), actor=ANONYMOUS)
    people.ask_contact_code(made.phone, use=CodeUse.SUPPORT, about=made.pk, actor=ANONYMOUS)
    return made.pk


def send_code_again(ticket_id: UUID) -> None:
    """Another code to the phone of a ticket that waits for one.  `NotFound`, `NoContactCode`."""
    row = Ticket.objects.filter(pk=ticket_id, standing=TicketStanding.UNCONFIRMED.value).first()
    if row is None:
        raise NotFound
    people.ask_contact_code(row.phone, use=CodeUse.SUPPORT, about=row.pk, actor=ANONYMOUS)


def confirm_ticket(ticket_id: UUID, *, code: str) -> TicketView:
    """Send a ticket whose phone was shown by its code.  `WrongPhoneCode`, `TooManyAttempts`, `NotFound`."""
    people.show_contact_code(ticket_id, use=CodeUse.SUPPORT, code=code)
    with transaction.atomic():
        row = _locked(ticket_id)
        if row.standing != TicketStanding.UNCONFIRMED:
            raise SomeoneWasFirst
        row.standing, row.number = TicketStanding.WAITING.value, next_number(PREFIX, "directory_ticket")
        _start_clock(row)
        row.save()
        _record_asked(row, ANONYMOUS)
    return view_of(row)


def reply_to_ticket(
    ticket_id: UUID, *, actor: Actor, text: str, key: UUID, uploads: Sequence[UUID] = (), code: str = ""
) -> TicketView:
    """Say more in one's own ticket; it waits for an answer again, anew for three working days.

    One that was closed is taken up again.  `code` is the progress code of somebody without an account.
    Raises `NotFound`, `Invalid`, `TooLateToReopen`, `TooManyAttempts`.
    """
    _own(Ticket.objects.filter(pk=ticket_id).first(), actor, code)
    words, problems = words_of(text, path="text", needed="请写明要补充的内容。")
    problems += check_files(uploads, actor)
    if problems:
        raise Invalid(problems=problems)
    if TicketMessage.objects.filter(ticket_id=ticket_id, submission_key=key).exists():
        return view_of(Ticket.objects.get(pk=ticket_id))
    people.count_attempt(REPLIES_A_DAY, subject=str(ticket_id))
    with transaction.atomic():
        row = _locked(ticket_id)
        was_closed = row.standing == TicketStanding.CLOSED
        if was_closed and not view_of(row).may_be_reopened(at=clock.now()):
            raise TooLateToReopen
        _say(row, words, key, uploads=uploads, actor=actor)
        if row.standing != TicketStanding.WAITING:
            row.standing, row.closed_at = TicketStanding.WAITING.value, None
            _start_clock(row)
        row.save()
        event = TicketEvent.REOPENED if was_closed else TicketEvent.REPLIED
        record(chain=row.pk, event=event, actor=actor, payload={"due": row.due_at.isoformat()})
    return view_of(row)


def close_ticket(ticket_id: UUID, *, actor: Actor, code: str = "") -> TicketView:
    """End one's own ticket.  `NotFound`, `SomeoneWasFirst` when it is over already."""
    with transaction.atomic():
        row = _own(_locked(ticket_id), actor, code)
        _close(row, actor, by="asker")
    return view_of(row)


def close_answered(*, size: int = AT_ONCE) -> int:
    """End the tickets that were answered a week ago and nobody came back to; how many."""
    with transaction.atomic():
        found = Ticket.objects.select_for_update(skip_locked=True).filter(
            standing=TicketStanding.ANSWERED.value, answered_at__lt=clock.now() - CLOSED_AFTER
        )
        rows = list(found.order_by("answered_at")[:size])
        for row in rows:
            _close(row, SYSTEM, by="time")
    return len(rows)


def forget_unconfirmed() -> int:
    """Delete what was typed by people who never showed the code of their phone; how many."""
    gone = Ticket.objects.filter(
        standing=TicketStanding.UNCONFIRMED.value, asked_at__lt=clock.now() - UNCONFIRMED_FOR
    )
    return gone.delete()[1].get("directory.Ticket", 0)


def _made(question: Question, place: str, key: UUID, *, problems: list[Problem]) -> tuple[Ticket, str]:
    """A ticket that is not written yet, with its text, or everything that is wrong with the question."""
    if not offers_support(place):
        raise NoSupport
    text, wrong = words_of(question.text, path="text", needed="请写明遇到了什么问题、在哪一步、想做什么。")
    problems = [*problems, *wrong]
    offices = dict(offices_of(place))
    office = question.office or next(iter(offices), "")
    if office not in offices:
        problems.append(Problem("office", "请从列表中选择受理机构。"))
    if question.topic not in list(Topic):
        problems.append(Problem("topic", "请选择问题的类型。"))
    phone = ""
    try:
        phone = normalise_phone(question.phone)
        if not takes_text_messages(phone):
            raise IdentifierError("这个号码收不到短信。请填写手机号，答复会用短信告诉您。")
    except IdentifierError as error:
        problems.append(Problem("phone", error.sentence if question.phone.strip() else "请填写联系电话。"))
    if problems:
        raise Invalid(problems=problems)
    context = {
        Part(name).value: line_of(said, longest=LONGEST_PART) for name, said in question.context.items()
    }
    row = Ticket(
        place=place,
        office=office,
        topic=question.topic,
        name=line_of(question.name, longest=LONGEST_NAME),
        phone=phone,
        context={name: said for name, said in context.items() if said},
        submission_key=key,
    )
    _start_clock(row)
    return row, text


def _start_clock(row: Ticket) -> None:
    row.waiting_since = clock.now()
    row.due_at = due_after(row.waiting_since, TICKET_DAYS)


def _say(row: Ticket, text: str, key: UUID, *, uploads: Sequence[UUID], actor: Actor) -> None:
    said = row.messages.count()
    TicketMessage.objects.create(
        ticket=row, number=said + 1, text=text, documents=list(uploads), submission_key=key, author=None
    )
    if uploads:
        documents.attach(uploads, case=row.pk, label=row.number or "", actor=actor)


def _record_asked(row: Ticket, actor: Actor) -> None:
    payload: dict[str, JSON] = {
        "number": row.number or "",
        "topic": row.topic,
        "due": row.due_at.isoformat(),
        "sent_along": sorted(row.context),
    }
    record(chain=row.pk, event=TicketEvent.ASKED, actor=actor, payload=payload, office=row.office)


def _close(row: Ticket, actor: Actor, *, by: str) -> None:
    if row.standing not in (TicketStanding.WAITING, TicketStanding.ANSWERED):
        raise SomeoneWasFirst
    row.standing, row.closed_at = TicketStanding.CLOSED.value, clock.now()
    row.claimed_by = row.claimed_until = None
    row.save()
    record(chain=row.pk, event=TicketEvent.CLOSED, actor=actor, payload={"by": by})


def _own(row: Ticket | None, actor: Actor, code: str) -> Ticket:
    """The ticket, when it is this person's: by their account, or by the code that only they were told."""
    if row is None or row.standing == TicketStanding.UNCONFIRMED:
        raise NotFound
    if row.account_id is not None:
        mine = actor.kind == "applicant" and actor.id == row.account_id
    else:
        mine = is_progress_code(row.pk, code)
    if not mine:
        raise NotFound
    return row


def _locked(ticket_id: UUID) -> Ticket:
    row = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket_id).first()
    if row is None:
        raise NotFound
    return row


def _of_key(key: UUID, *, account: UUID | None) -> Ticket | None:
    row = Ticket.objects.filter(submission_key=key).first()
    return row if row is not None and row.account_id == account else None
