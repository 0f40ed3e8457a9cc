"""What anybody may ask the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import connection

from yincai.ledger import dispatch, models
from yincai.ledger.held import held_about as held_about
from yincai.ledger.vocabulary import Actor, Checkpoint, EntryView, FailedDelivery, Kind
from yincai.ledger.words import words_of


def history(chain: UUID) -> list[EntryView]:
    """Everything recorded on one chain, changes and looks, in order; empty for a chain nobody wrote to."""
    return _views(models.Entry.objects.filter(chain=chain).order_by("sequence"))


def changes(chain: UUID) -> list[EntryView]:
    """What was changed on one chain, in order; the looks, of which there are ever more, are not read."""
    return _views(models.Entry.objects.filter(chain=chain, kind=Kind.CHANGE).order_by("sequence"))


def newest(chain: UUID, *, limit: int) -> list[EntryView]:
    """The newest entries of one chain, newest first."""
    return _views(models.Entry.objects.filter(chain=chain).order_by("-sequence")[:limit])


def entry(entry_id: int) -> EntryView:
    """One entry.  Raises `LookupError` when there is none."""
    found = _views(models.Entry.objects.filter(pk=entry_id))
    if not found:
        raise LookupError(f"the ledger has no entry {entry_id}")
    return found[0]


def is_delivered(entry_id: int, handler: str) -> bool:
    """Whether the handler's effect for this entry is committed."""
    return models.Delivery.objects.filter(entry_id=entry_id, handler=handler).exists()


def failed_deliveries() -> list[FailedDelivery]:
    """Every follow-up that was given up, oldest first.  None ever leaves this list but by `retry_failed`."""
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, [dispatch.DELIVER])
        return [FailedDelivery(*row) for row in cursor.fetchall()]


def given_up(chain: UUID) -> dict[str, str]:
    """Handler → why, for the follow-ups of a chain's entries that were given up and wait for a person."""
    troubles = models.DeliveryTrouble.objects.filter(entry__chain=chain, given_up=True)
    return dict(troubles.order_by("entry_id", "handler").values_list("handler", "reason"))


def troubles_of(entry_id: int) -> dict[str, str]:
    """Handler → why it did not succeed yet, for the follow-ups of one entry that are late."""
    troubles = models.DeliveryTrouble.objects.filter(entry_id=entry_id)
    return dict(troubles.order_by("handler").values_list("handler", "reason"))


def oldest_unsealed() -> datetime | None:
    """When the oldest entry was recorded that no checkpoint covers; `None` when all are covered."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED)
        (at,) = cursor.fetchone()
    return cast("datetime | None", at)


def latest_checkpoint() -> Checkpoint | None:
    """The newest checkpoint; `None` before the first."""
    row = models.Checkpoint.objects.order_by("-number").first()
    if row is None:
        return None
    return Checkpoint(
        number=row.number, root=bytes(row.root).hex(), count=row.count, file_name=row.file_name, at=row.at
    )


_UNSEALED = """
SELECT min(entry.at)
  FROM ledger_chain chain
  JOIN ledger_entry entry ON entry.chain = chain.chain AND entry.sequence = chain.checkpointed_sequence + 1
 WHERE chain.last_sequence > chain.checkpointed_sequence
"""

_FAILED = """
SELECT job.id, (job.args ->> 'entry_id')::bigint, job.args ->> 'handler', job.queue_name, job.attempts,
       coalesce(trouble.reason, ''), trouble.at
  FROM procrastinate_jobs job
  LEFT JOIN ledger_delivery_trouble trouble
    ON trouble.entry_id = (job.args ->> 'entry_id')::bigint AND trouble.handler = job.args ->> 'handler'
 WHERE job.task_name = %s AND job.status IN ('failed', 'aborted', 'cancelled')
 ORDER BY job.id
"""


def _views(rows: Iterable[models.Entry]) -> list[EntryView]:
    found = list(rows)
    words = words_of(found)
    return [_view(row, words.get(row.pk, {})) for row in found]


def _view(row: models.Entry, words: Mapping[str, str]) -> EntryView:
    return EntryView(
        id=row.id,
        chain=row.chain,
        sequence=row.sequence,
        event=row.event,
        actor=Actor(row.actor_kind, row.actor_id, row.actor_role),  # type: ignore[arg-type] # checked by Actor
        office=row.office,
        at=row.at,
        payload=row.payload,
        is_read=row.kind == Kind.READ,
        hash=bytes(row.hash).hex(),
        words=words,
    )
