"""An intruder with every right on the database alters the ledger; the verifier names the record."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from psycopg.types.json import JsonbLoader

from tests.ledger import cast
from yincai.foundation import encryption
from yincai.ledger import actions, checkpoints, hashing, keys
from yincai.ledger.vocabulary import Kind
from yincai.ops.commands import ledger_verify

A = UUID("aaaaaaaa-0000-4000-8000-000000000000")
B = UUID("bbbbbbbb-0000-4000-8000-000000000000")
TOOL = settings.ROOT / "tools" / "verify_ledger.py"
DROP_UNIQUE = [
    "ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_once",
    "ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_hash",
]
COLUMNS = (
    "chain, event, kind, actor_kind, actor_id, actor_role, office, payload, at, previous_hash, hash, proof"
)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = spec_from_file_location("verify_ledger", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    checkpoints_folder = tmp_path / "checkpoints"
    keys.create_checkpoint_key(tmp_path / "key.pem", checkpoints=checkpoints_folder)
    with override_settings(CHECKPOINTS=checkpoints_folder):
        yield checkpoints_folder


def fill(folder: Path) -> None:
    """Chain A with 5 entries sealed at 3 and at 5, then 2 more; chain B with 2 sealed at 2."""
    sign = keys.signer(folder.parent / "key.pem")
    with transaction.atomic():
        append(A, 3)
    checkpoints.make_checkpoint(sign)
    with transaction.atomic():
        append(A, 2)
        append(B, 2)
    checkpoints.make_checkpoint(sign)
    with transaction.atomic():
        append(A, 2)


def append(chain: UUID, count: int) -> None:
    for number in range(count):
        actions.record(
            chain=chain,
            event="case.returned",
            actor=cast.OFFICER,
            office="市人才绿卡服务窗口",
            payload={
                "reason": "照片不清 \U0001f4f7\n",
                "fields": ["photo", None, True, -7],
                "nested": {"b": 1, "a": number},
            },
        )


@pytest.fixture
def intruder(db: None, folder: Path) -> Iterator[psycopg.Connection]:
    """The test's own connection with the triggers off; what is altered on it goes with the test."""
    fill(folder)
    raw: Any = connection.connection
    raw.execute("SET LOCAL session_replication_role = replica")
    django_loader = raw.adapters.get_loader(3802, psycopg.pq.Format.TEXT)
    raw.adapters.register_loader("jsonb", JsonbLoader)
    yield raw
    raw.adapters.register_loader("jsonb", django_loader)


def rewrite(raw: psycopg.Connection, chain: UUID, start: int, **changes: object) -> None:
    """Alter entry `start` and compute every hash from there on anew, as anybody can."""
    names = [name.strip() for name in COLUMNS.split(",")]
    rows = raw.execute(
        f"SELECT sequence, {COLUMNS} FROM ledger_entry WHERE chain = %s AND sequence >= %s ORDER BY sequence",  # noqa: S608
        [chain, start],
    ).fetchall()
    previous = None
    for sequence, *values in rows:
        row = dict(zip(names, values, strict=True)) | (changes if sequence == start else {})
        previous = bytes(row["previous_hash"]) if previous is None else previous
        digest = hashing.entry_hash(
            chain=chain, sequence=sequence, event=row["event"], kind=Kind(row["kind"]), actor=cast.OFFICER,
            office=row["office"], payload=row["payload"], at=row["at"], previous_hash=previous,
        )  # fmt: skip
        raw.execute(
            "UPDATE ledger_entry SET event = %s, previous_hash = %s, hash = %s"
            " WHERE chain = %s AND sequence = %s",
            [row["event"], previous, digest, chain, sequence],
        )
        previous = digest
    raw.execute("UPDATE ledger_chain SET last_hash = %s WHERE chain = %s", [previous, chain])


def test_verifier_and_platform_agree_byte_for_byte(
    intruder: psycopg.Connection, folder: Path, tool: ModuleType
) -> None:
    report = tool.verify_on(intruder, folder)

    assert report.finding == ""
    assert (report.entries, report.chains, report.checkpoints, report.unsealed) == (9, 2, 2, 2)


@pytest.mark.parametrize(
    ("statements", "finding"),
    [
        pytest.param(
            [f"UPDATE ledger_entry SET payload = '{{}}' WHERE chain = '{A}' AND sequence = 2"],
            f"entry 2 of chain {A} was altered",
            id="edit of the content",
        ),
        pytest.param(
            [f"UPDATE ledger_entry SET at = at - interval '1 us' WHERE chain = '{A}' AND sequence = 4"],
            f"entry 4 of chain {A} was altered",
            id="edit of the time",
        ),
        pytest.param(
            [f"UPDATE ledger_entry SET actor_id = gen_random_uuid() WHERE chain = '{B}' AND sequence = 1"],
            f"entry 1 of chain {B} was altered",
            id="edit of the actor",
        ),
        pytest.param(
            [f"UPDATE ledger_entry SET kind = 'read' WHERE chain = '{B}' AND sequence = 2"],
            f"entry 2 of chain {B} was altered",
            id="edit of the kind",
        ),
        pytest.param(
            [f"DELETE FROM ledger_entry WHERE chain = '{A}' AND sequence = 3"],
            f"entry 3 of chain {A} is missing: entry 4 follows 2",
            id="deletion in the middle",
        ),
        pytest.param(
            [f"DELETE FROM ledger_entry WHERE chain = '{A}' AND sequence = 1"],
            f"entry 1 of chain {A} is missing",
            id="deletion of the first",
        ),
        pytest.param(
            [f"DELETE FROM ledger_entry WHERE chain = '{A}' AND sequence = 7"],
            f"entry 7 of chain {A} is missing: its head counts 7",
            id="deletion of the tail",
        ),
        pytest.param(
            [
                f"DELETE FROM ledger_entry WHERE chain = '{A}' AND sequence > 4",
                "UPDATE ledger_chain SET last_sequence = 4, checkpointed_sequence = 4, last_hash ="
                f" (SELECT hash FROM ledger_entry WHERE chain = '{A}' AND sequence = 4) WHERE chain = '{A}'",
            ],
            f"entry 5 of chain {A} is missing: checkpoint 2 sealed the chain up to entry 5",
            id="deletion of a sealed tail and its head",
        ),
        pytest.param(
            [
                f"DELETE FROM ledger_entry WHERE chain = '{B}'",
                f"DELETE FROM ledger_chain WHERE chain = '{B}'",
            ],
            f"entry 1 of chain {B} is missing: checkpoint 2 sealed the chain up to entry 2",
            id="deletion of a whole chain",
        ),
        pytest.param(
            [
                f"UPDATE ledger_entry SET sequence = sequence + 1 WHERE chain = '{A}' AND sequence > 5",
                f"INSERT INTO ledger_entry (sequence, {COLUMNS}) SELECT 6, {COLUMNS} FROM ledger_entry"
                f" WHERE chain = '{A}' AND sequence = 2",
            ],
            f"entry 6 of chain {A} was altered",
            id="insertion in the middle",
        ),
        pytest.param(
            [
                f"INSERT INTO ledger_entry (sequence, {COLUMNS}) SELECT 8, {COLUMNS} FROM ledger_entry"
                f" WHERE chain = '{A}' AND sequence = 7",
            ],
            f"entry 8 of chain {A} was altered",
            id="replay at the tail",
        ),
        pytest.param(
            [
                f"INSERT INTO ledger_entry (sequence, {COLUMNS}) SELECT 2, {COLUMNS} FROM ledger_entry"
                f" WHERE chain = '{A}' AND sequence = 2",
            ],
            f"entry 2 of chain {A} is there more than once",
            id="replay in place",
        ),
        pytest.param(
            [
                f"UPDATE ledger_entry SET sequence = CASE sequence WHEN 2 THEN 3 ELSE 2 END"
                f" WHERE chain = '{A}' AND sequence IN (2, 3)",
            ],
            f"entry 2 of chain {A} was altered",
            id="reordering",
        ),
        pytest.param(
            [
                "UPDATE ledger_chain SET last_sequence = 6, last_hash ="
                f" (SELECT hash FROM ledger_entry WHERE chain = '{A}' AND sequence = 6) WHERE chain = '{A}'",
            ],
            f"chain {A}: its head was rolled back to entry 6",
            id="head rolled back",
        ),
        pytest.param(
            [f"UPDATE ledger_chain SET last_hash = decode(repeat('00', 32), 'hex') WHERE chain = '{B}'"],
            f"chain {B}: its head holds another hash than its last entry, 2",
            id="hash of the head",
        ),
        pytest.param(
            [f"DELETE FROM ledger_chain WHERE chain = '{A}'"],
            f"chain {A}: its head is missing",
            id="head deleted",
        ),
        pytest.param(
            ["DELETE FROM ledger_checkpoint WHERE number = 1"],
            "checkpoint 1: its row is missing",
            id="row of a checkpoint deleted",
        ),
        pytest.param(
            ["UPDATE ledger_checkpoint SET at = at - interval '1 day' WHERE number = 2"],
            "checkpoint 2: its row in the database was altered (at differs",
            id="row of a checkpoint altered",
        ),
        pytest.param(
            ["ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_append_only"],
            "the trigger ledger_entry_append_only on ledger_entry is gone or switched off",
            id="trigger switched off",
        ),
        pytest.param(
            ["DROP TRIGGER ledger_chain_stays ON ledger_chain"],
            "the trigger ledger_chain_stays on ledger_chain is gone or switched off",
            id="trigger dropped",
        ),
    ],
)
def test_verifier_names_the_first_record_of(
    statements: Sequence[str], finding: str, intruder: psycopg.Connection, folder: Path, tool: ModuleType
) -> None:
    for statement in [*DROP_UNIQUE, *statements]:
        intruder.execute(statement)

    report = tool.verify_on(intruder, folder)

    assert not report.is_sound
    assert report.finding.startswith(finding)


@pytest.mark.parametrize(("start", "named"), [(1, 3), (2, 3), (4, 5), (5, 5)])
def test_verifier_finds_a_chain_written_anew_by_its_next_seal(
    start: int, named: int, intruder: psycopg.Connection, folder: Path, tool: ModuleType
) -> None:
    rewrite(intruder, A, start, event="case.approved")

    report = tool.verify_on(intruder, folder)

    assert report.finding.startswith(f"entry {named} of chain {A} is not the one that checkpoint")


def test_verifier_with_the_key_finds_an_unsealed_entry_that_the_platform_did_not_write(
    intruder: psycopg.Connection, folder: Path, tool: ModuleType
) -> None:
    rewrite(intruder, A, 6, event="case.approved")

    without, with_key = (
        tool.verify_on(intruder, folder, key=key) for key in (None, encryption.ring().index_key)
    )

    assert without.is_sound
    assert "authorship was not checked" in str(without)
    assert with_key.finding.startswith(f"entry 6 of chain {A} was not written by the platform")


def alter(path: Path, **changes: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changes))


def test_verifier_finds_a_checkpoint_file_that_is_gone_or_altered(
    intruder: psycopg.Connection, folder: Path, tool: ModuleType
) -> None:
    whole = {path: path.read_bytes() for path in folder.glob("*.json")}
    first, second = folder / "1.json", folder / "2.json"
    tricks = {
        "checkpoint 1: its file 1.json is missing": lambda: first.unlink(),
        "checkpoint 2: its file 2.json is missing": lambda: second.unlink(),
        "checkpoint 1: its file 1.json was altered, it is no JSON": lambda: first.write_text("{"),
        "checkpoint 2: its file 2.json was altered, it has not": lambda: alter(second, extra=1),
        "checkpoint 2: its file was altered, the signature": lambda: alter(
            second, at="2026-01-01T00:00:00.000000Z"
        ),
        "checkpoint 1: its file was altered, the leaves": lambda: alter(first, leaves=[]),
        "checkpoint 1: its file holds checkpoint 2": lambda: first.write_bytes(second.read_bytes()),
    }
    for finding, trick in tricks.items():
        trick()  # type: ignore[no-untyped-call] # lambdas of one line
        report = tool.verify_on(intruder, folder)
        for path, content in whole.items():
            path.write_bytes(content)

        assert report.finding.startswith(finding)


def test_verifier_finds_an_older_state_put_back_files_and_all(
    intruder: psycopg.Connection, folder: Path, tool: ModuleType
) -> None:
    intruder.execute("DELETE FROM ledger_checkpoint WHERE number = 2")
    (folder / "2.json").unlink()

    assert tool.verify_on(intruder, folder).is_sound
    assert tool.verify_on(intruder, folder, at_least=2).finding.startswith("checkpoint 2 is known to exist")


def test_verifier_accepts_a_file_whose_signer_died_before_the_row(
    intruder: psycopg.Connection, folder: Path, tool: ModuleType
) -> None:
    intruder.execute("DELETE FROM ledger_checkpoint WHERE number = 2")

    assert tool.verify_on(intruder, folder).is_sound


def run_tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", TOOL, *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.django_db(transaction=True)
def test_verifier_as_a_program_ends_with_its_verdict(folder: Path, tmp_path: Path) -> None:
    fill(folder)
    keyring = tmp_path / "keyring.json"
    keyring.write_text(json.dumps({"index_key": b64encode(encryption.ring().index_key).decode()}))
    given = ["--database", cast.conninfo(), "--checkpoints", str(folder), "--keyring", str(keyring)]

    sound = run_tool(*given)
    with cast.superuser() as intruder:
        intruder.execute("UPDATE ledger_entry SET office = '' WHERE sequence = 2 AND chain = %s", [A])
    unsound = run_tool(*given)
    unreachable = run_tool("--database", cast.conninfo(dbname="there_is_no_such_database"))

    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.startswith("Sound: 9 entries in 2 chains and 2 checkpoints fit together")
    assert (unsound.returncode, unsound.stderr) == (1, "")
    assert re.match(f"NOT SOUND: entry 2 of chain {A} was altered", unsound.stdout)
    assert unreachable.returncode == 2
    assert "could not be read" in unreachable.stderr


@pytest.mark.django_db(transaction=True)
def test_verifier_as_a_command_of_the_platform_reads_its_settings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(folder)
    parser = argparse.ArgumentParser()
    ledger_verify.add_arguments(parser)

    sound = ledger_verify.run(parser.parse_args([]))
    older = ledger_verify.run(parser.parse_args(["--at-least", "3"]))

    printed = capsys.readouterr().out.splitlines()
    assert (sound, older) == (0, 1)
    assert printed[0].startswith("Sound: 9 entries")
    assert printed[1].startswith("NOT SOUND: checkpoint 3 is known to exist")


def test_verifier_imports_nothing_of_ours() -> None:
    assert "yincai." not in re.sub(r'"[^"]*"', "", re.sub(r'"""[\s\S]*?"""', "", TOOL.read_text("utf8")))
