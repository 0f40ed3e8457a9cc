"""What was asked of applicants, and the reasons to choose from (private to the room; `models` names them)."""

from __future__ import annotations

from django.db import models


class Correction(models.Model):
    """What an officer asked the applicant to put right in one round, and until when; closed by the step that
    ends it."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="corrections")
    round_number = models.PositiveSmallIntegerField()
    step = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "round_number"), name="correction_once"),)

    def __str__(self) -> str:
        return f"correction of round {self.round_number}"


class CorrectionItem(models.Model):
    """One place of the form, or one slot, that may change in a correction, and why."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=120)
    reason = models.CharField(max_length=40)
    reason_label = models.CharField(max_length=80)
    note = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("correction", "path"), name="correction_path_once"),
            models.UniqueConstraint(fields=("correction", "number"), name="correction_number_once"),
        )

    def __str__(self) -> str:
        return self.path


class ReasonCode(models.Model):
    """A reason that officers of a place choose from.  The place's folder gives the first ones; administrators
    keep them from then on.  Offered until the day `retired_on`, and not on it."""

    place = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    about = models.JSONField(default=list)
    note_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    retired_on = models.DateField(null=True)
    changes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "code"), name="reason_code_once"),)

    def __str__(self) -> str:
        return f"{self.place} {self.code}"
