"""A spouse who is asked to upload their own documents."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yincai.foundation.fields import EncryptedTextField


class Invitation(models.Model):
    """The applicant asks one named person to upload what concerns them, by a link that opens once.

    `token` is a keyed hash of what the link says; the link itself is kept nowhere.  `browser` is that of the
    browser in which it was opened with the code.  `shares`: whether the applicant may see what was uploaded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="invitations")
    token = models.BinaryField(max_length=32, unique=True)
    name = EncryptedTextField(owner="case.account_id")
    phone = EncryptedTextField(owner="case.account_id")
    slots = ArrayField(models.CharField(max_length=120))
    submission_key = models.UUIDField(unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    browser = models.BinaryField(max_length=32, null=True)
    opened_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    shares = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class InvitedDocument(models.Model):
    """A document that an invited person uploaded."""

    document_id = models.UUIDField(primary_key=True)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="documents")

    def __str__(self) -> str:
        return str(self.document_id)
