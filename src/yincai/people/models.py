"""Who may sign in, and who works here.  Private to the room: others ask `queries` and `permissions`."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from yincai.foundation import clock
from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField
from yincai.foundation.statements import value
from yincai.people.vocabulary import OTHERS, SELF, USERNAME_PATTERN, USERNAME_SENTENCE

HOLDS = """
    SELECT EXISTS (
        SELECT FROM people_staffappointment
        WHERE account_id = %(account)s AND since <= %(now)s AND (until IS NULL OR until > %(now)s)
    )
"""


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts the way people type their name: letter case does not matter."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of this user name; raises `Account.DoesNotExist`."""
        return self.get(username__iexact=username or "")


class Account(AbstractBaseUser):
    """One person's way in: a user name, a password, and how to reach them.

    What an account may do is never stored here: residents own what they open, staff hold appointments.
    Several accounts may give one phone or e-mail address, since refusing the second would tell a stranger
    who is registered; only one account can prove it (`phone_verified_at`, allauth's `EmailAddress`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(
        max_length=20, validators=[RegexValidator(USERNAME_PATTERN, USERNAME_SENTENCE, code="username")]
    )
    email = models.EmailField(max_length=254, blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.BinaryField(null=True, editable=False)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    registered_at = models.DateTimeField(default=clock.now)
    session_epoch = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints = (
            # UPPER, not LOWER: it is the form that `__iexact` compares, so that this index also answers it.
            models.UniqueConstraint(Upper("username"), name="account_username_whatever_case"),
            models.CheckConstraint(
                condition=Q(username__regex=USERNAME_PATTERN), name="account_username_form"
            ),
            models.UniqueConstraint(
                fields=("phone_index",),
                condition=Q(phone_verified_at__isnull=False),
                name="account_phone_proven_once",
            ),
        )
        indexes = (models.Index(fields=("phone_index",), name="account_phone"),)

    def __str__(self) -> str:
        return self.username

    def get_session_auth_hash(self) -> str:
        """What every session of the account must match: another password or epoch ends them all."""
        kept: str = super().get_session_auth_hash()
        return f"{kept}.{self.session_epoch}" if self.session_epoch else kept

    @property
    def is_staff_member(self) -> bool:
        """Whether an appointment is in force now; asked of the database every time."""
        return bool(value(HOLDS, account=self.pk, now=clock.now()))


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
    """A further allowance for a day, taken after the second factor was shown again, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=60)
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    reason = EncryptedTextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "place", "day", "number"), name="reading_pass_once"),
        )
        indexes = (models.Index(fields=("place", "-at"), name="reading_pass_newest"),)

    def __str__(self) -> str:
        return f"{self.day} {self.number}"


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


class OutgoingMail(models.Model):
    """A letter about an account, sealed until the worker sends it; deleted once it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = EncryptedJSONField()
    written_at = models.DateTimeField(default=clock.now)
    claimed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)
