"""Copies of everything held about somebody.  Private to the room: others ask `queries` and `actions`."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from yincai.privacy.vocabulary import CopyState


class DataCopy(models.Model):
    """A copy of everything held about an account's owner, as they asked for it.

    `content` (JSON) and `paper` (PDF) rest sealed under a data key of their own; with it, at `ends_at`, every
    copy of them goes.  The row stays, to say that there was one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    submission_key = models.UUIDField()
    state = models.CharField(max_length=10, default=CopyState.WAITING.value)
    data_key = models.BinaryField(default=b"")
    content = models.BinaryField(null=True)
    paper = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("account", "submission_key"), name="copy_one_form_once"),
            models.UniqueConstraint(
                fields=("account",), condition=Q(state=CopyState.WAITING.value), name="copy_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in CopyState]), name="copy_state"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=CopyState.READY.value,
                    content__isnull=False,
                    ready_at__isnull=False,
                    ends_at__isnull=False,
                )
                | (~Q(state=CopyState.READY.value) & Q(content__isnull=True, paper__isnull=True)),
                name="copy_whole_or_nothing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("account", "-asked_at", "-id"), name="copy_of_account"),
            models.Index(
                fields=("ends_at",), condition=Q(state=CopyState.READY.value), name="copy_to_destroy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.asked_at:%Y-%m-%d}"
