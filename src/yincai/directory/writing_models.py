"""What a place publishes to be read."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from yincai.engine.writings import Shelf
from yincai.foundation import clock


class PlacedWriting(models.Model):
    """A notice, policy, guide or answer of a place, in the wording that counts.

    `digest` is that of the folder's entry; `grams` is what is searched (`spelling.grams_of`).  What the
    folder no longer has is withdrawn, not deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    shelf = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True, default="")
    text = models.TextField()
    address = models.CharField(max_length=300, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True)
    new_until = models.DateField(null=True)
    digest = models.CharField(max_length=64)
    grams = models.TextField()
    published_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "name"], name="writing_once"),
            models.CheckConstraint(
                condition=models.Q(shelf__in=[one.value for one in Shelf]), name="writing_shelf"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "shelf", "-since", "id"], name="writing_of_shelf"),
            GinIndex(fields=["grams"], opclasses=["gin_trgm_ops"], name="writing_grams"),
        ]

    def __str__(self) -> str:
        return self.title
