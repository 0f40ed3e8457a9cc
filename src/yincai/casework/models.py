"""The application and everything that belongs to it.  Answers are sealed under the case's own data key."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yincai.casework.correction_models import Correction as Correction
from yincai.casework.correction_models import CorrectionItem as CorrectionItem
from yincai.casework.correction_models import ReasonCode as ReasonCode
from yincai.casework.count_models import CountedDay as CountedDay
from yincai.casework.count_models import StepCount as StepCount
from yincai.casework.count_models import TimeCount as TimeCount
from yincai.casework.counter_models import CounterConfirmation as CounterConfirmation
from yincai.casework.counter_models import CounterHelp as CounterHelp
from yincai.casework.invitation_models import Invitation as Invitation
from yincai.casework.invitation_models import InvitedDocument as InvitedDocument

LANE = ("publication", "state", "variant", "office")
"""What the cases of one lane of the officers' list have in common."""
ORDERS = ("state_since", "due_at", "submitted_at")
"""By what the list may be ordered."""


class Case(models.Model):
    """One application, from draft to its end, pinned to the programme version under which it was opened."""

    RESEALED: ClassVar = {"data_key": ("account_id", "data-key:casework.case:{key}")}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.ForeignKey("programmes.Publication", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=40)
    programme = models.CharField(max_length=60)
    variant = models.CharField(max_length=20, blank=True)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    opening_key = models.UUIDField(unique=True)

    state = models.CharField(max_length=40)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    told_of_limit = models.PositiveSmallIntegerField(default=0)  # `casework.reminding.STEPS`
    changes = models.PositiveIntegerField(default=0)

    reference = models.CharField(max_length=40, null=True, unique=True)
    live_key = models.CharField(max_length=120, null=True)
    subject_index = models.BinaryField(max_length=32, null=True)
    round_number = models.PositiveSmallIntegerField(default=0)

    data_key = models.BinaryField()
    subject_name = models.BinaryField(null=True)

    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    claimed_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    office = models.CharField(max_length=40, blank=True)
    assigned_to = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("live_key", "subject_index"),
                condition=Q(live_key__isnull=False),
                name="case_one_live_per_person",
            ),
            models.CheckConstraint(
                condition=Q(reference__isnull=True) | Q(submitted_at__isnull=False),
                name="case_reference_means_submitted",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="case_claim_is_whole",
            ),
        )
        indexes = (
            models.Index(fields=("account", "state"), name="case_of_account"),
            # One index an order of the list; the columns before it make a lane (`casework.lanes`).
            *(
                models.Index(
                    *(F(name) for name in (*LANE, order, "id")),
                    condition=Q(ended_at__isnull=True, submitted_at__isnull=False),
                    name=f"case_queue_{order}",
                )
                for order in ORDERS
            ),
            models.Index(
                fields=("place", "submitted_at", "id"),
                condition=Q(submitted_at__isnull=False),
                name="case_received",  # the batches of a spreadsheet, in the order in which they came
            ),
            models.Index(F("assigned_to"), condition=Q(assigned_to__isnull=False), name="case_assigned"),
            models.Index(F("claimed_by"), condition=Q(claimed_by__isnull=False), name="case_claimed"),
            models.Index(
                fields=("due_at", "id"),
                condition=Q(ended_at__isnull=True, deleted_at__isnull=True, due_at__isnull=False),
                name="case_due",  # the limits that pass or end soon, whatever the programme
            ),
        )

    def __str__(self) -> str:
        return self.reference or str(self.id)


class CaseKey(models.Model):
    """A word by which a case is found, or by which it is known whom it concerns: its blind index alone.

    `subject`: it is the applicant's own; otherwise that of somebody named in a table of the form.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=10)
    digest = models.BinaryField(max_length=32)
    subject = models.BooleanField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "kind", "digest"), name="case_key_once"),)
        indexes = (models.Index(fields=("digest", "kind", "-received_at", "case"), name="case_key_digest"),)

    def __str__(self) -> str:
        return self.kind


class SectionRevision(models.Model):
    """One saved state of one section.  A new save is a new row, so that nothing typed is ever overwritten.

    `page` is the key of the drawn page that saved it: several saves of one page are one person's typing,
    `page_save` their order there (0: not told).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="revisions")
    section = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    sealed = models.BinaryField()
    page = models.UUIDField(null=True)
    page_save = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "section", "revision"), name="section_revision_once"),
        )

    def __str__(self) -> str:
        return f"{self.section} r{self.revision}"


class Material(models.Model):
    """A document handed in under a slot of the case, and the round in which it came.

    Taken away before it was submitted it is gone (`removed_at`).  One that a round holds stays in it for
    good: from `superseded_in` on it counts no more; `superseded_by` took its place, if one did.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials")
    key = models.UUIDField()  # the form's: one upload, one row, however often it is sent
    slot = models.CharField(max_length=120)
    document_id = models.UUIDField(unique=True)
    round_number = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    superseded_in = models.PositiveSmallIntegerField(null=True)
    superseded_by = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "key"), name="material_key_once"),)
        indexes = (models.Index(fields=("case", "slot", "added_at"), name="material_of_slot"),)

    def __str__(self) -> str:
        return self.slot


class Round(models.Model):
    """What was submitted, frozen: the effective answers and the hashes of the materials."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    materials = models.JSONField()
    commitment = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="round_once"),)

    def __str__(self) -> str:
        return f"round {self.number}"


class Export(models.Model):
    """A spreadsheet that somebody asked for; its content rests sealed for a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=60)
    place = models.CharField(max_length=40)
    programme = models.CharField(max_length=60, blank=True)
    begin = models.DateField()
    end = models.DateField()
    whole_numbers = models.BooleanField(default=False)
    purpose = models.CharField(max_length=200)
    state = models.CharField(max_length=10)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="ready") | Q(content__isnull=True), name="export_content_when_ready"
            ),
        )
        indexes = (models.Index(fields=("account", "place", "asked_at"), name="export_of_account"),)

    def __str__(self) -> str:
        return str(self.id)


class Step(models.Model):
    """One transition taken: who, in which role, from where to where, with what words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    transition = models.CharField(max_length=60)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    role = models.CharField(max_length=60)
    office = models.CharField(max_length=60, default="")
    words = models.BinaryField(null=True)
    submission_key = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="step_once"),
            models.UniqueConstraint(fields=("case", "submission_key"), name="step_one_form_once"),
        )
        # what `statistics` counts over, read without the rows themselves
        indexes = (
            models.Index(
                fields=("at",),
                include=("case", "number", "transition", "source", "office"),
                name="step_taken",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.transition}"
