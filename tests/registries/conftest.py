"""What the tests of this room share: a sandbox of their own, and the settings that point to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests import personas
from tests.sandbox.running import RunningSandbox, running_sandbox
from yincai.ledger.queries import history
from yincai.people import actions as people
from yincai.people.queries import applicant_of

HOLDER = ("林知远", "111", "110101200203150011", "+8619900000001")
OTHER = ("何安澜", "111", "130105196804220038", "+8619900000002")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """The sandbox of one test file."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def sandbox(running: RunningSandbox, settings: Settings, tmp_path: Path) -> Iterator[RunningSandbox]:
    """The sandbox as the outside world of the platform; afterwards all its services work again."""
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "root.pem").write_bytes(running.client.get("/ca/root.pem").content)
    settings.PEOPLE_ROOTS = roots
    settings.REGISTRY_URL = f"{running.url}/registry"
    settings.FACE_URL = settings.FACE_ISSUER = f"{running.url}/face"
    yield running
    for service in running.client.get("/faults.json").json():
        running.fault(service, "working")


@pytest.fixture
def account() -> Any:
    """An account of the first resident of the sandbox."""
    made = personas.make_persona("applicant")
    name, kind, number, _ = HOLDER
    people.give_identity(made, actor=applicant_of(made), name=name, kind=kind, number=number)
    return made


def events(account: Any) -> list[str]:
    """What the ledger has of an account."""
    return [entry.event for entry in history(account.pk)]
