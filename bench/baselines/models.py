"""The tables of the bare section view: an application and one row for each saved state of a section."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Application(models.Model):
    """One application and where it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    state = models.CharField(max_length=40, default="draft")

    class Meta:
        app_label = "baselines"


class SectionState(models.Model):
    """One saved state of one section, as plain JSON."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE)
    section = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    data = models.JSONField()
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "baselines"
        constraints = (
            models.UniqueConstraint(fields=("application", "section", "revision"), name="bare_revision_once"),
        )


class Upload(models.Model):
    """A file of an application; the page shows the photograph."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE)
    slot = models.CharField(max_length=60)
    file = models.FileField()

    class Meta:
        app_label = "baselines"


class Message(models.Model):
    """One message to the applicant; only counted here."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    read_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "baselines"
