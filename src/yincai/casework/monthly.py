"""Which cases the clock moves on: those that wait for a day of the month (private to the room)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from yincai.casework.models import Case
from yincai.foundation import clock
from yincai.programmes import queries as programmes


def due_monthly(*, on: date) -> Iterator[tuple[UUID, str, date]]:
    """The cases that a monthly transition waits for, with its name and the day that has come, oldest first.

    Only of those that were handed in and have not ended.  A case that reached its state on the very day goes
    along; guards are checked when it is taken.
    """
    for place in programmes.places():
        for version in programmes.every_version(place.name):
            for way in version.programme.workflow.transitions:
                if not way.day_of_month:
                    continue
                day = latest(way.day_of_month, on=on)
                end = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.CHINA)
                for case_id in _waiting(version.id, way.sources, before=end):
                    yield case_id, way.name, day


def _waiting(publication_id: UUID, states: Sequence[str], *, before: datetime) -> list[UUID]:
    """Read from an index of the officers' list (`case_queue_…`), whose condition stands here too."""
    found = Case.objects.filter(
        publication_id=publication_id,
        state__in=states,
        state_since__lt=before,
        ended_at__isnull=True,
        submitted_at__isnull=False,
        deleted_at__isnull=True,
    )
    return list(found.order_by("state_since", "id").values_list("id", flat=True))


def latest(day_of_month: int, *, on: date) -> date:
    """The newest such day that is not after `on`."""
    if on.day >= day_of_month:
        return on.replace(day=day_of_month)
    return (on.replace(day=1) - timedelta(days=1)).replace(day=day_of_month)
