"""Tickets and what was said in them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yincai.directory.ticket_words import TicketStanding, Topic
from yincai.foundation import clock
from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField

WAITING = Q(standing=TicketStanding.WAITING.value)
UNCONFIRMED = Q(standing=TicketStanding.UNCONFIRMED.value)


class Ticket(models.Model):
    """Somebody asks for help and is answered.

    `account` is null for somebody who cannot sign in; they are known by their phone.  `office` is whom they
    chose to ask.  `number` and the clock begin once it is certain who asks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True, null=True)
    place = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    topic = models.CharField(max_length=20)
    account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    name = EncryptedTextField(blank=True, default="", owner="account_id")
    phone = EncryptedTextField(blank=True, default="", owner="account_id")
    context = EncryptedJSONField(default=dict, owner="account_id")
    standing = models.CharField(max_length=20)
    submission_key = models.UUIDField(unique=True)
    asked_at = models.DateTimeField(default=clock.now)
    waiting_since = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    claimed_by = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(standing__in=[one.value for one in TicketStanding]), name="ticket_standing"
            ),
            models.CheckConstraint(condition=Q(topic__in=[one.value for one in Topic]), name="ticket_topic"),
            models.CheckConstraint(
                condition=UNCONFIRMED | Q(number__isnull=False), name="ticket_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(
                    standing=TicketStanding.WAITING.value,
                    claimed_by__isnull=False,
                    claimed_until__isnull=False,
                ),
                name="ticket_claim_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "due_at", "id"], condition=WAITING, name="ticket_queue"),
            models.Index(
                fields=["place", "-waiting_since", "-id"],
                condition=Q(standing__in=[TicketStanding.ANSWERED.value, TicketStanding.CLOSED.value]),
                name="ticket_done",
            ),
            models.Index(fields=["account", "place", "-asked_at", "-id"], name="ticket_of_account"),
            models.Index(
                fields=["answered_at"],
                condition=Q(standing=TicketStanding.ANSWERED.value),
                name="ticket_to_close",
            ),
            models.Index(fields=["asked_at"], condition=UNCONFIRMED, name="ticket_to_forget"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.id)


class TicketMessage(models.Model):
    """One thing that was said in a ticket; `author` is the officer, null for whoever asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False)
    number = models.PositiveIntegerField()
    author = models.UUIDField(null=True)
    text = EncryptedTextField(owner="ticket.account_id")
    documents = ArrayField(models.UUIDField(), default=list)
    submission_key = models.UUIDField(unique=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "number"], name="ticket_message_once")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.number}"
