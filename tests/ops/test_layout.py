"""Folders and secrets: made once, private, and handed to the users that need them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from yincai.foundation import vault
from yincai.ops.refusals import Refusal
from yincai.ops.running.crew import SANDBOX, SIGNER, WEB, Crew
from yincai.ops.running.layout import Layout, hand_over, layout_from, make_folders, make_secrets
from yincai.ops.system_users import first_existing


@pytest.fixture
def layout() -> Iterator[Layout]:
    """In a folder that other system users can pass through, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="yincai-layout-"))
    folder.chmod(0o755)
    found = layout_from({"YINCAI_VAR": str(folder / "var")})
    make_folders(found)
    make_secrets(found)
    yield found
    shutil.rmtree(folder)


def test_second_set_up_makes_nothing_and_keeps_every_secret(layout: Layout) -> None:
    before = {path: path.read_bytes() for path in layout.var.rglob("*") if path.is_file()}

    made = make_secrets(layout)

    assert made == []
    assert {path: path.read_bytes() for path in before} == before
    assert {path.name for path in before} == {
        "secret_key",
        "metrics_token",
        "keyring.json",
        "seal.passphrase",
        "checkpoint.key",
        "checkpoint_public.pem",
        "vault",
        "vault_name",
    }


def test_secrets_are_readable_by_nobody_else(layout: Layout) -> None:
    folders = (layout.secrets, layout.signer, layout.vault)
    secret = [path for folder in folders for path in folder.iterdir() if path.is_file()]
    secret += [layout.vault, *(layout.vault / shard for shard in vault.SHARDS)]

    assert {path.stat().st_mode & 0o077 for path in secret} == {0}


def test_lost_vault_stops_the_start(layout: Layout) -> None:
    shutil.rmtree(layout.vault)

    with pytest.raises(Refusal, match="restore the vault of keys"):
        make_secrets(layout)


def test_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")

    with pytest.raises(Refusal, match="start as the user that owns"):
        make_folders(layout_from({"YINCAI_VAR": str(closed / "var")}))


def test_web_user_cannot_read_the_signing_key_and_the_signer_can(layout: Layout) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can hand files to other users")
    layout.seal.write_bytes(b"key")
    of_a_person = layout.vault / "00" / uuid4().hex
    of_a_person.write_bytes(b"key")
    web, sandbox = first_existing(WEB), first_existing(SANDBOX)
    assert web is not None
    assert sandbox is not None
    signer = first_existing(SIGNER, shared_group=web.gid)
    assert signer is not None

    hand_over(layout, Crew(web, signer, sandbox, apart=True))

    keys = (layout.seal, layout.seal_passphrase, layout.checkpoint_key)
    assert [web.can_read(path) for path in keys] == [False, False, False]
    assert [signer.can_read(path) for path in keys] == [True, True, True]
    ring = layout.secrets / "keyring.json"
    assert [user.can_read(ring) for user in (web, signer, sandbox)] == [True, True, False]
    for path in (of_a_person, layout.vault / "vault", layout.secrets / "vault_name"):
        assert [user.can_read(path) for user in (web, signer, sandbox)] == [True, True, False]
    assert of_a_person.stat().st_mode & 0o777 == 0o660
    assert [user.can_read(layout.sandbox) for user in (web, sandbox)] == [False, True]
