"""Consents, and checks that are under way.  Private to the room: others ask `queries` and `actions`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from yincai.foundation import clock
from yincai.foundation.fields import EncryptedTextField


class Consent(models.Model):
    """An account's owner allows one registry to be asked for one purpose, until they withdraw it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    registry = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    wording = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "registry", "purpose"),
                condition=Q(withdrawn_at__isnull=True),
                name="consent_in_force_once",
            ),
        )
        indexes = (models.Index(fields=("account", "-given_at"), name="consent_of_account"),)

    def __str__(self) -> str:
        return f"{self.registry} {self.purpose}"


class RealNameAnswer(models.Model):
    """What the real-name registry said about one account, and under which of its numbers."""

    account = models.OneToOneField("people.Account", on_delete=models.PROTECT, primary_key=True)
    result = models.CharField(max_length=10)
    reference = models.CharField(max_length=100)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.result


class FaceCheck(models.Model):
    """A face check under way: bound to the browser that began it and to a nonce that nobody else knows.

    `account` is set where only one person may approve.  An approved one is used once (`used_at`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    browser = models.BinaryField(max_length=32)
    account = models.ForeignKey("people.Account", null=True, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=64)
    session = models.CharField(max_length=100)
    scan = models.CharField(max_length=300)
    state = models.CharField(max_length=10)
    holder = EncryptedTextField(default="")
    opened_at = models.DateTimeField(default=clock.now, db_index=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("session",), name="face_session_once"),)

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class CertificateChallenge(models.Model):
    """A text to be signed with a certificate, in the browser that it was made for, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    browser = models.BinaryField(max_length=32)
    text = models.CharField(max_length=200)
    opened_at = models.DateTimeField(default=clock.now, db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
