"""Tell somebody; send what waits; mark as read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yincai.casework import queries as casework
from yincai.foundation import clock
from yincai.foundation.encryption import Forgotten
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.foundation.fields import is_forgotten
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.messages import gateway, jobs, mail
from yincai.messages.erasing import erase_messages_of as erase_messages_of
from yincai.messages.erasing import forget_messages as forget_messages
from yincai.messages.models import Message, SwitchedOff
from yincai.messages.queries import channels_of
from yincai.messages.vocabulary import (
    CHOSEN,
    GIVE_UP_AFTER,
    PREFERENCES_SET,
    Channel,
    Failure,
    GatewayAway,
    GatewayRefused,
    State,
    Texts,
)
from yincai.people import queries as people


def tell(
    account_id: UUID,
    *,
    template_name: str,
    texts: Texts,
    case_id: UUID | None,
    idempotency_key: str,
    about_account: bool = False,
    until: datetime | None = None,
) -> tuple[UUID, ...]:
    """Write the inbox message, queue SMS and e-mail, for the parts of `texts` that are there; gives ids.

    Not by a channel that the account switched off, and no e-mail without a proven address.  Together with
    the caller's transaction or not at all.  A key that came before tells nothing again and gives the ids of
    then.  `template_name` says what was told (an event, for example), never to whom.  What is `about_account`
    (a code, a changed password) also goes by the channels that are switched off; an SMS that could not be
    sent by `until` is not sent any more.  Whose account was erased, or key destroyed, is told nothing.
    """
    if people.is_closed(account_id):
        return ()
    contents = {
        Channel.INBOX: {"title": texts.title, "body": texts.body} if texts.title or texts.body else None,
        Channel.SMS: {"title": "", "body": texts.sms} if texts.sms else None,
        Channel.EMAIL: _letter(account_id, texts),
    }
    for channel, wanted in channels_of(account_id).items():
        if not wanted and not about_account:
            contents[channel] = None
    if until is not None and (sms := contents[Channel.SMS]):
        sms["until"] = until.isoformat()
    try:
        with transaction.atomic():
            return tuple(
                _write(account_id, channel, content, template_name, case_id, f"{idempotency_key}:{channel}")
                for channel, content in contents.items()
                if content is not None
            )
    except Forgotten:
        return ()


def tell_phone(
    phone: str,
    *,
    template_name: str,
    sms: str,
    idempotency_key: str,
    until: datetime | None = None,
) -> UUID:
    """Queue an SMS to somebody without an account; their number (E.164) was proven, or is to be by this.

    As `tell` does; the number lies sealed with the text and goes once the SMS was sent or given up.
    """
    content = {"title": "", "body": sms, "to": phone}
    if until is not None:
        content["until"] = until.isoformat()
    with transaction.atomic():
        return _write(None, Channel.SMS, content, template_name, None, f"{idempotency_key}:{Channel.SMS}")


def send_sms(message_id: UUID) -> None:
    """Hand a queued SMS to the gateway; a sent or failed one is left alone.

    An account's number is read now and kept nowhere.  The message's own key goes along, so that a crash
    between sending and noting it sends nothing twice.  Raises `GatewayAway` while a later attempt may work.
    """
    message = Message.objects.filter(pk=message_id, channel=Channel.SMS, state=State.QUEUED).first()
    if message is None:
        return
    Message.objects.filter(pk=message_id).update(attempts=F("attempts") + 1)
    if _too_late(message):
        _fail(message_id, Failure.TOO_LATE)
        return
    phone = _phone_of(message)
    if phone is None or is_forgotten(message.content):
        _fail(message_id, Failure.NO_PHONE)
        return
    try:
        gateway_id = gateway.send(to=phone, text=message.content["body"], key=message.idempotency_key)
    except GatewayRefused:
        _fail(message_id, Failure.REFUSED)
    except GatewayAway:
        if clock.now() < message.created_at + GIVE_UP_AFTER:
            raise
        _fail(message_id, Failure.TOO_LATE)
    else:
        Message.objects.filter(pk=message_id, state=State.QUEUED).update(
            state=State.SENT, sent_at=clock.now(), gateway_id=gateway_id
        )
        _forget_number(message)


def send_email(message_id: UUID) -> None:
    """Hand a queued e-mail to the mail server; a sent or failed one is left alone.

    The address is read now and kept nowhere.  A process that dies between sending and noting it makes the
    letter go twice, with the same `Message-ID`, by which mail programs know it again.  Raises `GatewayAway`
    while a later attempt may work.
    """
    message = Message.objects.filter(pk=message_id, channel=Channel.EMAIL, state=State.QUEUED).first()
    if message is None:
        return
    Message.objects.filter(pk=message_id).update(attempts=F("attempts") + 1)
    address = people.proven_email_of(message.account_id) if message.account_id else None
    if address is None or is_forgotten(message.content):
        _fail(message_id, Failure.NO_ADDRESS)
        return
    try:
        mail.send(
            to=address, subject=message.content["title"], text=message.content["body"], number=message_id
        )
    except GatewayRefused:
        _fail(message_id, Failure.REFUSED)
    except GatewayAway:
        if clock.now() < message.created_at + GIVE_UP_AFTER:
            raise
        _fail(message_id, Failure.TOO_LATE)
    else:
        Message.objects.filter(pk=message_id, state=State.QUEUED).update(
            state=State.SENT, sent_at=clock.now()
        )


def choose_channels(account_id: UUID, *, actor: Actor, wanted: Collection[Channel]) -> None:
    """Be told by these channels, beside the inbox, from now on; recorded when it changes anything.

    Everybody chooses for themselves: `NotAllowed` for another account.
    """
    if actor.id != account_id:
        raise NotAllowed
    off = {channel for channel in CHOSEN if channel not in wanted}
    with transaction.atomic():
        before = {channel for channel, on in channels_of(account_id).items() if not on}
        if off == before:
            return
        SwitchedOff.objects.filter(account_id=account_id).exclude(channel__in=off).delete()
        rows = [SwitchedOff(account_id=account_id, channel=channel) for channel in off]
        SwitchedOff.objects.bulk_create(rows, ignore_conflicts=True)
        payload = {"off": sorted(channel.value for channel in off)}
        record(chain=account_id, event=PREFERENCES_SET, actor=actor, payload=payload)


def mark_read(message_id: UUID, *, account_id: UUID) -> None:
    """Mark an inbox message of this account as read, once; `NotFound` when it is not theirs."""
    mine = Message.objects.filter(pk=message_id, account_id=account_id, channel=Channel.INBOX)
    changed = mine.filter(state=State.SENT).update(state=State.READ, read_at=clock.now())
    if not changed and not mine.exists():
        raise NotFound


def mark_all_read(account_id: UUID, *, until: datetime) -> int:
    """Mark everything as read that was in this account's inbox at a moment; how many were not.

    What came later nobody has seen.
    """
    mine = Message.objects.filter(account_id=account_id, channel=Channel.INBOX, state=State.SENT)
    return mine.filter(created_at__lte=until).update(state=State.READ, read_at=clock.now())


def _write(
    account_id: UUID | None,
    channel: Channel,
    content: dict[str, str],
    template_name: str,
    case_id: UUID | None,
    key: str,
) -> UUID:
    """Write one row unless its key is there; an SMS gets its job in the same transaction."""
    now = clock.now()
    at_once = channel == Channel.INBOX
    row, is_new = Message.objects.get_or_create(
        idempotency_key=key,
        defaults={
            "account_id": account_id,
            "channel": channel,
            "template": template_name,
            "case_id": case_id,
            "content": content,
            "state": State.SENT if at_once else State.QUEUED,
            "created_at": now,
            "sent_at": now if at_once else None,
        },
    )
    if is_new and not at_once:
        jobs.ask_to_send(row.pk, task=jobs.SEND_SMS if channel == Channel.SMS else jobs.SEND_EMAIL)
    return row.pk


def _letter(account_id: UUID, texts: Texts) -> dict[str, str] | None:
    if not (texts.email_subject and texts.email_body) or people.proven_email_of(account_id) is None:
        return None
    return {"title": texts.email_subject, "body": texts.email_body}


def _too_late(message: Message) -> bool:
    """Whether the SMS had a last moment, and it is over."""
    until = message.content.get("until")
    return until is not None and clock.now() >= datetime.fromisoformat(until)


def _forget_number(message: Message) -> None:
    """A message that will not be sent again keeps no number."""
    if "to" in message.content:
        message.content = {name: text for name, text in message.content.items() if name != "to"}
        message.save(update_fields=["content"])


def _phone_of(message: Message) -> str | None:
    """The phone that the case's programme declares, as it was submitted; else the account's, or, for somebody
    without one, the number that stands in the message."""
    if message.account_id is None:
        number: str | None = message.content.get("to")
        return number
    if message.case_id is not None and (phone := casework.contact_phone(message.case_id)):
        return phone
    try:
        return people.phone_of(message.account_id)
    except NotFound:
        return None


def _fail(message_id: UUID, failure: Failure) -> None:
    Message.objects.filter(pk=message_id, state=State.QUEUED).update(state=State.FAILED, failure=failure)
    for message in Message.objects.filter(pk=message_id, account=None):
        _forget_number(message)
