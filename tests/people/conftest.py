"""What the tests of this room share."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from pytest_django import Settings

from yincai.people.passwords import CappedArgon2Hasher


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashing with less work, so that hundreds of guesses take seconds; see `test_passwords`."""
    monkeypatch.setattr(CappedArgon2Hasher, "time_cost", 1)
    monkeypatch.setattr(CappedArgon2Hasher, "memory_cost", 256)


@pytest.fixture(autouse=True)
def _little_work(settings: Settings) -> None:
    """The human check's work of one or two tries: all of it is done, as often as a test signs somebody up."""
    settings.CHECK_DIFFICULTY = 2


@pytest.fixture
def app_code() -> Callable[..., str]:
    """What an authenticator app shows for a secret now, or `steps` of 30 seconds later."""

    def code(secret: str, *, steps: int = 0) -> str:
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))

    return code
