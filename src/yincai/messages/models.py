"""Messages, one row for each channel.  Private to the room: others ask `queries` and `actions`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from yincai.foundation import encryption
from yincai.foundation.fields import EncryptedJSONField
from yincai.messages.vocabulary import CHOSEN, Channel, State


class SwitchedOff(models.Model):
    """One account does not want to be told by one channel."""

    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "channel"), name="channel_switched_off_once"),
            models.CheckConstraint(condition=Q(channel__in=CHOSEN), name="channel_may_be_switched_off"),
        )

    def __str__(self) -> str:
        return self.channel


class Message(models.Model):
    """Something that one person is told once, by one channel.  `content` is `{"title", "body"}`, sealed under
    the key of who is told, whomever it speaks of.

    Without an account it is an SMS to a phone, whose number stands in `content` (`to`) until it was sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    channel = models.CharField(max_length=10, choices=Channel)
    template = models.CharField(max_length=100)
    case_id = models.UUIDField(null=True, blank=True, db_index=True)
    content = EncryptedJSONField(
        owner="account_id", forgotten={"title": encryption.FORGOTTEN, "body": encryption.FORGOTTEN}
    )
    state = models.CharField(max_length=10, choices=State)
    idempotency_key = models.CharField(max_length=200, unique=True)
    attempts = models.PositiveIntegerField(default=0)
    gateway_id = models.CharField(max_length=200, blank=True, default="")
    failure = models.CharField(max_length=20, blank=True, default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_channel_known"),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(channel=Channel.SMS), name="message_has_somebody"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=State.QUEUED, sent_at__isnull=True, read_at__isnull=True)
                    | Q(state=State.FAILED, sent_at__isnull=True, read_at__isnull=True)
                    | Q(state=State.SENT, sent_at__isnull=False, read_at__isnull=True)
                    | Q(state=State.READ, sent_at__isnull=False, read_at__isnull=False, channel=Channel.INBOX)
                ),
                name="message_state_fits_its_times",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FAILED) ^ Q(failure=""), name="message_failure_has_a_reason"
            ),
        )
        indexes = (
            models.Index(
                F("account"),
                F("created_at").desc(),
                F("id").desc(),
                name="message_inbox",
                condition=Q(channel=Channel.INBOX),
            ),
            models.Index(
                fields=["account"],
                name="message_unread",
                condition=Q(channel=Channel.INBOX, state=State.SENT),
            ),
            models.Index(fields=["created_at"], name="message_queued", condition=Q(state=State.QUEUED)),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.template} {self.state}"
