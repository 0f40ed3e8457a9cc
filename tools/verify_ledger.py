#!/usr/bin/env python3
"""Verify a ledger of Yincai from outside: a single file that imports nothing of the platform.

It reads the database in one read-only snapshot, recomputes every chain and every checkpoint, names the first
bad record in words and ends with 1; with 0 when all of it fits.  Needs Python 3.11, psycopg and cryptography.
What is hashed, byte for byte: src/yincai/ledger/README.md.

    python tools/verify_ledger.py --database postgresql:///yincai --checkpoints var/checkpoints

For proof against somebody who can also write to the checkpoint folder, keep the public key and the number of
the newest checkpoint elsewhere and name them with --public-key and --at-least.  With --keyring the authorship
of every entry is checked too; without it, of those that the signer has sealed (it checks before it signs).
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import sys
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

ENTRY_DOMAIN = b"yincai.ledger.entry.v1\n"
CHECKPOINT_FORMAT = "yincai.ledger.checkpoint.v1"
HEADER = ("format", "number", "at", "previous", "count", "root")
NOTHING_BEFORE = "0" * 64
GUARDS = {
    "ledger_entry_append_only": "ledger_entry",
    "ledger_checkpoint_append_only": "ledger_checkpoint",
    "ledger_delivery_append_only": "ledger_delivery",
    "ledger_chain_stays": "ledger_chain",
    "ledger_chain_moves_forward": "ledger_chain",
}


class Tampered(Exception):
    """The first record that does not fit, in words."""


@dataclass
class Report:
    """What was checked, or the first thing that is wrong."""

    entries: int = 0
    chains: int = 0
    checkpoints: int = 0
    unsealed: int = 0
    authorship_checked: bool = False
    finding: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether everything fits."""
        return not self.finding

    def __str__(self) -> str:
        if self.finding:
            return f"NOT SOUND: {self.finding}"
        return (
            f"Sound: {self.entries} entries in {self.chains} chains and {self.checkpoints} checkpoints"
            " fit together;"
            f" {self.unsealed} entries are newer than the last checkpoint"
            + ("." if self.authorship_checked or not self.unsealed else ", their authorship was not checked.")
        )


@dataclass
class Chain:
    """One chain while it is walked through."""

    name: UUID
    sealed: dict[int, tuple[str, int]]
    length: int = 0
    last_hash: str = NOTHING_BEFORE


def verify(
    database: str,
    checkpoints: Path,
    *,
    public_key: Path | None = None,
    at_least: int = 0,
    keyring: Path | None = None,
) -> Report:
    """Check the whole ledger in one snapshot; the report's `finding` is empty when it is sound."""
    key = b64decode(json.loads(keyring.read_bytes())["index_key"]) if keyring else None
    with psycopg.connect(database) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        return verify_on(connection, checkpoints, public_key=public_key, at_least=at_least, key=key)


def verify_on(
    connection: psycopg.Connection,
    checkpoints: Path,
    *,
    public_key: Path | None = None,
    at_least: int = 0,
    key: bytes | None = None,
) -> Report:
    """The same on an open connection; `key` is the one the platform proves its authorship with."""
    report = Report(authorship_checked=key is not None)
    try:
        seals = _checkpoints(connection, checkpoints, public_key, at_least, report)
        _chains(connection, seals, key, report)
        _guards(connection)
    except Tampered as finding:
        report.finding = str(finding)
    return report


# Checkpoints


def _checkpoints(
    connection: psycopg.Connection, folder: Path, public_key: Path | None, at_least: int, report: Report
) -> dict[UUID, dict[int, tuple[str, int]]]:
    """Check files and rows against each other; chain → sequence → (hash, number of the checkpoint)."""
    rows = _checkpoint_rows(connection)
    newest_row, newest_file = max(rows, default=0), _newest_file(folder)
    if max(newest_row, newest_file) < at_least:
        raise Tampered(
            f"checkpoint {at_least} is known to exist, but the newest here is {max(newest_row, newest_file)}:"
            " an older state of the ledger was put back"
        )
    if not rows and not newest_file:
        return {}
    key = _public_key(public_key or folder / "checkpoint_public.pem")
    seals: dict[UUID, dict[int, tuple[str, int]]] = {}
    previous = NOTHING_BEFORE
    for number in range(1, max(newest_row, newest_file) + 1):
        document = _checkpoint_file(folder / f"{number}.json", number)
        previous = _check_checkpoint(document, number, previous, key)
        if number in rows:
            _check_row(rows[number], document, number)
        elif number != newest_row + 1 or number != newest_file:
            raise Tampered(f"checkpoint {number}: its row is missing from the database, its file is there")
        for leaf in document["leaves"]:
            seals.setdefault(UUID(leaf["chain"]), {}).setdefault(leaf["sequence"], (leaf["hash"], number))
        report.checkpoints += 1
    return seals


def _checkpoint_rows(connection: psycopg.Connection) -> dict[int, dict[str, Any]]:
    rows = connection.execute(
        "SELECT number, root, count, file_name, at, hash, signature FROM ledger_checkpoint"
    )
    names = ("number", "root", "count", "file_name", "at", "hash", "signature")
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def _newest_file(folder: Path) -> int:
    numbers = (
        [int(path.stem) for path in folder.glob("*.json") if path.stem.isdigit()] if folder.is_dir() else []
    )
    return max(numbers, default=0)


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Tampered(
            f"the public key of the checkpoints cannot be read ({path}: {type(error).__name__})"
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise Tampered(f"{path} holds no Ed25519 key")
    return key


def _checkpoint_file(path: Path, number: int) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise Tampered(f"checkpoint {number}: its file {path.name} is missing") from error
    except ValueError as error:
        raise Tampered(f"checkpoint {number}: its file {path.name} was altered, it is no JSON") from error
    if not _has_the_form_of_a_checkpoint(document):
        raise Tampered(
            f"checkpoint {number}: its file {path.name} was altered, it has not the form of a checkpoint"
        )
    return dict(document)


def _has_the_form_of_a_checkpoint(document: Any) -> bool:
    try:
        bytes.fromhex(document["signature"])
        for leaf in document["leaves"]:
            UUID(leaf["chain"])
            if set(leaf) != {"chain", "sequence", "hash"} or not isinstance(leaf["sequence"], int):
                return False
        return set(document) == {*HEADER, "leaves", "signature"} and document["format"] == CHECKPOINT_FORMAT
    except (TypeError, KeyError, ValueError):
        return False


def _check_checkpoint(document: dict[str, Any], number: int, previous: str, key: Ed25519PublicKey) -> str:
    """Check one file by itself and against the one before; its hash in hex."""
    header = {name: document[name] for name in HEADER}
    signed = f"{CHECKPOINT_FORMAT}\n".encode() + canonical(header)
    try:
        key.verify(bytes.fromhex(document["signature"]), signed)
    except InvalidSignature as error:
        raise Tampered(f"checkpoint {number}: its file was altered, the signature does not fit") from error
    if header["number"] != number:
        raise Tampered(f"checkpoint {number}: its file holds checkpoint {header['number']}")
    if header["previous"] != previous:
        raise Tampered(f"checkpoint {number}: it does not continue checkpoint {number - 1}")
    leaves = [canonical(leaf) for leaf in document["leaves"]]
    if header["count"] != len(leaves) or header["root"] != merkle_root(leaves).hex():
        raise Tampered(
            f"checkpoint {number}: its file was altered, the leaves do not add up to the signed root"
        )
    return hashlib.sha256(signed).hexdigest()


def _check_row(row: dict[str, Any], document: dict[str, Any], number: int) -> None:
    header = {name: document[name] for name in HEADER}
    in_file = {
        "root": document["root"],
        "count": document["count"],
        "file_name": f"{number}.json",
        "at": document["at"],
        "hash": hashlib.sha256(f"{CHECKPOINT_FORMAT}\n".encode() + canonical(header)).hexdigest(),
        "signature": document["signature"],
    }
    for name, expected in in_file.items():
        found = _plain(row[name])
        if found != expected:
            raise Tampered(
                f"checkpoint {number}: its row in the database was altered ({name} differs from the file)"
            )


# Chains


def _chains(
    connection: psycopg.Connection,
    seals: dict[UUID, dict[int, tuple[str, int]]],
    key: bytes | None,
    report: Report,
) -> None:
    """Walk through every entry, chain by chain; then every head and every seal must have been met."""
    heads = {
        chain: (length, _plain(last))
        for chain, length, last in connection.execute(
            "SELECT chain, last_sequence, last_hash FROM ledger_chain"
        )
    }
    walked: set[UUID] = set()
    chain: Chain | None = None
    for row in _entries(connection):
        if chain is None or row["chain"] != chain.name:
            if chain is not None:
                _end(chain, heads, report)
            chain = Chain(row["chain"], seals.get(row["chain"], {}))
            walked.add(chain.name)
        _check_entry(row, chain, key)
        report.entries += 1
    if chain is not None:
        _end(chain, heads, report)
    for name in sorted((heads.keys() | seals.keys()) - walked):
        _end(Chain(name, seals.get(name, {})), heads, report)


def _entries(connection: psycopg.Connection) -> Iterator[dict[str, Any]]:
    names = (
        "id", "chain", "sequence", "event", "kind", "actor_kind", "actor_id", "actor_role", "office",
        "payload", "at", "previous_hash", "hash", "proof",
    )  # fmt: skip
    with connection.cursor("entries") as cursor:
        cursor.itersize = 5000
        cursor.execute(f"SELECT {', '.join(names)} FROM ledger_entry ORDER BY chain, sequence, id")  # noqa: S608
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def _check_entry(row: dict[str, Any], chain: Chain, key: bytes | None) -> None:
    sequence, found = row["sequence"], _plain(row["hash"])
    if sequence != chain.length + 1:
        raise Tampered(_gap(chain, sequence))
    if found != entry_hash(row):
        raise Tampered(
            f"entry {sequence} of chain {chain.name} was altered: its content does not fit its hash"
        )
    if _plain(row["previous_hash"]) != chain.last_hash:
        raise Tampered(
            f"entry {sequence} of chain {chain.name} does not continue the entry before it:"
            " it was inserted, moved or copied there, or the one before it was replaced"
        )
    if key is not None and not hmac.compare_digest(proof(found, key), _plain(row["proof"])):
        raise Tampered(
            f"entry {sequence} of chain {chain.name} was not written by the platform: its proof does not fit"
        )
    seal = chain.sealed.get(sequence)
    if seal is not None and seal[0] != found:
        raise Tampered(
            f"entry {sequence} of chain {chain.name} is not the one that checkpoint {seal[1]} sealed:"
            " the chain was written anew"
        )
    chain.length, chain.last_hash = sequence, found


def _gap(chain: Chain, sequence: int) -> str:
    if sequence <= chain.length:
        return f"entry {sequence} of chain {chain.name} is there more than once"
    missing = chain.length + 1
    until = f" to {sequence - 1}" if sequence - 1 > missing else ""
    return f"entry {missing}{until} of chain {chain.name} is missing: entry {sequence} follows {chain.length}"


def _end(chain: Chain, heads: dict[UUID, tuple[int, str]], report: Report) -> None:
    """A chain must end where its head says, and nothing that was sealed may lie beyond."""
    beyond = sorted(sequence for sequence in chain.sealed if sequence > chain.length)
    if beyond:
        raise Tampered(
            f"entry {chain.length + 1} of chain {chain.name} is missing:"
            f" checkpoint {chain.sealed[beyond[0]][1]} sealed the chain up to entry {beyond[0]}"
        )
    if chain.name not in heads:
        raise Tampered(f"chain {chain.name}: its head is missing, its {chain.length} entries are there")
    length, last = heads[chain.name]
    if length > chain.length:
        raise Tampered(
            f"entry {chain.length + 1} of chain {chain.name} is missing: its head counts {length} entries"
        )
    if length < chain.length:
        raise Tampered(
            f"chain {chain.name}: its head was rolled back to entry {length} (it has {chain.length}),"
            f" or entry {length + 1} was added past it"
        )
    if last != chain.last_hash:
        raise Tampered(f"chain {chain.name}: its head holds another hash than its last entry, {length}")
    report.chains += 1
    report.unsealed += chain.length - max(chain.sealed, default=0)


def _guards(connection: psycopg.Connection) -> None:
    """The triggers that refuse rewriting must be there and switched on."""
    rows = connection.execute(
        "SELECT tgname, relname, tgenabled FROM pg_trigger"
        " JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = ANY(%s)",
        [list(GUARDS)],
    )
    on = {(name, table) for name, table, enabled in rows if enabled in ("O", "A", b"O", b"A")}
    for name, table in GUARDS.items():
        if (name, table) not in on:
            raise Tampered(
                f"the trigger {name} on {table} is gone or switched off:"
                " the database no longer refuses rewriting"
            )


# The exact bytes


def canonical(value: Any) -> bytes:
    """JSON with sorted names, no spaces, UTF-8.  The ledger holds no floats and names in ASCII only."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry_hash(row: dict[str, Any]) -> str:
    """The hash that an entry with these fields must have, in hex."""
    content = {
        "chain": str(row["chain"]),
        "sequence": row["sequence"],
        "event": row["event"],
        "kind": row["kind"],
        "actor_kind": row["actor_kind"],
        "actor_id": None if row["actor_id"] is None else str(row["actor_id"]),
        "actor_role": row["actor_role"],
        "office": row["office"],
        "payload": row["payload"],
        "at": _plain(row["at"]),
        "previous_hash": _plain(row["previous_hash"]),
    }
    return hashlib.sha256(ENTRY_DOMAIN + canonical(content)).hexdigest()


def proof(digest: str, key: bytes) -> str:
    """The MAC, in hex, with which the platform shows that it wrote the entry with this hash."""
    return hmac.new(key, b"ledger.entry\x00" + digest.encode(), hashlib.sha256).hexdigest()


def merkle_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def _plain(value: Any) -> Any:
    """Bytes as hex, an instant in its one spelling, the rest as it is."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


def main(arguments: Iterable[str] | None = None) -> int:
    """Print the report; 0 when the ledger is sound, 1 when not, 2 when it could not be read."""
    parser = argparse.ArgumentParser(description="Verify a ledger of Yincai from outside.")
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", "postgresql:///yincai"))
    parser.add_argument("--checkpoints", type=Path, default=Path("var/checkpoints"))
    parser.add_argument(
        "--public-key", type=Path, help="default: checkpoint_public.pem beside the checkpoints"
    )
    parser.add_argument(
        "--at-least", type=int, default=0, help="number of a checkpoint that is known to exist"
    )
    parser.add_argument("--keyring", type=Path, help="keyring.json, to check who wrote every entry")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        report = verify(
            options.database,
            options.checkpoints,
            public_key=options.public_key,
            at_least=options.at_least,
            keyring=options.keyring,
        )
    except (psycopg.Error, OSError, ValueError, KeyError) as error:
        print(f"The ledger could not be read: {str(error).strip()}", file=sys.stderr)
        return 2
    print(report)
    return 0 if report.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
