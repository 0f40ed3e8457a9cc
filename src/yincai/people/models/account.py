"""Who may sign in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from yincai.foundation import clock
from yincai.foundation.fields import EncryptedTextField
from yincai.foundation.statements import value
from yincai.people.vocabulary import LONGEST_STAFF_NAME, USERNAME_PATTERN, USERNAME_SENTENCE

HOLDS = """
    SELECT EXISTS (
        SELECT FROM people_staffappointment
        WHERE account_id = %(account)s AND since <= %(now)s AND (until IS NULL OR until > %(now)s)
    )
"""


CLOSED = "已注销的用户"
"""What is shown in place of the name of somebody whose account was erased."""


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
    `staff_name` is the name in which somebody acts for an office: public there, so kept in clear.
    Its owner asked for it to be erased at `closing_at`; from `closed_at` on the row says nothing of anybody
    and stays only for what the law has kept of them (`closing.py`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(
        max_length=20, validators=[RegexValidator(USERNAME_PATTERN, USERNAME_SENTENCE, code="username")]
    )
    email = models.EmailField(max_length=254, blank=True, default="")
    phone = EncryptedTextField(blank=True, default="", owner="id", forgotten="")
    phone_index = models.BinaryField(null=True, editable=False)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    staff_name = models.CharField(max_length=LONGEST_STAFF_NAME, blank=True, default="")
    is_active = models.BooleanField(default=True)
    registered_at = models.DateTimeField(default=clock.now)
    session_epoch = models.PositiveIntegerField(default=0)
    closing_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

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
    def shown_name(self) -> str:
        """What others see: the name as staff, for everybody else the user name."""
        return self.staff_name or (CLOSED if self.closed_at else self.username)

    @property
    def is_staff_member(self) -> bool:
        """Whether an appointment is in force now; asked of the database every time."""
        return bool(value(HOLDS, account=self.pk, now=clock.now()))


class DestroyedKey(models.Model):
    """The account's key in the vault was ordered to be destroyed; the order is never taken back."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="+")
    ordered_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.pk)


class ClosedName(models.Model):
    """A user name that an erased account had, as its blind index alone: nobody else is ever given it."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.closed_at.date())
