from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from yincai.foundation import clock, encryption, vault
from yincai.foundation.encryption import CannotDecrypt, Forgotten, KeyLost
from yincai.foundation.vault import VaultError

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """An empty vault."""
    vault.make(tmp_path / "vault", pledge=tmp_path / "secrets" / "pledge")
    settings.VAULT = tmp_path / "vault"
    vault.forget_remembered()
    yield tmp_path / "vault"
    vault.forget_remembered()


def files(folder: Path, person: UUID) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob(f"*/{person.hex}*")}


def test_key_is_made_once_and_kept_wrapped(folder: Path) -> None:
    person = uuid4()

    key = vault.create(person)

    assert len(key) == 32
    vault.forget_remembered()
    assert (vault.create(person), vault.key_of(person)) == (key, key)
    assert list(files(folder, person)) == [person.hex]
    assert key not in files(folder, person)[person.hex]


def test_keys_of_two_people_differ(folder: Path) -> None:
    assert vault.create(uuid4()) != vault.create(uuid4())


def test_keys_are_readable_by_nobody_else(folder: Path) -> None:
    person = uuid4()
    vault.create(person)

    found = [folder, *folder.rglob("*")]

    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in found} == {0}


def test_key_takes_the_rights_of_its_folder(folder: Path) -> None:
    folder.chmod(0o770)
    person = uuid4()

    vault.create(person)

    assert stat.S_IMODE((folder / person.hex[:2] / person.hex).stat().st_mode) == 0o660


def test_key_moved_to_another_person_does_not_open(folder: Path) -> None:
    mine, other = uuid4(), uuid4()
    vault.create(mine)
    (folder / other.hex[:2] / other.hex).write_bytes(files(folder, mine)[mine.hex])

    with pytest.raises(CannotDecrypt):
        vault.key_of(other)


def test_missing_key_is_a_loss_and_ours(folder: Path) -> None:
    person = uuid4()
    vault.create(person)
    (folder / person.hex[:2] / person.hex).unlink()
    vault.forget_remembered()

    with pytest.raises(KeyLost, match="密钥库") as lost:
        vault.key_of(person)

    assert lost.value.person == person


def test_destroyed_key_is_a_wish_and_is_never_made_again(folder: Path) -> None:
    person = uuid4()
    vault.create(person)

    vault.destroy(person)
    vault.destroy(person)

    assert vault.is_destroyed(person)
    for ask in (vault.key_of, vault.create, vault.key_of):
        with pytest.raises(Forgotten, match="已按本人申请销毁"):
            ask(person)
        vault.forget_remembered()
    assert files(folder, person) == {person.hex: b"destroyed\n"}


def test_key_that_was_never_made_can_be_destroyed(folder: Path) -> None:
    person = uuid4()

    vault.destroy(person)

    with pytest.raises(Forgotten):
        vault.create(person)


def test_content_of_a_destroyed_key_is_overwritten(folder: Path, tmp_path: Path) -> None:
    person = uuid4()
    vault.create(person)
    path = folder / person.hex[:2] / person.hex
    before = path.read_bytes()
    (tmp_path / "same-file").hardlink_to(path)

    vault.destroy(person)

    after = (tmp_path / "same-file").read_bytes()
    assert len(after) == len(before)
    assert after != before


def test_destruction_that_was_interrupted_is_ended(folder: Path) -> None:
    person = uuid4()
    vault.create(person)
    path = folder / person.hex[:2] / person.hex
    path.rename(path.with_suffix(".doomed"))
    path.write_bytes(b"destroyed\n")

    vault.destroy(person)

    assert list(files(folder, person)) == [person.hex]


def test_key_brought_back_by_a_restored_copy_is_destroyed_again(folder: Path) -> None:
    person = uuid4()
    vault.create(person)
    copy = files(folder, person)[person.hex]
    vault.destroy(person)
    (folder / person.hex[:2] / person.hex).write_bytes(copy)

    vault.destroy(person)

    vault.forget_remembered()
    assert vault.is_destroyed(person)


def test_other_process_forgets_a_destroyed_key_after_a_while(folder: Path) -> None:
    person = uuid4()
    with clock.frozen(NOON) as hands:
        key = vault.create(person)
        (folder / person.hex[:2] / person.hex).write_bytes(b"destroyed\n")  # as another process does

        hands.move_to(NOON + vault.REMEMBERED - timedelta(seconds=1))
        assert vault.key_of(person) == key

        hands.move_to(NOON + vault.REMEMBERED)
        with pytest.raises(Forgotten):
            vault.key_of(person)


def test_only_so_many_keys_are_remembered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "MOST_REMEMBERED", 2)
    first, second, third = people = [uuid4() for _ in range(3)]
    keys = {person: vault.create(person) for person in people}
    for person in people:
        (folder / person.hex[:2] / person.hex).unlink()

    assert [vault.key_of(person) for person in (second, third)] == [keys[second], keys[third]]
    with pytest.raises(KeyLost):
        vault.key_of(first)


def test_processes_that_make_a_key_at_once_agree_on_one(folder: Path) -> None:
    people = [uuid4() for _ in range(20)]

    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        made = list(pool.map(_made_anew, people * 6))

    assert [len({made[at + turn] for turn in range(0, len(made), 20)}) for at in range(20)] == [1] * 20
    assert len([path for path in folder.glob("*/*") if path.is_file()]) == 20


def _made_anew(person: UUID) -> bytes:
    vault.forget_remembered()
    return vault.create(person)


def test_vault_is_made_once_and_checked_by_its_pledge(folder: Path, tmp_path: Path) -> None:
    pledge = tmp_path / "secrets" / "pledge"

    assert not vault.make(folder, pledge=pledge)
    vault.check(folder, pledge=pledge)


def test_vault_that_was_lost_is_not_made_anew(folder: Path, tmp_path: Path) -> None:
    pledge = tmp_path / "secrets" / "pledge"
    folder.rename(tmp_path / "elsewhere")

    with pytest.raises(VaultError, match="restore the vault of keys"):
        vault.make(folder, pledge=pledge)

    assert not folder.exists()


def test_vault_of_another_installation_is_refused(folder: Path, tmp_path: Path) -> None:
    vault.make(tmp_path / "other", pledge=tmp_path / "other-pledge")

    with pytest.raises(VaultError, match="another installation"):
        vault.check(folder, pledge=tmp_path / "other-pledge")


def test_vault_whose_folder_is_gone_makes_no_key(folder: Path) -> None:
    person = uuid4()
    (folder / person.hex[:2]).rmdir()

    with pytest.raises(VaultError):
        vault.create(person)


def test_sealed_for_a_person_opens_without_naming_them(folder: Path) -> None:
    person = uuid4()

    sealed = encryption.seal("张三".encode(), context="a.b", person=person)

    assert encryption.unseal(sealed, context="a.b").decode() == "张三"
    assert encryption.person_of(sealed) == person
    assert encryption.person_of(encryption.seal(b"x", context="a.b")) is None
    assert encryption.unseal_json(
        encryption.seal_json({"name": "张三"}, context="a.b", person=person), context="a.b"
    ) == {"name": "张三"}


def test_sealed_for_a_person_opens_neither_elsewhere_nor_as_somebody_elses(folder: Path) -> None:
    mine, other = uuid4(), uuid4()
    vault.create(other)
    sealed = encryption.seal(b"secret", context="a.b", person=mine)

    with pytest.raises(CannotDecrypt):
        encryption.unseal(sealed, context="a.c")
    with pytest.raises(CannotDecrypt):
        encryption.unseal(sealed[:2] + other.bytes + sealed[18:], context="a.b")
    with pytest.raises(CannotDecrypt):
        encryption.unseal(sealed[:30], context="a.b")


def test_data_key_of_a_person_opens_no_more_once_theirs_is_destroyed(folder: Path) -> None:
    person = uuid4()
    wrapped = encryption.wrap_data_key(encryption.new_data_key(), context="a.b", person=person)
    assert len(encryption.unwrap_data_key(wrapped, context="a.b")) == 32

    vault.destroy(person)

    with pytest.raises(Forgotten):
        encryption.unwrap_data_key(wrapped, context="a.b")
    with pytest.raises(Forgotten):
        encryption.seal(b"anew", context="a.b", person=person)
