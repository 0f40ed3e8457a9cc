from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test import override_settings

from tests.ledger import cast
from yincai.foundation import clock
from yincai.ledger import actions, checkpoints, keys, merkle, models, queries
from yincai.ledger.vocabulary import CheckpointRefused

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    checkpoints_folder = tmp_path / "checkpoints"
    keys.create_checkpoint_key(tmp_path / "key.pem", checkpoints=checkpoints_folder)
    with override_settings(CHECKPOINTS=checkpoints_folder):
        yield checkpoints_folder


@pytest.fixture
def sign(folder: Path) -> keys.Sign:
    return keys.signer(folder.parent / "key.pem")


def record(chain: UUID) -> None:
    with transaction.atomic():
        actions.record(chain=chain, event="case.submitted", actor=cast.OFFICER, payload={})


def die_before_the_row(sign: keys.Sign) -> None:
    """A signer that is killed after it wrote the file and before it wrote the row."""

    def die(*_: object) -> None:
        raise SystemExit(9)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoints, "_keep", die)
        with pytest.raises(SystemExit):
            checkpoints.make_checkpoint(sign)


def test_merkle_root_of_the_rfc_6962_test_vectors() -> None:
    """Inputs and roots as in the reference implementation of certificate transparency."""
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = [bytes.fromhex(text) for text in inputs]

    roots = [merkle.root(leaves[:count]).hex() for count in (0, 1, 2, 3, 8)]

    assert roots == [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]


@pytest.mark.django_db(transaction=True)
def test_checkpoint_seals_each_moved_chain_once(folder: Path, sign: keys.Sign) -> None:
    first, second = uuid4(), uuid4()
    record(first)
    record(first)
    record(second)
    with clock.frozen(NOON):
        made = checkpoints.make_checkpoint(sign)
    record(second)

    again = checkpoints.make_checkpoint(sign)

    assert made is not None
    assert again is not None
    assert (made.number, made.count, made.at, again.number, again.count) == (1, 2, NOON, 2, 1)
    documents = [json.loads((folder / f"{number}.json").read_bytes()) for number in (1, 2)]
    assert {(leaf["chain"], leaf["sequence"]) for leaf in documents[0]["leaves"]} == {
        (str(first), 2),
        (str(second), 1),
    }
    assert documents[1]["previous"] == bytes(models.Checkpoint.objects.get(pk=1).hash).hex()
    assert queries.oldest_unsealed() is None
    assert queries.latest_checkpoint() == again


@pytest.mark.django_db(transaction=True)
def test_checkpoint_when_nothing_moved_is_not_made(folder: Path, sign: keys.Sign) -> None:
    record(uuid4())
    checkpoints.make_checkpoint(sign)

    assert checkpoints.make_checkpoint(sign) is None

    assert sorted(path.name for path in folder.iterdir()) == ["1.json", "checkpoint_public.pem"]


@pytest.mark.django_db(transaction=True)
def test_oldest_unsealed_is_the_first_entry_after_the_seal(folder: Path, sign: keys.Sign) -> None:
    chain = uuid4()
    record(chain)
    checkpoints.make_checkpoint(sign)
    with clock.frozen(NOON):
        record(chain)
    record(chain)

    assert queries.oldest_unsealed() == NOON


@pytest.mark.django_db(transaction=True)
def test_checkpoint_killed_before_its_row_is_finished_by_the_next(folder: Path, sign: keys.Sign) -> None:
    chain = uuid4()
    record(chain)
    die_before_the_row(sign)
    assert queries.latest_checkpoint() is None
    record(chain)

    made = checkpoints.make_checkpoint(sign)

    assert made is not None
    assert made.number == 2
    assert [row.number for row in models.Checkpoint.objects.order_by("number")] == [1, 2]
    assert models.Chain.objects.get(pk=chain).checkpointed_sequence == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trick", ["rubbish", "other_key", "other_entries"])
def test_checkpoint_file_planted_in_the_way_is_refused(trick: str, folder: Path, sign: keys.Sign) -> None:
    chain = uuid4()
    record(chain)
    die_before_the_row(sign)
    path = folder / "1.json"
    if trick == "rubbish":
        path.write_text("{}")
    elif trick == "other_key":
        document = json.loads(path.read_bytes())
        path.write_text(json.dumps(document | {"signature": "00" * 64}))
    else:
        with cast.superuser() as intruder:
            intruder.execute("DELETE FROM ledger_entry WHERE chain = %s", [chain])

    with pytest.raises(CheckpointRefused, match=r"1\.json"):
        checkpoints.make_checkpoint(sign)

    assert queries.latest_checkpoint() is None


@pytest.mark.django_db(transaction=True)
def test_checkpoint_does_not_wait_for_a_chain_somebody_writes_to(folder: Path, sign: keys.Sign) -> None:
    chain = uuid4()
    record(chain)
    writing, sealed = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                actions.record(chain=chain, event="case.accepted", actor=cast.OFFICER, payload={})
                writing.set()
                sealed.wait(30)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    writing.wait(30)
    first = checkpoints.make_checkpoint(sign)
    sealed.set()
    writer.join()

    second = checkpoints.make_checkpoint(sign)

    assert first is not None
    assert second is not None
    assert json.loads((folder / "1.json").read_bytes())["leaves"][0]["sequence"] == 1
    assert json.loads((folder / "2.json").read_bytes())["leaves"][0]["sequence"] == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE ledger_entry SET office = 'elsewhere' WHERE sequence = 2", "entry 2 .* was altered"),
        ("DELETE FROM ledger_entry WHERE sequence = 2", "entry 2 .* is missing"),
        ("DELETE FROM ledger_entry WHERE sequence = 3", "entry 3 .* is missing"),
        (
            "UPDATE ledger_entry SET proof = hash WHERE sequence = 3",
            "entry 3 .* was not written by the platform",
        ),
    ],
)
def test_checkpoint_does_not_seal_what_the_platform_did_not_write(
    statement: str, words: str, folder: Path, sign: keys.Sign
) -> None:
    chain = uuid4()
    for _ in range(3):
        record(chain)
    with cast.superuser() as intruder:
        intruder.execute(statement)

    with pytest.raises(CheckpointRefused, match=words):
        checkpoints.make_checkpoint(sign)

    assert not (folder / "1.json").exists()


def test_checkpoint_key_missing_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CheckpointRefused, match="YINCAI_CHECKPOINT_KEY"):
        keys.signer(tmp_path / "absent.pem")


def test_checkpoint_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key.pem"
    keys.create_checkpoint_key(path, checkpoints=tmp_path)
    before = path.read_bytes()

    keys.create_checkpoint_key(path, checkpoints=tmp_path)

    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600
