from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.running import RunningSandbox, running_sandbox
from yincai_sandbox.store import Store


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """One sandbox for all tests that leave its switches as they found them."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def own_sandbox(tmp_path: Path) -> Iterator[RunningSandbox]:
    """A sandbox of the test's own, to be broken, killed or given revoked certificates."""
    with running_sandbox(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
def switches(sandbox: RunningSandbox) -> Iterator[RunningSandbox]:
    """The common sandbox, lent to a test that breaks services; afterwards all of them work again."""
    yield sandbox
    for service in sandbox.client.get("/faults.json").json():
        sandbox.fault(service, "working")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of the test's own, without a process around it."""
    return Store(tmp_path / "store")
