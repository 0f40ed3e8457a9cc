"""Records in versions, requests about them, and who administers an organisation."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from yincai.directory.complaint_models import Complaint as Complaint
from yincai.directory.ticket_models import Ticket as Ticket
from yincai.directory.ticket_models import TicketMessage as TicketMessage
from yincai.directory.vocabulary import Deed, Sort, Standing
from yincai.directory.writing_models import PlacedWriting as PlacedWriting
from yincai.foundation import clock
from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField

ORGANISATIONS = Q(sort=Sort.ORGANISATION.value)
"""They are many more than schools and majors: each has an index of its own."""
PENDING = Q(standing=Standing.PENDING.value)


class Record(models.Model):
    """An organisation, school or major; what is known of it stands in its versions.

    `seed` is the hash of the row of the place's files that was taken up last, empty for others.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=60)
    sort = models.CharField(max_length=20)
    seed = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sort__in=[one.value for one in Sort]), name="record_sort")
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.id}"


class Version(models.Model):
    """What counts of a record from a day on, until another version does.

    `folded`, `grams` and `latin` are what is searched (`spelling.Spelling`).  Place and sort are the
    record's, repeated so that one index serves the search.  `contact` is the organisation's:
    whom it names may have no account, so it is sealed under the ring.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=60)
    sort = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    code = models.CharField(max_length=18, blank=True, default="")
    folded = models.CharField(max_length=400)
    grams = models.TextField()
    latin = models.TextField()
    facts = models.JSONField(default=dict)
    contact = EncryptedJSONField(null=True)
    is_example = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    request = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "number"], name="version_once"),
            # one version of a record is open, and one record has a code
            models.UniqueConstraint(
                fields=["record"], condition=Q(valid_until__isnull=True), name="version_one_open"
            ),
            models.UniqueConstraint(
                fields=["place", "sort", "code"],
                condition=Q(valid_until__isnull=True) & ~Q(code=""),
                name="version_code_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="version_ends_after_start",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sort", "place", "id"], name="version_walk"),
            models.Index(fields=["sort", "place", "folded"], name="version_name"),
            models.Index(fields=["sort", "place", "code"], condition=~Q(code=""), name="version_code"),
            *(
                GinIndex(
                    fields=[spelling],
                    opclasses=["gin_trgm_ops"],
                    condition=condition,
                    name=f"version_{part}_{spelling}",
                )
                for spelling in ("grams", "latin")
                for part, condition in (("organisation", ORGANISATIONS), ("other", ~ORGANISATIONS))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Request(models.Model):
    """Somebody asks that a record be added or changed, or to administer an organisation.

    `values` is what they wrote, personal data among it; name and code are repeated to be found by.  `opinion`
    is what the officer wrote.  Both are sealed under the key of who asks: they speak to and of them.  From
    `erased_at` on neither is there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    place = models.CharField(max_length=60)
    sort = models.CharField(max_length=20)
    deed = models.CharField(max_length=20)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+", null=True)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=100)
    folded = models.CharField(max_length=400)
    code = models.CharField(max_length=18, blank=True, default="")
    values = EncryptedJSONField(owner="account_id")
    documents = ArrayField(models.UUIDField(), default=list)
    standing = models.CharField(max_length=20, default=Standing.PENDING.value)
    submission_key = models.UUIDField()
    submitted_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    erased_at = models.DateTimeField(null=True)
    opinion = EncryptedTextField(blank=True, default="", owner="account_id")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "submission_key"], name="request_one_form_once"),
            # what waits to be added waits once
            models.UniqueConstraint(
                fields=["place", "sort", "code"],
                condition=PENDING & Q(deed=Deed.ADD.value) & ~Q(code=""),
                name="request_code_once",
            ),
            models.UniqueConstraint(
                fields=["place", "sort", "folded"],
                condition=PENDING & Q(deed=Deed.ADD.value, code=""),
                name="request_name_once",
            ),
            models.UniqueConstraint(
                fields=["record"], condition=PENDING & Q(deed=Deed.CHANGE.value), name="request_change_once"
            ),
            models.UniqueConstraint(
                fields=["record", "account"],
                condition=PENDING & Q(deed=Deed.ADMINISTER.value),
                name="request_right_once",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[one.value for one in Standing]), name="request_standing"
            ),
            models.CheckConstraint(
                condition=Q(deed=Deed.ADD.value) | Q(record__isnull=False), name="request_about_a_record"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "submitted_at", "id"], condition=PENDING, name="request_queue"),
            models.Index(fields=["account", "-submitted_at", "-id"], name="request_of_account"),
        ]

    def __str__(self) -> str:
        return self.number


class Right(models.Model):
    """Somebody administers an organisation until the right ends; why it ended is sealed under their key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=60)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    reason = EncryptedTextField(blank=True, default="", owner="account_id")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "account"], condition=Q(ended_at__isnull=True), name="right_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["place", "since", "id"], condition=Q(ended_at__isnull=True), name="right_in_force"
            ),
        ]

    def __str__(self) -> str:
        return str(self.since.date())
