"""Partners, their keys, what they are told of and what they hand over.  Private to the room."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField
from yincai.partners.vocabulary import DeliveryState


class Partner(models.Model):
    """A system of another organisation (对接系统); residents read its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="partner_name_once", fields=["place", "name"])]

    def __str__(self) -> str:
        return f"{self.place}/{self.name}"


class Key(models.Model):
    """A key of a partner: its public half, and the digest of its secret half."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    label = models.CharField(max_length=16, unique=True)
    digest = models.BinaryField(max_length=32)
    note = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=40))
    networks = ArrayField(models.CharField(max_length=50))
    per_minute = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"yk_{self.label}"


class Spent(models.Model):
    """How many requests a key made in its present minute (counted since 1970)."""

    key = models.OneToOneField(Key, primary_key=True, on_delete=models.CASCADE, related_name="+")
    minute = models.BigIntegerField()
    used = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.key_id}: {self.used}"


class Answer(models.Model):
    """The answer that a partner got under an Idempotency-Key, sealed: it may hold a secret."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    asked = models.BinaryField(max_length=32)
    body = EncryptedJSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="partner_answer_once", fields=["partner", "key"])]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Event(models.Model):
    """Something that happened in a place, in the order in which partners can see it."""

    cursor = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    place = models.CharField(max_length=40)
    office = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    data = models.JSONField()
    entry = models.BigIntegerField(null=True)
    only_for = models.ForeignKey(Partner, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="partner_event_of_entry", fields=["entry"])]
        indexes = [models.Index(name="partner_event_place", fields=["place", "cursor"])]

    def __str__(self) -> str:
        return f"{self.cursor} {self.kind}"


class Endpoint(models.Model):
    """Where a partner takes events; during a rotation two secrets sign."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="endpoints")
    address = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=40))
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(null=True)
    previous_until = models.DateTimeField(null=True)
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"endpoint {self.pk}"


class Delivery(models.Model):
    """One event on its way to one endpoint."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, default=DeliveryState.WAITING.value)
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=200, default="")
    next_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="partner_delivery_once", fields=["endpoint", "event"]),
            models.CheckConstraint(
                name="partner_delivery_state", condition=Q(state__in=[one.value for one in DeliveryState])
            ),
        ]
        indexes = [
            models.Index(
                name="partner_delivery_parked", fields=["endpoint", "event"], condition=Q(state="parked")
            )
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Handover(models.Model):
    """What a partner sends along with a resident; the values are forgotten once a case has them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=40)
    owner = models.CharField(max_length=40)
    programme = models.CharField(max_length=60)
    variant = models.CharField(max_length=40)
    district = models.CharField(max_length=6)
    token = models.BinaryField(max_length=32, unique=True)
    fields = ArrayField(models.CharField(max_length=60))
    is_personal = models.BooleanField()
    values = EncryptedJSONField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    opened_at = models.DateTimeField(null=True)
    case = models.OneToOneField("casework.Case", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"handover {self.pk}"
