"""What happened on each day that is over, counted once (private to the room; `models` names them)."""

from __future__ import annotations

from django.db import models


class CountedDay(models.Model):
    """A day in China whose steps are counted.  Without its row the day is counted anew at each look."""

    day = models.DateField(primary_key=True)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.day.isoformat()


class Count(models.Model):
    """How many of one kind on one day, told apart by all that the page of figures filters by."""

    day = models.DateField()
    place = models.CharField(max_length=40)
    programme = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    publication = models.ForeignKey("programmes.Publication", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        abstract = True


class StepCount(Count):
    """How often a transition was taken."""

    transition = models.CharField(max_length=60)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("day", "place", "publication", "office", "transition"), name="step_count_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.transition}: {self.number}"


class TimeCount(Count):
    """How many stages ended after so much working time, in tenths of an hour, rounded up to what is shown."""

    state = models.CharField(max_length=40)
    tenths = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("day", "place", "publication", "office", "state", "tenths"), name="time_count_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.state}: {self.number}"
