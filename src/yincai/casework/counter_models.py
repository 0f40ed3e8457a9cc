"""An officer at the counter enters an application for somebody who cannot."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class CounterHelp(models.Model):
    """One officer enters one draft for its applicant, from one moment until it is handed in or given up.

    The row stays: whoever entered a case neither reviews nor approves it (four eyes).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField("casework.Case", on_delete=models.CASCADE, related_name="counter_help")
    officer = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(max_length=40)
    office = models.CharField(max_length=40, blank=True)
    opening_key = models.UUIDField(unique=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("officer", "opened_at", "id"),
                condition=Q(ended_at__isnull=True),
                name="counter_help_open",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class CounterConfirmation(models.Model):
    """The applicant is asked to confirm exactly this content (`digest`), once, for a short while.

    `confirmed_at`: they showed that it is theirs (`how`); `spent_at`: it was handed in with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    help = models.ForeignKey(CounterHelp, on_delete=models.CASCADE, related_name="confirmations")
    digest = models.CharField(max_length=64)
    how = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    spent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(spent_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="counter_confirmed_before_spent",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)
