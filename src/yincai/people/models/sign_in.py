"""What signing in leaves for a while: counted tries, codes on their way, letters to be sent."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yincai.foundation import clock
from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField


class RecentAttempts(models.Model):
    """When one subject (an account, a device, an address) last tried one limited thing.

    The subject is a keyed hash.  A table and not a cache: every worker counts the same, a restart forgets
    nothing, and the row lock makes the count exact when fifty guesses arrive at once.
    """

    subject = models.BinaryField(primary_key=True)
    at = ArrayField(models.DateTimeField(), default=list)
    forget_after = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{len(self.at)} attempts"


class PasswordReset(models.Model):
    """Somebody asked for a code to set a new password with; there is a row whoever, or nobody, is meant.

    `asked_for` is the name or phone as typed, until the job has looked who that is; `code` stays empty when
    nobody is.  At most `CODE_TRIES` are compared.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_for = EncryptedTextField(blank=True)
    accounts = ArrayField(models.UUIDField(), default=list)
    code = EncryptedTextField(blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class PhoneCheck(models.Model):
    """A code on its way to the phone of an account whose owner is signed in; one at a time, the newest."""

    account = models.OneToOneField(
        "people.Account", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    phone_index = models.BinaryField()
    code = EncryptedTextField()
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class ContactCode(models.Model):
    """A code on its way to a phone that need not be an account's; the newest about one thing."""

    about = models.UUIDField(primary_key=True)
    use = models.CharField(max_length=20)
    phone = EncryptedTextField()
    code = EncryptedTextField()
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.about)


class OutgoingMail(models.Model):
    """A letter about an account, sealed until the worker sends it; deleted once it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = EncryptedJSONField()
    written_at = models.DateTimeField(default=clock.now)
    claimed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
