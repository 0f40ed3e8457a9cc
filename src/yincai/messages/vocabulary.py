"""The words of the messages room: channels, states, and what crosses its doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import models

GIVE_UP_AFTER = timedelta(days=3)
"""Older news is not sent by SMS or e-mail any more: the inbox has it, and late news would mislead."""

PREFERENCES_SET = "notice_preferences.set"
"""The ledger hears of it on the chain of the account."""


class Channel(models.TextChoices):
    """How somebody is told."""

    INBOX = "inbox", "站内消息"
    SMS = "sms", "短信"
    EMAIL = "email", "电子邮件"


class State(models.TextChoices):
    """Where a message stands.  An inbox message is sent when it is written."""

    QUEUED = "queued", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "未能发送"
    READ = "read", "已读"


class Failure(StrEnum):
    """Why a message will never be sent."""

    NO_PHONE = "no_phone"  # the account has no phone number, or is gone
    REFUSED = "refused"  # the gateway does not take this message
    NO_ADDRESS = "no_address"  # the account has proven no e-mail address, or is gone
    TOO_LATE = "too_late"  # the gateway was away for longer than `GIVE_UP_AFTER`


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What to tell, finished and in plain text; a part left empty is not told that way."""

    title: str = ""
    body: str = ""
    sms: str = ""
    email_subject: str = ""
    email_body: str = ""


@dataclass(frozen=True, kw_only=True)
class InboxMessage:
    """One message as its reader sees it."""

    id: UUID
    title: str
    body: str
    case_id: UUID | None
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How one message of a case fared; holds neither its text nor a number."""

    id: UUID
    channel: Channel
    template: str
    state: State
    attempts: int
    failure: str
    created_at: datetime
    sent_at: datetime | None
    read_at: datetime | None


CHOSEN = (Channel.SMS, Channel.EMAIL)
"""What a person may switch off; the inbox always has everything."""


class GatewayAway(RuntimeError):
    """The gateway or mail server gave no answer, or none that can be understood; a later attempt may work."""


class GatewayRefused(RuntimeError):
    """The SMS gateway or the mail server understood the message and will never take it."""
