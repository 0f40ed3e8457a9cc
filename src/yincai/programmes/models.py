"""Published programme versions.  A row is written once and never changed (a database trigger holds it)."""

from __future__ import annotations

import uuid

from django.db import models


class Publication(models.Model):
    """One immutable version of one programme: its files as they were, and their hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    files = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "name", "number"], name="publication_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place}/{self.name} v{self.number}"
