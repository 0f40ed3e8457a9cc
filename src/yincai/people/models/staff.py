"""Who works here, and what is kept about their work."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from yincai.foundation import clock
from yincai.foundation.fields import EncryptedTextField
from yincai.people.vocabulary import OTHERS, SELF


class StaffAppointment(models.Model):
    """Somebody holds a role in an office of a place, from one moment to another (`until` empty: still)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="appointments")
    place = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "place", "office", "role"),
                condition=Q(until__isnull=True),
                name="appointment_open_once",
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="appointment_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(place="") & ~Q(office="") & ~Q(role=""), name="appointment_says_what"
            ),
        )
        indexes = (models.Index(fields=("place", "account"), name="appointment_of_place"),)

    def __str__(self) -> str:
        return f"{self.role}@{self.office}@{self.place}"

    @classmethod
    def in_force(cls) -> models.QuerySet[StaffAppointment]:
        """The appointments that hold at this moment."""
        now = clock.now()
        return cls.objects.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now)


class StaffDocument(models.Model):
    """The blind index of an identity document of a member of staff (`relation` self) or of somebody of their
    household: nobody handles what concerns them.  The number is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    relation = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    digest = models.BinaryField(max_length=32)
    noted_at = models.DateTimeField(default=clock.now)
    noted_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "digest"), name="staff_document_once"),
            models.CheckConstraint(condition=Q(relation__in=(SELF, *OTHERS)), name="staff_document_whose"),
        )

    def __str__(self) -> str:
        return f"{self.relation} {self.kind}"


class SecondFactorReset(models.Model):
    """One administrator asks that a colleague's lost second factor be removed; another one confirms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account",), condition=Q(ended_at__isnull=True), name="factor_reset_open_once"
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False)
                | (Q(ended_by__isnull=False) & ~Q(ended_by=F("asked_by")) & ~Q(ended_by=F("account"))),
                name="factor_reset_by_two",
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("account")), name="factor_reset_not_own"),
        )

    def __str__(self) -> str:
        return str(self.id)


class Leave(models.Model):
    """Somebody is away from one day to another, both with, and somebody stands in for them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=60)
    first_day = models.DateField()
    last_day = models.DateField()
    arranged_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_ends_after_start"),
            models.CheckConstraint(condition=~Q(account=F("substitute")), name="leave_by_somebody_else"),
        )
        indexes = (
            models.Index(fields=("substitute", "last_day"), name="leave_of_substitute"),
            models.Index(fields=("account", "last_day"), name="leave_of_account"),
        )

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"


class Reading(models.Model):
    """One thing that a member of staff looked into on a day; a second look on that day is no further one."""

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=60)
    day = models.DateField()
    subject = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "place", "day", "subject"), name="reading_once_a_day"),
        )

    def __str__(self) -> str:
        return str(self.day)


class ReadingPass(models.Model):
    """A further allowance for a day, taken after the second factor was shown again, and why.

    The reason is the reader's own, sealed under their key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=60)
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    reason = EncryptedTextField(owner="account_id")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "place", "day", "number"), name="reading_pass_once"),
        )
        indexes = (models.Index(fields=("place", "-at"), name="reading_pass_newest"),)

    def __str__(self) -> str:
        return f"{self.day} {self.number}"
