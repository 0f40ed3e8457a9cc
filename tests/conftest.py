"""What every test stands on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import settings

from tests import personas
from yincai.foundation import vault

pytest_plugins = ["tests.cases", "tests.browsers"]

# generated examples are the same in every run and never judged by time
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Browser tests of one folder run in one process: they share a platform, or an album of pages."""
    if item.get_closest_marker("browser"):
        item.add_marker(pytest.mark.xdist_group(item.path.parent.name))


@pytest.fixture(scope="session", autouse=True)
def _vault_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The keys of a test run's people, for its child processes too."""
    folder = tmp_path_factory.mktemp("vault")
    vault.make(folder, pledge=folder / "pledge")
    django_settings.VAULT = folder
    os.environ["YINCAI_VAULT"] = str(folder)


@pytest.fixture(scope="session", autouse=True)
def _transactional_tests_leave_an_empty_database() -> Iterator[None]:
    """Django empties its tables after a test that commits; the ledger refuses, and jobs are not among them.

    So the emptying alone runs as a replica does, without triggers, and the jobs go too.
    """
    tear_down = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined] # Django's, private

    def empty(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
            try:
                tear_down(case)
            finally:
                cursor.execute("SET session_replication_role = origin")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture
def cast(db: None) -> Callable[[str], Any]:
    """`cast("reviewer")` is the account of one of `tests.personas.CAST`, opened on first use."""
    opened: dict[str, Any] = {}

    def account_of(name: str) -> Any:
        if name not in opened:
            opened[name] = personas.make_persona(name)
        return opened[name]

    return account_of


@pytest.fixture
def browser_of(cast: Callable[[str], Any]) -> Callable[[str], Client]:
    """`browser_of("reviewer")` is a browser in which they are signed in, staff with both factors."""

    def browser(name: str) -> Client:
        return personas.sign_in(cast(name), second_factor=name in personas.STAFF)

    return browser
