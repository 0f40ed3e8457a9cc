"""Copies of what is held, and requests to put it right.  Private to the room."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField
from yincai.privacy.vocabulary import CopyState, Item, Standing


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


IDENTITY = [one.value for one in Item if one.is_identity]
OPEN = Q(standing__in=[Standing.PENDING.value, Standing.CHECKED.value])


class Amendment(models.Model):
    """Somebody asks that something held about them be put right (更正申请).

    `subject` is the case or card that it is about.  `right` is what it should say: `name`, `kind`, `number`
    of an identity, else `text`.  An identity is checked by one officer (`checked_by`) and decided by another.
    From `erased_at` on nothing of what was written is there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    place = models.CharField(max_length=60)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.CharField(max_length=20)
    subject = models.UUIDField(null=True)
    wrong = EncryptedTextField(owner="account_id")
    right = EncryptedJSONField(owner="account_id")
    documents = ArrayField(models.UUIDField(), default=list)
    standing = models.CharField(max_length=20, default=Standing.PENDING.value)
    submission_key = models.UUIDField()
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    checked_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    opinion = EncryptedTextField(blank=True, default="", owner="account_id")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("account", "submission_key"), name="amendment_one_form_once"),
            models.UniqueConstraint(
                fields=("account", "item", "subject"),
                condition=OPEN,
                nulls_distinct=False,
                name="amendment_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[one.value for one in Standing]), name="amendment_standing"
            ),
            models.CheckConstraint(condition=Q(item__in=[one.value for one in Item]), name="amendment_item"),
            models.CheckConstraint(
                condition=~Q(item__in=IDENTITY, standing=Standing.APPROVED.value)
                | (Q(checked_by__isnull=False) & ~Q(checked_by=F("decided_by"))),
                name="amendment_identity_by_two",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("place", "submitted_at", "id"), condition=OPEN, name="amendment_queue"),
            models.Index(fields=("account", "-submitted_at", "-id"), name="amendment_of_account"),
        ]

    def __str__(self) -> str:
        return self.number
