"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import personas
from tests.look.pages.accounts import trust
from yincai.ledger.vocabulary import Actor
from yincai.people import actions as people
from yincai.people import queries
from yincai.people.passwords import CappedArgon2Hasher

NUMBER = "110105199003078991"


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashing with less work."""
    monkeypatch.setattr(CappedArgon2Hasher, "time_cost", 1)
    monkeypatch.setattr(CappedArgon2Hasher, "memory_cost", 256)


@pytest.fixture
def resident(db: None) -> Callable[..., Any]:
    """`resident("li_ming")`: the account of somebody, with a name and document if a number is given."""

    def account(name: str, number: str = "") -> Any:
        found = queries.account_named(name)
        if found is not None:
            return found
        made = people.register_account(
            username=name, password=None, phone=f"1390000{len(name):04}", email=f"{name}@example.org"
        )
        if number:
            actor = queries.applicant_of(made)
            people.give_identity(made, actor=actor, name="李明", kind="111", number=number)
        return made

    return account


@pytest.fixture
def owner(resident: Callable[..., Any]) -> Any:
    """The account whose data it is about."""
    return resident("li_ming", NUMBER)


@pytest.fixture
def me(owner: Any) -> Actor:
    """The owner, as they act at their own door."""
    return queries.applicant_of(owner)


@pytest.fixture
def trusted() -> Callable[[Any], Client]:
    """`trusted(account)`: a browser in which they have just shown their password once more."""

    def browser(account: Any) -> Client:
        client = personas.sign_in(account, second_factor=False)
        trust(client, account, "password")
        return client

    return browser
