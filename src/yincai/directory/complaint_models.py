"""Complaints."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yincai.directory.complaint_words import Against, ComplaintStanding, Outcome
from yincai.foundation import clock
from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField

WAITING = Q(standing=ComplaintStanding.WAITING.value)


class Complaint(models.Model):
    """Somebody complains about an officer, an office, a decision, or that money was asked for.

    `account` is null for somebody without one.  `contact` (name, phone) is shown to who handles it, or, when
    `is_anonymous`, to supervisors and auditors alone.  `kept_away` are the accounts that may neither see nor
    handle it: whom it names, who worked on the case, who made it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    place = models.CharField(max_length=60)
    against = models.CharField(max_length=20)
    office = models.CharField(max_length=60, blank=True, default="")
    officer = EncryptedTextField(blank=True, default="", owner="account_id")
    case = EncryptedTextField(blank=True, default="", owner="account_id")
    text = EncryptedTextField(owner="account_id")
    account = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    is_anonymous = models.BooleanField(default=False)
    contact = EncryptedJSONField(default=dict, owner="account_id")
    documents = ArrayField(models.UUIDField(), default=list)
    kept_away = ArrayField(models.UUIDField(), default=list)
    standing = models.CharField(max_length=20, default=ComplaintStanding.WAITING.value)
    submission_key = models.UUIDField(unique=True)
    submitted_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    claimed_by = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=20, blank=True, default="")
    answer = EncryptedTextField(blank=True, default="", owner="account_id")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(against__in=[one.value for one in Against]), name="complaint_against"
            ),
            models.CheckConstraint(
                condition=(WAITING & Q(outcome="", answered_by__isnull=True))
                | Q(
                    standing=ComplaintStanding.ANSWERED.value,
                    outcome__in=[one.value for one in Outcome],
                    answered_by__isnull=False,
                    claimed_by__isnull=True,
                ),
                name="complaint_answered_whole",
            ),
            # four eyes: whom it concerns neither has it in hand nor answered it
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(kept_away__contains=[models.F("answered_by")]),
                name="complaint_answered_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "due_at", "id"], condition=WAITING, name="complaint_queue"),
            models.Index(fields=["place", "-submitted_at", "-id"], condition=~WAITING, name="complaint_done"),
            models.Index(fields=["account", "place", "-submitted_at", "-id"], name="complaint_of_account"),
        ]

    def __str__(self) -> str:
        return self.number
