"""Signed checkpoints: a Merkle root over every chain head that moved, kept as files outside the database.

The file is written first and the row after it.  Killed between the two, the next run finds a file one number
ahead of the rows, checks it, and writes the row that is missing.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from yincai.foundation import clock
from yincai.foundation.canonical import canonical_json
from yincai.ledger import keys, merkle, models
from yincai.ledger.examination import examine
from yincai.ledger.hashing import GENESIS, instant_text
from yincai.ledger.vocabulary import Checkpoint, CheckpointRefused

logger = logging.getLogger(__name__)

FORMAT = "yincai.ledger.checkpoint.v1"
_ADVISORY_LOCK = 7_250_011
_HEADER = ("format", "number", "at", "previous", "count", "root")


class Leaf(NamedTuple):
    """One chain as a checkpoint saw it: how long it was and the hash of its last entry, in hex."""

    chain: str
    sequence: int
    hash: str


def make_checkpoint(sign: keys.Sign) -> Checkpoint | None:
    """Seal every chain head that moved since the last checkpoint; `None` when none did.

        Also `None` when another signer is at it.  Raises `CheckpointRefused` when a file is in the way that
    or tells of entries that are not here,
        and when an entry to be sealed was altered or was not written by the platform.
    """
    folder = Path(settings.CHECKPOINTS)
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic(durable=True):
        if not _alone():
            return None
        finished = _finish_interrupted(folder)
        leaves = _moved_heads()
        if not leaves:
            return finished
        header = _header(leaves, after=_last())
        signature = sign(signed_bytes(header))
        _write(folder / file_name(header["number"]), header, leaves, signature)
        return _keep(header, leaves, signature)


def file_name(number: int) -> str:
    """The name of a checkpoint's file."""
    return f"{number}.json"


def signed_bytes(header: Mapping[str, Any]) -> bytes:
    """What the signature covers and the hash is taken of: the format line and the header's canonical JSON."""
    return f"{FORMAT}\n".encode() + canonical_json({name: header[name] for name in _HEADER})


def root_of(leaves: Sequence[Leaf]) -> str:
    """The Merkle root, in hex, over the leaves in the order given."""
    return merkle.root([canonical_json(leaf._asdict()) for leaf in leaves]).hex()


def _alone() -> bool:
    """Whether no other transaction makes a checkpoint; the lock goes with the transaction, killed or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])


def _moved_heads() -> list[Leaf]:
    """The heads to seal, each examined back to the last seal."""
    heads = list(models.Chain.objects.filter(last_sequence__gt=F("checkpointed_sequence")).order_by("chain"))
    for head in heads:
        examine(head.chain, after=head.checkpointed_sequence, until=head.last_sequence)
    return [Leaf(str(head.chain), head.last_sequence, bytes(head.last_hash).hex()) for head in heads]


def _last() -> models.Checkpoint | None:
    return models.Checkpoint.objects.order_by("-number").first()


def _header(leaves: Sequence[Leaf], *, after: models.Checkpoint | None) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "number": after.number + 1 if after else 1,
        "at": instant_text(clock.now()),
        "previous": (bytes(after.hash) if after else GENESIS).hex(),
        "count": len(leaves),
        "root": root_of(leaves),
    }


def _write(path: Path, header: Mapping[str, Any], leaves: Sequence[Leaf], signature: bytes) -> None:
    """Put the whole file in its place or nothing, flushed to the disk with its folder."""
    document = {**header, "leaves": [leaf._asdict() for leaf in leaves], "signature": signature.hex()}
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("wb") as file:
        file.write(canonical_json(document) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _keep(header: Mapping[str, Any], leaves: Sequence[Leaf], signature: bytes) -> Checkpoint:
    row = models.Checkpoint.objects.create(
        number=header["number"],
        root=bytes.fromhex(header["root"]),
        count=header["count"],
        file_name=file_name(header["number"]),
        at=datetime.fromisoformat(header["at"]),
        hash=sha256(signed_bytes(header)).digest(),
        signature=signature,
    )
    _cover(leaves)
    return Checkpoint(
        number=row.number, root=header["root"], count=row.count, file_name=row.file_name, at=row.at
    )


def _cover(leaves: Sequence[Leaf]) -> None:
    """Mark the chains as sealed this far.

    A chain that somebody is writing to is skipped, not waited for (waiting could deadlock with a
    transaction that writes to two chains); it is sealed already and only comes once more next time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COVER, [[leaf.chain for leaf in leaves], [leaf.sequence for leaf in leaves]])


_COVER = """
WITH sealed AS (SELECT * FROM unnest(%s::uuid[], %s::bigint[]) AS leaf (chain, sequence)),
     free AS (
        SELECT head.chain, sealed.sequence
          FROM ledger_chain head JOIN sealed ON sealed.chain = head.chain
         WHERE head.checkpointed_sequence < sealed.sequence
           FOR NO KEY UPDATE OF head SKIP LOCKED
     )
UPDATE ledger_chain head SET checkpointed_sequence = free.sequence FROM free WHERE head.chain = free.chain
"""


def _finish_interrupted(folder: Path) -> Checkpoint | None:
    """Write the row of a file that was written before its signer died; `None` when there is no such file."""
    last = _last()
    number = last.number + 1 if last else 1
    path = folder / file_name(number)
    if not path.exists():
        return None
    header, leaves, signature = _read(path)
    _refuse_unless(header["number"] == number, path, "its number is not the one of its name")
    _refuse_unless(
        header["previous"] == (bytes(last.hash) if last else GENESIS).hex(), path, "it continues another one"
    )
    _refuse_unless(header["root"] == root_of(leaves), path, "its root is not the root of its leaves")
    signed = keys.is_signed(folder, content=signed_bytes(header), signature=signature)
    _refuse_unless(signed, path, "our key did not sign it")
    _refuse_unless(
        not (folder / file_name(number + 1)).exists(), path, "more than one file is ahead of the database"
    )
    _refuse_unless(_all_recorded(leaves), path, "it seals entries that the database does not hold")
    logger.warning("checkpoint %s was written but not finished; its row is written now", number)
    return _keep(header, leaves, signature)


def _read(path: Path) -> tuple[dict[str, Any], list[Leaf], bytes]:
    try:
        document = json.loads(path.read_bytes())
        header = {name: document[name] for name in _HEADER}
        leaves = [Leaf(leaf["chain"], leaf["sequence"], leaf["hash"]) for leaf in document["leaves"]]
        return header, leaves, bytes.fromhex(document["signature"])
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointRefused(f"{path} is no checkpoint file ({type(error).__name__})") from error


def _refuse_unless(fits: bool, path: Path, reason: str) -> None:
    if not fits:
        raise CheckpointRefused(
            f"{path} is in the way of the next checkpoint and cannot be taken up: {reason}."
            " Run `python -m yincai ledger-verify`; nothing is sealed until a person has looked into it."
        )


def _all_recorded(leaves: Sequence[Leaf]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*)"
            " FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS leaf (chain, sequence, hash)"
            " JOIN ledger_entry entry ON entry.chain = leaf.chain AND entry.sequence = leaf.sequence"
            " AND encode(entry.hash, 'hex') = leaf.hash",
            [list(column) for column in zip(*leaves, strict=True)] if leaves else [[], [], []],
        )
        return bool(cursor.fetchone()[0] == len(leaves))
