"""What a card is in the database.  What is printed is encrypted; the code is found by its blind index."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from yincai.cards.vocabulary import CardState
from yincai.foundation.fields import EncryptedTextField


class NumberSeries(models.Model):
    """The last running number taken of one series; its row is locked while a number is taken."""

    place = models.CharField(max_length=64)
    series = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "series", "year"], name="cards_one_row_a_series"),
        ]

    def __str__(self) -> str:
        return f"{self.place}:{self.series}:{self.year}"


class CardLayout(models.Model):
    """One text of a `card.typ`, kept once however many cards are printed with it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    source = models.TextField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Substitute(models.Model):
    """What the card of one case prints for characters that no font has, sealed for that case alone."""

    case_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.case_id)


class Card(models.Model):
    """One card.  `holder` is what `holders.HolderData` sealed for this card alone."""

    RESEALED: ClassVar = {"holder": ("holder_account", "cards_card.holder:{key}")}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField()
    purpose = models.CharField(max_length=40, default="issue")
    paper = models.BooleanField(default=False)  # sealed and verified like a card, but none: a receipt
    chain = models.UUIDField(db_index=True)
    place = models.CharField(max_length=64)
    programme = models.CharField(max_length=64)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=60, unique=True)
    code_index = models.BinaryField(max_length=32, unique=True)
    holder = models.BinaryField()
    holder_account = models.UUIDField(db_index=True)
    layout = models.ForeignKey(CardLayout, on_delete=models.PROTECT, related_name="+")
    seal = models.JSONField()
    valid_years = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=12, choices=CardState.choices, default=CardState.ORDERED)
    ordered_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    issued_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    told_days = models.PositiveSmallIntegerField(null=True)  # the last of `expiring.DAYS` that was announced
    waiting_reason = models.TextField(blank=True)
    end_words = EncryptedTextField(blank=True, default="", owner="holder_account")  # why it ended
    pdf_key = models.CharField(max_length=120, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "purpose"], name="cards_one_card_a_case_and_purpose"),
            models.UniqueConstraint(
                fields=["pdf_sha256"], condition=~Q(pdf_sha256=""), name="cards_one_card_a_file"
            ),
            models.CheckConstraint(condition=Q(state__in=CardState.values), name="cards_known_state"),
            models.CheckConstraint(
                condition=(
                    Q(sealed_at__isnull=True, pdf_key="", pdf_sha256="", issued_on__isnull=True)
                    | (
                        Q(sealed_at__isnull=False, issued_on__isnull=False)
                        & ~Q(pdf_key="")
                        & ~Q(pdf_sha256="")
                    )
                ),
                name="cards_sealed_with_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CardState.SEALED, CardState.REPLACED, CardState.EXPIRED])
                | Q(sealed_at__isnull=False),
                name="cards_in_force_only_when_sealed",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "valid_until"], name="cards_by_end"),
            models.Index(fields=["case_id"], name="cards_by_case"),
        ]

    def __str__(self) -> str:
        return self.number
