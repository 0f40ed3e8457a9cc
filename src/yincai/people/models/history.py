"""When and how somebody signed in to an account, or tried to."""

from __future__ import annotations

import uuid

from django.db import models

from yincai.foundation import clock


class SignIn(models.Model):
    """One sign-in, or one refused try at an account that exists (`vocabulary.Method`, `Outcome`).

    `device` says what kind of device it was (`电脑 · Windows · Chrome`), never which; `known` whether this
    account had signed in on it before.  Kept as `data/retention.yaml` says.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now, db_index=True)
    method = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    device = models.CharField(max_length=60)
    known = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=("account", "-at", "-id"), name="sign_in_of_account"),)

    def __str__(self) -> str:
        return f"{self.method} {self.outcome}"
