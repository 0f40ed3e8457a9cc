"""What the signer looks at before it seals a chain: that every new entry is whole and was written by us."""

from __future__ import annotations

import hmac
from uuid import UUID

from yincai.ledger import models
from yincai.ledger.hashing import GENESIS, entry_hash, proof_of
from yincai.ledger.vocabulary import Actor, CheckpointRefused, Kind


def examine(chain: UUID, *, after: int, until: int) -> None:
    """Recompute the entries `after` < sequence ≤ `until`; `CheckpointRefused` names the first bad one."""
    rows = models.Entry.objects.filter(chain=chain, sequence__gte=after, sequence__lte=until)
    expected, previous = max(after, 1), GENESIS
    for row in rows.order_by("sequence").iterator():
        if row.sequence != expected:
            raise _refusal(chain, expected, "is missing")
        if row.sequence > after:
            _examine_entry(row, previous)
        expected, previous = row.sequence + 1, bytes(row.hash)
    if expected != until + 1:
        raise _refusal(chain, expected, "is missing")


def _examine_entry(row: models.Entry, previous: bytes) -> None:
    digest = entry_hash(
        chain=row.chain,
        sequence=row.sequence,
        event=row.event,
        kind=Kind(row.kind),
        actor=Actor(row.actor_kind, row.actor_id, row.actor_role),  # type: ignore[arg-type] # Actor checks it
        office=row.office,
        payload=row.payload,
        at=row.at,
        previous_hash=previous,
    )
    if digest != bytes(row.hash):
        raise _refusal(row.chain, row.sequence, "was altered, or does not continue the entry before it")
    if not hmac.compare_digest(proof_of(digest), bytes(row.proof)):
        raise _refusal(row.chain, row.sequence, "was not written by the platform")


def _refusal(chain: UUID, sequence: int, what: str) -> CheckpointRefused:
    return CheckpointRefused(
        f"entry {sequence} of chain {chain} {what}; nothing is sealed until a person has looked into it"
    )
