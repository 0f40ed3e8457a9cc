"""A real certificate authority (the sandbox, in its own process) and a signer that it equipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.sandbox.running import RunningSandbox, issue_seal, running_sandbox, sandbox_command


@dataclass(frozen=True)
class Office:
    """An issuing office: the authority that it relies on, and the files of its signer."""

    authority: RunningSandbox
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The settings of its signer as environment variables."""
        return {
            "YINCAI_TRUST_ROOTS": str(self.folder / "trust"),
            "YINCAI_TIMESTAMP_URL": f"{self.authority.url}/ca/timestamp",
            "YINCAI_SIGNER_KEY": str(self.folder / "seal.p12"),
            "YINCAI_SIGNER_PASSPHRASE_FILE": str(self.folder / "passphrase"),
            "YINCAI_VAR": str(self.folder / "var"),
        }

    def revoke_seal(self) -> None:
        """Have the authority revoke the signer's certificate."""
        listed = sandbox_command("certificates", "--data", self.authority.folder).stdout.splitlines()
        serial = next(line.split("\t")[0] for line in listed if line.split("\t")[1] == "seal")
        sandbox_command("revoke", "--data", self.authority.folder, "--serial", serial)


def open_office(authority: RunningSandbox, folder: Path) -> Office:
    """Equip a signer in `folder` with a key and the root that it trusts."""
    (folder / "trust").mkdir(parents=True)
    (folder / "trust" / "root.pem").write_bytes(authority.client.get("/ca/root.pem").content)
    issue_seal(authority, folder / "seal.p12")
    return Office(authority=authority, folder=folder)


@pytest.fixture(scope="session")
def shared_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all tests that break nothing."""
    folder = tmp_path_factory.mktemp("office")
    with running_sandbox(folder / "sandbox") as authority:
        yield open_office(authority, folder)


@pytest.fixture
def office(shared_office: Office, settings: Settings, tmp_path: Path) -> Office:
    """The shared office, with the settings of this test pointing to it and a file store of the test's own."""
    return _moved_in(shared_office, settings, tmp_path)


@pytest.fixture
def own_office(shared_office: Office, settings: Settings, tmp_path: Path) -> Iterator[Office]:
    """An office with a key of the test's own, whose authority may be broken; afterwards it works again."""
    authority = shared_office.authority
    yield _moved_in(open_office(authority, tmp_path / "office"), settings, tmp_path)
    for service in authority.client.get("/faults.json").json():
        authority.fault(service, "working")


def _moved_in(office: Office, settings: Settings, tmp_path: Path) -> Office:
    settings.TRUST_ROOTS = office.folder / "trust"
    settings.TIMESTAMP_URL = f"{office.authority.url}/ca/timestamp"
    settings.SIGNER_KEY = str(office.folder / "seal.p12")
    settings.SIGNER_PASSPHRASE_FILE = str(office.folder / "passphrase")
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    return office
