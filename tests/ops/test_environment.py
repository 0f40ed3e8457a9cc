"""Each process is told only what it needs."""

from __future__ import annotations

import pytest

from yincai.ops.running.environment import RESERVED, environment_for

GIVEN = {
    "PATH": "/usr/bin",
    "DATABASE_URL": "postgresql:///mine",
    "YINCAI_OWNER_DATABASE_URL": "postgresql:///owner",
    "YINCAI_LOG_LEVEL": "DEBUG",
    "AWS_SECRET_ACCESS_KEY": "somebody else's",
}
MORE = {name: f"value of {name}" for name in RESERVED} | {"PYTHONPATH": "/src"}


@pytest.mark.parametrize("process", ["web", "worker", "reader", "sandbox", "migrate", "demo"])
def test_nobody_but_the_signer_is_told_the_keys(process: str) -> None:
    found = environment_for(process, given=GIVEN, more=MORE)

    assert not {"YINCAI_SIGNER_KEY", "YINCAI_SIGNER_PASSPHRASE_FILE", "YINCAI_CHECKPOINT_KEY"} & found.keys()


def test_signer_is_told_the_keys() -> None:
    found = environment_for("signer", given=GIVEN, more=MORE)

    assert found["YINCAI_SIGNER_KEY"] == "value of YINCAI_SIGNER_KEY"


def test_sandbox_knows_neither_database_nor_secrets() -> None:
    found = environment_for("sandbox", given=GIVEN, more=MORE)

    assert sorted(found) == ["PATH", "PYTHONPATH", "PYTHONUNBUFFERED", "YINCAI_LOG_LEVEL"]


@pytest.mark.parametrize("process", ["web", "worker", "reader", "signer", "migrate"])
def test_foreign_variables_and_the_owners_address_go_to_nobody(process: str) -> None:
    found = environment_for(process, given=GIVEN, more=MORE)

    assert not {"AWS_SECRET_ACCESS_KEY", "YINCAI_OWNER_DATABASE_URL"} & found.keys()
    assert found["DATABASE_URL"] == "value of DATABASE_URL"
