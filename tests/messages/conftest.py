from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from tests.messages.people import Resident
from tests.sandbox.running import RunningSandbox, running_sandbox
from yincai.people.actions import register_account

NUMBERS = count(1)


@pytest.fixture(scope="session")
def common_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """One sandbox for the whole room; `gateway` lends it out."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def gateway(common_sandbox: RunningSandbox, settings: Any) -> Iterator[RunningSandbox]:
    """A gateway that the platform is pointed at; afterwards it works again."""
    settings.SMS_GATEWAY_URL = f"{common_sandbox.url}/sms"
    yield common_sandbox
    common_sandbox.fault("sms", "working")


@pytest.fixture
def resident(db: None) -> Resident:
    """Somebody with a phone of their own."""
    number = next(NUMBERS)
    phone = f"+86198{number:08d}"
    account = register_account(username=f"resident_{number}", password=None, phone=phone)
    return Resident(id=UUID(str(account.pk)), phone=phone)


@pytest.fixture
def stranger(db: None) -> Resident:
    """Somebody else, without a phone."""
    account = register_account(username=f"stranger_{next(NUMBERS)}", password=None)
    return Resident(id=UUID(str(account.pk)), phone="")
