"""Uploads and their safe pages. Private to the room.

Everything that could name a person (file name, text, the files themselves) is sealed under the document's
own data key, which the key ring wraps.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yincai.documents.vocabulary import KINDS, Purpose, State


class Document(models.Model):
    """One uploaded file, from the moment its bytes are safe on disk."""

    RESEALED: ClassVar = {"data_key": ("owner_id", "data-key:documents.document:{key}")}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=20)
    slot = models.CharField(max_length=200)
    accept = models.JSONField()
    data_key = models.BinaryField()
    name_sealed = models.BinaryField()
    size = models.PositiveBigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    original_key = models.CharField(max_length=60, unique=True, null=True)
    state = models.CharField(max_length=10, default=State.HELD)
    reason_code = models.CharField(max_length=30, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=10, blank=True, default="")
    text_sealed = models.BinaryField(null=True)
    warnings = models.JSONField(default=list)
    sharpness = models.FloatField(null=True)
    turns = models.PositiveSmallIntegerField(default=0)
    crop = models.JSONField(null=True)
    # the drawing that is wanted and the one that the pages show; a turn or a crop asks for the next
    drawing = models.PositiveIntegerField(default=1)
    drawn = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # begun and not ended since the last outcome
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    inspected_at = models.DateTimeField(null=True)
    case = models.UUIDField(null=True)
    label = models.CharField(max_length=40, blank=True, default="")
    # as what its owner asked for a copy in their library, until the reader has found it safe
    keep_as = models.CharField(max_length=10, blank=True, default="")
    copied_from = models.UUIDField(null=True)
    expires_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "created_at"], name="document_of_owner"),
            models.Index(fields=["case", "slot"], name="document_of_case", condition=Q(case__isnull=False)),
            models.Index(
                fields=["copied_from"], name="document_copied", condition=Q(copied_from__isnull=False)
            ),
            models.Index(
                fields=["expires_on", "id"],
                name="document_expiring",
                condition=Q(state=State.SAFE, expires_on__isnull=False),
            ),
            models.Index(
                fields=["slot", "created_at"],
                name="document_loose",
                condition=Q(case__isnull=True) & ~Q(slot="library"),
            ),
            models.Index(
                fields=["asked_at"],
                name="document_waiting",
                condition=Q(state=State.HELD) | Q(drawn__lt=F("drawing")),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(State)), name="document_state"),
            models.CheckConstraint(condition=Q(purpose__in=list(Purpose)), name="document_purpose"),
            models.CheckConstraint(condition=Q(kind__in=["", *KINDS]), name="document_kind"),
            models.CheckConstraint(condition=Q(turns__lt=4), name="document_turns"),
            models.CheckConstraint(
                condition=~Q(state=State.SAFE) | (~Q(kind="") & Q(original_key__isnull=False)),
                name="document_safe_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED) | ~Q(reason=""), name="document_refused_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HELD) | Q(original_key__isnull=False), name="document_held_has_file"
            ),
        ]


class Page(models.Model):
    """One page drawn again from pixels, sealed under its document's key."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    storage_key = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="page_once"),
        ]


class LibraryEntry(models.Model):
    """A document that its owner keeps in 我的资料库, to use it again.  It goes with its document.

    `source` is the document of a case of which it is a copy; `agreed_at` when its owner agreed to keep it.
    """

    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, primary_key=True, related_name="entry"
    )
    owner = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    type_code = models.CharField(max_length=10)
    is_photo = models.BooleanField()
    sha256 = models.BinaryField(max_length=32)
    source = models.UUIDField(null=True)
    agreed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # one file once, however often its owner asks for it
            models.UniqueConstraint(fields=["owner", "is_photo", "sha256"], name="library_file_once"),
        ]
