"""A system of another organisation that asks the interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tests.partners.keys import administrator, made, registered
from yincai.partners.vocabulary import PartnerView, Scope


@dataclass(frozen=True)
class Machine:
    """Asks with a key."""

    key: str
    client: Client

    def get(self, path: str, **headers: str) -> Any:
        """GET below `/api/v1`."""
        return self.client.get(f"/api/v1{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST a JSON body below `/api/v1`; a text is sent as it stands."""
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.client.post(
            f"/api/v1{path}", data=data, content_type="application/json", headers=self._headers(headers)
        )

    def delete(self, path: str, **headers: str) -> Any:
        """DELETE below `/api/v1`."""
        return self.client.delete(f"/api/v1{path}", headers=self._headers(headers))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.key}", **named}


@pytest.fixture
def partner(person: Callable[[str], Any]) -> PartnerView:
    """A system that the administrator registered."""
    return registered(administrator(person("administrator")))


@pytest.fixture
def machine(person: Callable[[str], Any], partner: PartnerView) -> Callable[..., Machine]:
    """`machine(Scope.CARDS)` asks with a new key of these scopes, of all when none is named."""

    def of(*scopes: Scope, **more: Any) -> Machine:
        chief = administrator(person("administrator"))
        return Machine(made(chief, partner.id, *scopes, **more).secret, Client())

    return of
