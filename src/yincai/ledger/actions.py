"""What may be done to the ledger: record a change, record a look, set a failed delivery going again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from yincai.foundation import clock
from yincai.ledger import dispatch, models, queries
from yincai.ledger.hashing import GENESIS, checked_payload, entry_hash, proof_of
from yincai.ledger.vocabulary import EVENT_NAME, JSON, READ_EVENT, Actor, Entry, Kind, OutsideTransaction


def record(*, chain: UUID, event: str, actor: Actor, payload: Mapping[str, JSON], office: str = "") -> Entry:
    """Append one change to `chain` and enqueue its follow-ups; both stand or fall with the transaction.

    Appends to one chain are gapless and in order: the chain's head stays locked until the transaction ends.
    Raises `OutsideTransaction` without a transaction, `ValueError` for an event that is not
    `thing.past_participle`, `PersonalDataInLedger` for a payload with a personal number.
    """
    if not EVENT_NAME.fullmatch(event) or event == READ_EVENT:
        raise ValueError(f"{event!r} is no event name: write thing.past_participle")
    return _append(chain=chain, event=event, kind=Kind.CHANGE, actor=actor, payload=payload, office=office)


def record_read(*, chain: UUID, actor: Actor, purpose: str, what: str, office: str = "") -> Entry:
    """Append one look at personal data: who, when, why (`purpose`), and which part (`what`).

    Commits by itself when no transaction is open, so that the look is on record before anything is shown.
    """
    if not purpose or not what:
        raise ValueError("a look names its purpose and what was seen")
    with transaction.atomic():
        return _append(
            chain=chain,
            event=READ_EVENT,
            kind=Kind.READ,
            actor=actor,
            payload={"purpose": purpose, "what": what},
            office=office,
        )


def retry_failed(job_id: int) -> None:
    """Put one given-up delivery back into its queue.  Raises `LookupError` when no such delivery failed."""
    if all(failed.job_id != job_id for failed in queries.failed_deliveries()):
        raise LookupError(f"no delivery with the job number {job_id} has failed")
    app.job_manager.retry_job_by_id(job_id, retry_at=clock.now())


def _append(
    *, chain: UUID, event: str, kind: Kind, actor: Actor, payload: Mapping[str, JSON], office: str
) -> Entry:
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"{event}: record inside the transaction that makes the change")
    fields: dict[str, Any] = {
        "chain": chain,
        "event": event,
        "kind": kind,
        "office": office,
        "payload": checked_payload(payload),
    }
    head = _locked_head(chain)
    fields |= {"sequence": head.last_sequence + 1, "previous_hash": bytes(head.last_hash), "at": clock.now()}
    digest = entry_hash(actor=actor, **fields)
    row = models.Entry.objects.create(
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_role=actor.role,
        hash=digest,
        proof=proof_of(digest),
        **fields,
    )
    models.Chain.objects.filter(pk=chain).update(last_sequence=row.sequence, last_hash=digest)
    dispatch.enqueue(row.id, event)
    return Entry(id=row.id, chain=chain, sequence=row.sequence, hash=digest.hex(), at=row.at)


def _locked_head(chain: UUID) -> models.Chain:
    """The chain's head, locked; begun when this is its first entry, by whoever comes first."""
    heads = models.Chain.objects.select_for_update(no_key=True)
    head = heads.filter(pk=chain).first()
    if head is None:
        models.Chain.objects.bulk_create(
            [models.Chain(chain=chain, last_hash=GENESIS)], ignore_conflicts=True
        )
        head = heads.get(pk=chain)
    return head
