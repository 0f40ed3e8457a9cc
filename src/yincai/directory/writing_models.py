"""What a place publishes to be read."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from yincai.directory.writing_words import OPEN_EDITIONS, Edition
from yincai.engine.writings import Shelf
from yincai.foundation import clock

OPEN = Q(edition__in=[one.value for one in OPEN_EDITIONS])
OUT = Q(edition__in=[Edition.PUBLISHED.value, Edition.WITHDRAWN.value])


# the days on which a version is shown, and its writing as one point among the numbers, which two writings
# share once in 2**64: functions of PostgreSQL's core, so that no extension (btree_gist) need be installed
_SHOWN = Func(
    Func(
        F("since"),
        Func(F("published_at"), template="(%(expressions)s AT TIME ZONE 'Asia/Shanghai')::date"),
        function="GREATEST",
    ),
    F("replaced_on"),
    function="DATERANGE",
    output_field=DateRangeField(),
)
_WRITING = Func(
    F("place"),
    F("name"),
    arg_joiner=" || '/' || ",
    template="int8range(hashtextextended(%(expressions)s, 0), hashtextextended(%(expressions)s, 0), '[]')",
    output_field=BigIntegerRangeField(),
)


class PlacedWriting(models.Model):
    """One version of a notice, policy, guide or answer of a place; `place` and `name` say of which.

    What is shown is the published version whose day has come and that none has replaced: one a day, held by
    `writing_shown_once`; `publishing.link_versions` alone writes `replaced_on`.  `digest` is that of
    the folder's entry, empty for what was written at the desk; `grams` is what is searched
    (`spelling.grams_of`).  Nothing is deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1, db_default=1)
    edition = models.CharField(
        max_length=10, default=Edition.PUBLISHED.value, db_default=Edition.PUBLISHED.value
    )
    shelf = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True, default="")
    text = models.TextField()
    address = models.CharField(max_length=300, blank=True, default="")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    new_until = models.DateField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    grams = models.TextField()
    changes = models.PositiveIntegerField(default=0, db_default=0)
    written_by = ArrayField(models.UUIDField(), default=list, db_default=[])
    submission_key = models.UUIDField(null=True, unique=True)
    last_key = models.UUIDField(null=True)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    replaced_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "name", "version"], name="writing_version_once"),
            models.CheckConstraint(condition=Q(shelf__in=[one.value for one in Shelf]), name="writing_shelf"),
            models.CheckConstraint(
                condition=Q(edition__in=[one.value for one in Edition]), name="writing_edition"
            ),
            # what the desk writes is changed in one version at a time; so is what the folder brings
            models.UniqueConstraint(
                fields=["place", "name"], condition=OPEN & Q(digest=""), name="writing_one_open"
            ),
            models.UniqueConstraint(
                fields=["place", "name"], condition=OPEN & ~Q(digest=""), name="writing_one_open_seed"
            ),
            models.CheckConstraint(
                condition=~OUT | Q(since__isnull=False, published_at__isnull=False), name="writing_out_whole"
            ),
            models.CheckConstraint(
                condition=(Q(edition=Edition.WITHDRAWN.value) & Q(withdrawn_at__isnull=False))
                | (~Q(edition=Edition.WITHDRAWN.value) & Q(withdrawn_at__isnull=True)),
                name="writing_withdrawn_whole",
            ),
            # looked at when the transaction ends: a version is published before the one before it ends
            ExclusionConstraint(
                name="writing_shown_once",
                expressions=[(_WRITING, RangeOperators.OVERLAPS), (_SHOWN, RangeOperators.OVERLAPS)],
                condition=Q(edition=Edition.PUBLISHED.value),
                deferrable=models.Deferrable.DEFERRED,
            ),
            # four eyes: who wrote in it has not published it; without a publisher the folder did
            models.CheckConstraint(
                condition=(Q(published_by__isnull=True) & (~OUT | ~Q(digest="")))
                | (Q(published_by__isnull=False) & ~Q(written_by__contains=[F("published_by")])),
                name="writing_published_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "shelf", "-since", "id"], name="writing_of_shelf"),
            models.Index(fields=["place", "edition", "-changed_at", "-id"], name="writing_of_edition"),
            GinIndex(fields=["grams"], opclasses=["gin_trgm_ops"], name="writing_grams"),
        ]

    def __str__(self) -> str:
        return self.title
