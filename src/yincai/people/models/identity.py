"""Who an account's owner is, how surely that is known, and what they agreed to and asked to use."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from yincai.foundation import clock
from yincai.foundation.fields import EncryptedTextField


class Identity(models.Model):
    """The person behind an account: the name and document given at registration, each document once.

    Never updated (a trigger refuses it): what was wrong is replaced by a request that somebody approves.
    `digest` is the blind index by which the document is found (`vocabulary.person_index`).
    """

    NEVER_UPDATED: ClassVar = True

    account = models.OneToOneField(
        "people.Account", on_delete=models.PROTECT, primary_key=True, related_name="identity"
    )
    name = EncryptedTextField(owner="account_id")
    kind = models.CharField(max_length=10)
    number = EncryptedTextField(owner="account_id")
    digest = models.BinaryField(max_length=32)
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("digest",), name="identity_document_once"),)

    def __str__(self) -> str:
        return str(self.pk)


class FormerIdentity(models.Model):
    """What stood as somebody's name and document until an amendment replaced it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    name = EncryptedTextField(owner="account_id")
    kind = models.CharField(max_length=10)
    number = EncryptedTextField(owner="account_id")
    given_at = models.DateTimeField()
    replaced_at = models.DateTimeField(default=clock.now)
    amendment = models.UUIDField()

    def __str__(self) -> str:
        return str(self.replaced_at.date())


class Profile(models.Model):
    """What else the owner said of themselves; theirs to change.  `landline` and `note` may be empty."""

    account = models.OneToOneField(
        "people.Account", on_delete=models.PROTECT, primary_key=True, related_name="profile"
    )
    workplace = EncryptedTextField(default="", owner="account_id")
    landline = EncryptedTextField(default="", owner="account_id")
    note = EncryptedTextField(default="", owner="account_id")

    def __str__(self) -> str:
        return str(self.pk)


class Assurance(models.Model):
    """One proof of who the owner is: how strong (`vocabulary.Level`), by what, when.

    Only ever added; it fell at `fallen_at`, when the name or document that it proved was replaced.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)
    fallen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(level__gte=2, level__lte=4), name="assurance_level"),
        )
        indexes = (models.Index(fields=("account", "-at"), name="assurance_of_account"),)

    def __str__(self) -> str:
        return f"{self.level} {self.source}"


class Agreement(models.Model):
    """One wording of what is agreed to when registering in a place; immutable, numbered from 1."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.BinaryField(max_length=32)
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "number"), name="agreement_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.place} {self.number}"


class AgreementAcceptance(models.Model):
    """An account's owner agreed to one wording."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "agreement"), name="agreement_accepted_once"),
        )

    def __str__(self) -> str:
        return str(self.id)


class ApplicationGrant(models.Model):
    """An account may enter one business system (应用) of a place, until it gives it back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=60)
    application = models.CharField(max_length=60)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "place", "application"),
                condition=Q(until__isnull=True),
                name="application_granted_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.place}/{self.application}"
