"""Who may sign in, and who works here.  Private to the room: others ask `queries` and `permissions`."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

USERNAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_]{1,19}\Z"
USERNAME_SENTENCE = "用户名须以字母开头,由 2 至 20 个字母、数字或下划线组成。请修改后再提交。"


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts the way people type their name: letter case does not matter."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of this user name; raises `Account.DoesNotExist`."""
        return self.get(username__iexact=username or "")


class Account(AbstractBaseUser):
    """One person's way in: a user name, a password, and how to reach them.

    What an account may do is never stored here: residents own what they open, staff hold appointments.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(
        max_length=20, validators=[RegexValidator(USERNAME_PATTERN, USERNAME_SENTENCE, code="username")]
    )
    email = models.EmailField(max_length=254, blank=True, default="")
    is_active = models.BooleanField(default=True)
    registered_at = models.DateTimeField()

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
        )

    def __str__(self) -> str:
        return self.username


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
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="appointment_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(place="") & ~Q(office="") & ~Q(role=""),
                name="appointment_says_what",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role}@{self.office}@{self.place}"
