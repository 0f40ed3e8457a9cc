"""What may be done to the ledger: record a change, record a look, set a failed delivery going again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from yincai.foundation import clock, statements
from yincai.ledger import dispatch, queries
from yincai.ledger.hashing import GENESIS, checked_payload, entry_hash, proof_of
from yincai.ledger.vocabulary import (
    EVENT_NAME,
    JSON,
    ON_BEHALF_OF,
    READ_EVENT,
    WORDS,
    Actor,
    Entry,
    Kind,
    OutsideTransaction,
)
from yincai.ledger.words import keep_words, sealed_words

_HEAD = "SELECT last_sequence, last_hash FROM ledger_chain WHERE chain = %(chain)s FOR NO KEY UPDATE"
_BEGIN = """
    INSERT INTO ledger_chain (chain, last_sequence, last_hash, checkpointed_sequence)
    VALUES (%(chain)s, 0, %(genesis)s, 0) ON CONFLICT DO NOTHING RETURNING last_sequence, last_hash
"""
_ENTRY = """
    WITH head AS (
        UPDATE ledger_chain SET last_sequence = %(sequence)s, last_hash = %(hash)s WHERE chain = %(chain)s
    )
    INSERT INTO ledger_entry (
        chain, sequence, event, kind, actor_kind, actor_id, actor_role, office,
        payload, at, previous_hash, hash, proof
    ) VALUES (
        %(chain)s, %(sequence)s, %(event)s, %(kind)s,
        %(actor_kind)s, %(actor_id)s, %(actor_role)s, %(office)s,
        %(payload)s, %(at)s, %(previous_hash)s, %(hash)s, %(proof)s
    ) RETURNING id
"""


def record(
    *,
    chain: UUID,
    event: str,
    actor: Actor,
    payload: Mapping[str, JSON],
    office: str = "",
    words: Mapping[str, str] | None = None,
    person: UUID | None = None,
) -> Entry:
    """Append one change to `chain` and enqueue its follow-ups; both stand or fall with the transaction.

    What somebody wrote in their own words goes into `words`, never into the payload (`ledger.words`);
    `person` is the account of whom they concern, under whose key they are sealed: `Forgotten` without one.
    Appends to one chain are gapless and in order: the chain's head stays locked until the transaction ends.
    Raises `OutsideTransaction` without a transaction, `ValueError` for an event that is not
    `thing.past_participle`, `PersonalDataInLedger` for a payload with a personal number.
    """
    if not EVENT_NAME.fullmatch(event) or event == READ_EVENT:
        raise ValueError(f"{event!r} is no event name: write thing.past_participle")
    return _append(
        chain=chain,
        event=event,
        kind=Kind.CHANGE,
        actor=actor,
        payload=payload,
        office=office,
        words=words,
        person=person,
    )


def record_read(
    *, chain: UUID, actor: Actor, purpose: str, what: str, office: str = "", stated: str = ""
) -> Entry:
    """Append one look at personal data: who, when, why (`purpose`), and which part (`what`).

    `stated` is the reason in the reader's own words, sealed under the reader's key: they answer for it after
    whom they looked at is forgotten.  `EntryView.said("purpose")` gives it back.  Commits
    by itself when no transaction is open, so that the look is on record before anything is shown.
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
            words={"purpose": stated} if stated else None,
            person=actor.id,
        )


def retry_failed(job_id: int) -> None:
    """Put one given-up delivery back into its queue.  Raises `LookupError` when no such delivery failed."""
    if all(failed.job_id != job_id for failed in queries.failed_deliveries()):
        raise LookupError(f"no delivery with the job number {job_id} has failed")
    app.job_manager.retry_job_by_id(job_id, retry_at=clock.now())


def _append(
    *,
    chain: UUID,
    event: str,
    kind: Kind,
    actor: Actor,
    payload: Mapping[str, JSON],
    office: str,
    words: Mapping[str, str] | None,
    person: UUID | None,
) -> Entry:
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"{event}: record inside the transaction that makes the change")
    kept, digest_of_words = sealed_words(words) if words else ({}, "")
    if kept:
        payload = {**payload, WORDS: digest_of_words}
    if actor.behalf is not None:
        payload = {**payload, ON_BEHALF_OF: str(actor.behalf)}
    fields: dict[str, Any] = {
        "chain": chain,
        "event": event,
        "kind": kind,
        "office": office,
        "payload": checked_payload(payload),
    }
    sequence, previous = _locked_head(chain)
    fields |= {"sequence": sequence + 1, "previous_hash": previous, "at": clock.now()}
    digest = entry_hash(actor=actor, **fields)
    entry_id: int = statements.value(
        _ENTRY,
        **{**fields, "kind": str(kind), "payload": json.dumps(fields["payload"])},
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_role=actor.role,
        hash=digest,
        proof=proof_of(digest),
    )
    if kept:
        keep_words(entry_id, kept, person=person)
    dispatch.enqueue(entry_id, event)
    return Entry(id=entry_id, chain=chain, sequence=sequence + 1, hash=digest.hex(), at=fields["at"])


def _locked_head(chain: UUID) -> tuple[int, bytes]:
    """Length and last hash of the chain, its head locked; begun when this is its first entry, by whoever
    comes first."""
    found = statements.lines(_HEAD, chain=chain) or statements.lines(_BEGIN, chain=chain, genesis=GENESIS)
    ((sequence, last_hash),) = found or statements.lines(_HEAD, chain=chain)
    return sequence, bytes(last_hash)
