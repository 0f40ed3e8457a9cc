"""A partner with an endpoint that listens for real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tests.partners.keys import administrator, registered
from tests.sandbox.running import RunningSandbox, running_sandbox
from yincai.ledger.vocabulary import Actor
from yincai.partners import actions
from yincai.partners.vocabulary import SUBSCRIBABLE, NewEndpoint, PartnerView


@dataclass(frozen=True)
class Receiver:
    """Another organisation's system in the sandbox."""

    sandbox: RunningSandbox

    @property
    def address(self) -> str:
        """Where it takes events."""
        return f"{self.sandbox.url}/receiver/events"

    def knows(self, *secrets: str) -> None:
        """Give it the secrets to check with."""
        self.sandbox.client.post("/receiver/secrets", data={"secrets": " ".join(secrets)})

    def received(self) -> list[dict[str, Any]]:
        """What arrived, newest first."""
        found: list[dict[str, Any]] = self.sandbox.client.get("/receiver/received.json").json()["received"]
        return found

    def fails(self, mode: str, **more: int) -> None:
        """Make it fail in this way from now on."""
        self.sandbox.fault("receiver", mode, **more)


@pytest.fixture(scope="session")
def partners_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """One sandbox for the room."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def receiver(partners_sandbox: RunningSandbox, settings: Any) -> Iterator[Receiver]:
    """A receiver on this machine, which the settings allow; afterwards it works again and knows nothing."""
    settings.WEBHOOKS_TO_LOOPBACK = True
    one = Receiver(partners_sandbox)
    yield one
    one.fails("working")
    one.knows()


@pytest.fixture
def chief(person: Callable[[str], Any]) -> Actor:
    """The administrator of the place."""
    return administrator(person("administrator"))


@pytest.fixture
def partner(chief: Actor) -> PartnerView:
    """A system that the administrator registered."""
    return registered(chief)


@pytest.fixture
def endpoint(partner: PartnerView, chief: Actor, receiver: Receiver) -> NewEndpoint:
    """An endpoint for every kind of event, whose receiver knows the secret."""
    made = listening(partner, chief, receiver.address)
    receiver.knows(made.secret)
    return made


def listening(partner: PartnerView, actor: Actor, address: str, *, form: UUID | None = None) -> NewEndpoint:
    """An endpoint for every kind of event at this address."""
    kinds = [one.value for one in SUBSCRIBABLE]
    return actions.create_endpoint(partner, actor=actor, address=address, kinds=kinds, form=form)
