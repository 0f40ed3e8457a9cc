"""What the room does in the background: hear of cases, send SMS."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from yincai.cards import queries as cards
from yincai.cards.vocabulary import CANCELLED, REPLACED, WITHDRAWN
from yincai.casework import queries as casework
from yincai.directory import queries as directory
from yincai.engine.spec import Programme
from yincai.foundation import clock
from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import EntryView
from yincai.messages import account_texts, actions, directory_texts, jobs
from yincai.messages.expiring import tell_of_expiring
from yincai.messages.wording import Occasion, texts_for
from yincai.people import queries as people
from yincai.people.vocabulary import CODE_GOOD_FOR
from yincai.programmes import queries as programmes


@app.task(name=jobs.SEND_SMS, queue="default", retry=jobs.Patience())
def send_sms(*, message_id: str) -> None:
    """Send one SMS; tried again, ever later, while the gateway is away."""
    actions.send_sms(UUID(message_id))


@app.task(name=jobs.SEND_EMAIL, queue="default", retry=jobs.Patience())
def send_email(*, message_id: str) -> None:
    """Send one e-mail; tried again, ever later, while the mail server is away."""
    actions.send_email(UUID(message_id))


@app.periodic(cron="40 0 * * *")  # twenty to nine in the morning in China
@app.task(name="messages.tell_expiring", queue="default", queueing_lock="messages.tell_expiring")
def tell_expiring(timestamp: int) -> None:
    """Tell everybody of documents in their library that end within thirty days, and again within seven."""
    tell_of_expiring(on=clock.today(), link=f"{settings.BASE_URL}{settings.LOGIN_REDIRECT_URL}")


@handler("messages.tell_applicant")
def tell_applicant(entry: EntryView) -> None:
    """Tell the applicant what the programme says about this event of their case; most events say nothing."""
    step = entry.payload.get("step")
    notice = casework.case_for_messages(entry.chain, step=step if isinstance(step, int) else None)
    programme = programmes.version(notice.publication_id).programme
    told_as = _told_as(entry)
    message = programme.message(told_as)
    if message is None:
        return
    occasion = Occasion(
        programme=programme,
        place=programmes.place(notice.place),
        variant_title=notice.title,
        reference=notice.reference,
        state_title=_state_reached(entry, programme) or notice.state_title,
        reason=notice.reason,
        due_at=_limit_in(entry) or notice.due_at,
        office=entry.office,
        link=f"{settings.BASE_URL}{settings.LOGIN_REDIRECT_URL}",
        answers=lambda: casework.card_request(notice.case_id).facts,
        card=lambda: _card_spoken_of(entry, notice.case_id),
    )
    actions.tell(
        notice.account_id,
        template_name=told_as,
        texts=texts_for(message, occasion),
        case_id=notice.case_id,
        idempotency_key=f"entry:{entry.hash}",
    )


@handler("messages.send_reset_code")
def send_reset_code(entry: EntryView) -> None:
    """Send the code with which a forgotten password is replaced; nothing when it is over by now."""
    reset_id = UUID(str(entry.payload["reset"]))
    code = people.code_to_send(reset_id)
    if code is None:
        return
    actions.tell(
        entry.chain,
        template_name=entry.event,
        texts=account_texts.reset_code(code),
        case_id=None,
        idempotency_key=f"reset:{reset_id}",
        about_account=True,
        until=entry.at + CODE_GOOD_FOR,
    )


@handler("messages.send_phone_code")
def send_phone_code(entry: EntryView) -> None:
    """Send the code with which a phone is proven; nothing when it is over by now."""
    code = people.phone_code_to_send(entry.chain)
    if code is None:
        return
    actions.tell(
        entry.chain,
        template_name=entry.event,
        texts=account_texts.phone_code(code),
        case_id=None,
        idempotency_key=f"entry:{entry.hash}",
        about_account=True,
        until=entry.at + CODE_GOOD_FOR,
    )


@handler("messages.send_contact_code")
def send_contact_code(entry: EntryView) -> None:
    """Send a code to a phone without an account; nothing when it is over by now."""
    found = people.contact_code_to_send(entry.chain)
    if found is None:
        return
    actions.tell_phone(
        found.phone,
        template_name=entry.event,
        sms=account_texts.contact_code(found.code, found.use),
        idempotency_key=f"entry:{entry.hash}",
        until=entry.at + CODE_GOOD_FOR,
    )


@handler("messages.tell_owner")
def tell_owner(entry: EntryView) -> None:
    """Tell the owner of an account that its password was changed, however that was done."""
    actions.tell(
        entry.chain,
        template_name=entry.event,
        texts=account_texts.password_changed(entry.at, how=str(entry.payload.get("how", ""))),
        case_id=None,
        idempotency_key=f"entry:{entry.hash}",
        about_account=True,
    )


@handler("messages.tell_requester")
def tell_requester(entry: EntryView) -> None:
    """Tell whoever asked for a record, or for an administrator's right, what the officers decided."""
    request = directory.request_for_messages(entry.chain)
    place = programmes.place(request.place).title
    link = f"{settings.BASE_URL}/place/{request.place}/organisations/requests/{request.id}/"
    actions.tell(
        request.account,
        template_name=entry.event,
        texts=directory_texts.decided(request, place=place, link=link),
        case_id=None,
        idempotency_key=f"entry:{entry.hash}",
    )


@handler("messages.tell_asker")
def tell_asker(entry: EntryView) -> None:
    """Tell whoever asked for help that they were answered; somebody without an account also their number."""
    ticket = directory.ticket_for_messages(entry.chain)
    texts = directory_texts.ticket_news(ticket, event=entry.event, code=directory.progress_code(ticket.id))
    if texts is None:
        return
    key = f"entry:{entry.hash}"
    if ticket.account is None:
        actions.tell_phone(ticket.phone, template_name=entry.event, sms=texts.sms, idempotency_key=key)
    else:
        actions.tell(
            ticket.account, template_name=entry.event, texts=texts, case_id=None, idempotency_key=key
        )


@handler("messages.tell_complainant")
def tell_complainant(entry: EntryView) -> None:
    """Tell whoever complained with an account that there is an answer; others ask by number and code."""
    complaint, account = directory.complaint_for_messages(entry.chain)
    if account is not None:
        actions.tell(
            account,
            template_name=entry.event,
            texts=directory_texts.complaint_answered(complaint),
            case_id=None,
            idempotency_key=f"entry:{entry.hash}",
        )


@handler("messages.tell_administrator")
def tell_administrator(entry: EntryView) -> None:
    """Tell an administrator of an organisation that they are none any more."""
    right, reason = directory.right_for_messages(entry.chain)
    place = programmes.place(right.place).title
    actions.tell(
        right.account,
        template_name=entry.event,
        texts=directory_texts.right_ended(right.name, reason=reason, place=place),
        case_id=None,
        idempotency_key=f"entry:{entry.hash}",
    )


def _state_reached(entry: EntryView, programme: Programme) -> str:
    """The title of the state that this event led to; the case may have moved on since.  Empty if to none."""
    reached = entry.payload.get("to")
    return next((state.title for state in programme.workflow.states if state.name == reached), "")


def _limit_in(entry: EntryView) -> datetime | None:
    """The end of the limit that this entry speaks of; the case may have another by now."""
    due = entry.payload.get("due")
    return datetime.fromisoformat(due) if isinstance(due, str) and due else None


def _told_as(entry: EntryView) -> str:
    """The event whose texts are told: a card cancelled before it was sealed was never anybody's."""
    if entry.event == CANCELLED and cards.card(UUID(str(entry.payload["card"]))).is_withdrawn:
        return WITHDRAWN
    return entry.event


def _card_spoken_of(entry: EntryView, case_id: UUID) -> tuple[str, date | None]:
    """Number and last day of the card that this entry names; of a replaced one, and of a case, the card that
    counts now."""
    if "card" in entry.payload and entry.event != REPLACED:
        found = cards.card(UUID(str(entry.payload["card"])))
        return found.number, found.valid_until
    counts = cards.card_that_counts(case_id)
    return (counts.number, counts.valid_until) if counts else ("", None)
