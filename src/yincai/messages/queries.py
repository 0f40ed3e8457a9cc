"""What somebody was told, and what still waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yincai.foundation.statements import value
from yincai.messages.held import held_about as held_about
from yincai.messages.models import Message, SwitchedOff
from yincai.messages.vocabulary import CHOSEN, Channel, Delivery, InboxMessage, State

PAGE = 50
UNREAD = """
    SELECT count(*) FROM yincai_messages_message
    WHERE account_id = %(account)s AND channel = %(channel)s AND state = %(state)s
"""


def inbox(
    account_id: UUID, *, after: tuple[datetime, UUID] | None = None, size: int = PAGE
) -> list[InboxMessage]:
    """The account's messages, newest first; `after` is (created_at, id) of the last one already shown."""
    rows = Message.objects.filter(account_id=account_id, channel=Channel.INBOX)
    if after is not None:
        at, message_id = after
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=message_id))
    return [_shown(row) for row in rows.order_by("-created_at", "-id")[:size]]


def unread_count(account_id: UUID) -> int:
    """How many inbox messages the account has not read."""
    found: int = value(UNREAD, account=account_id, channel=Channel.INBOX.value, state=State.SENT.value)
    return found


def channels_of(account_id: UUID) -> dict[Channel, bool]:
    """Whether the account is told by each channel that one may switch off."""
    off = set(SwitchedOff.objects.filter(account_id=account_id).values_list("channel", flat=True))
    return {channel: channel.value not in off for channel in CHOSEN}


def deliveries_of_case(case_id: UUID) -> list[Delivery]:
    """How everything that was told about a case fared, oldest first; without texts and numbers."""
    return [
        Delivery(
            id=row.id,
            channel=Channel(row.channel),
            template=row.template,
            state=State(row.state),
            attempts=row.attempts,
            failure=row.failure,
            created_at=row.created_at,
            sent_at=row.sent_at,
            read_at=row.read_at,
        )
        for row in Message.objects.filter(case_id=case_id).defer("content").order_by("created_at", "id")
    ]


def _shown(row: Message) -> InboxMessage:
    return InboxMessage(
        id=row.id,
        title=row.content["title"],
        body=row.content["body"],
        case_id=row.case_id,
        created_at=row.created_at,
        read_at=row.read_at,
    )
