"""What the ledger keeps.  Private to the room; triggers and grants keep entries append-only."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yincai.foundation.fields import EncryptedJSONField


class Chain(models.Model):
    """The head of one chain: how long it is, its last hash, and how far checkpoints cover it."""

    chain = models.UUIDField(primary_key=True)
    last_sequence = models.BigIntegerField(default=0)
    last_hash = models.BinaryField(max_length=32)
    checkpointed_sequence = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_chain"
        constraints = [
            models.CheckConstraint(
                name="ledger_chain_in_bounds",
                condition=Q(checkpointed_sequence__gte=0, last_sequence__gte=F("checkpointed_sequence")),
            ),
        ]
        indexes = [
            models.Index(
                name="ledger_chain_unsealed",
                fields=["chain"],
                condition=Q(last_sequence__gt=F("checkpointed_sequence")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} up to {self.last_sequence}"


class Entry(models.Model):
    """One thing that happened, or one look, sealed by the hash of all before it in its chain."""

    id = models.BigAutoField(primary_key=True)
    chain = models.UUIDField()
    sequence = models.BigIntegerField()
    event = models.CharField(max_length=80)
    kind = models.CharField(max_length=6)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=80)
    office = models.CharField(max_length=80)
    payload = models.JSONField()
    at = models.DateTimeField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    proof = models.BinaryField(max_length=32)

    class Meta:
        db_table = "ledger_entry"
        constraints = [
            models.UniqueConstraint(name="ledger_entry_once", fields=["chain", "sequence"]),
            models.UniqueConstraint(name="ledger_entry_hash", fields=["hash"]),
            models.CheckConstraint(name="ledger_entry_counts_from_1", condition=Q(sequence__gte=1)),
            models.CheckConstraint(name="ledger_entry_kind", condition=Q(kind__in=["change", "read"])),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence} {self.event}"


class Words(models.Model):
    """What somebody wrote in their own words with an entry, sealed, with the salt of the digest that the
    entry keeps.  Once this row is gone the digest tells nothing, and the chain still verifies.

    They are sealed under the key of the `person` whom they concern, whoever wrote them.
    """

    person: UUID | None = None

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="+")
    sealed = EncryptedJSONField(owner="person")

    class Meta:
        db_table = "ledger_words"

    def __str__(self) -> str:
        return f"words of {self.entry_id}"


class Delivery(models.Model):
    """The mark, committed together with a handler's effect, that it happened."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    handler = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_delivery"
        constraints = [models.UniqueConstraint(name="ledger_delivery_once", fields=["entry", "handler"])]

    def __str__(self) -> str:
        return f"{self.entry_id} to {self.handler}"


class DeliveryTrouble(models.Model):
    """Why a delivery did not succeed yet: the latest reason, gone once it succeeds."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    handler = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    attempts = models.IntegerField()
    given_up = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_delivery_trouble"
        constraints = [models.UniqueConstraint(name="ledger_trouble_once", fields=["entry", "handler"])]

    def __str__(self) -> str:
        return f"{self.entry_id} to {self.handler}: {self.reason}"


class Checkpoint(models.Model):
    """A signed root over the heads of all chains that changed since the last; its file holds it whole."""

    number = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    count = models.BigIntegerField()
    file_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    class Meta:
        db_table = "ledger_checkpoint"
        constraints = [
            models.CheckConstraint(name="ledger_checkpoint_counts_from_1", condition=Q(number__gte=1))
        ]

    def __str__(self) -> str:
        return f"checkpoint {self.number}"
