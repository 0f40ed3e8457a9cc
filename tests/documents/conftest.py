"""A storage folder of its own for every test, and the people who upload."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import override_settings

from yincai.documents import actions
from yincai.documents.inspection import inspect_document
from yincai.documents.queries import document
from yincai.documents.vocabulary import DocumentView
from yincai.foundation import clock
from yincai.ledger.vocabulary import Actor

Upload = Callable[..., DocumentView]


@pytest.fixture(autouse=True)
def vault_folder(tmp_path: Path) -> Iterator[Path]:
    """Where this test's uploads lie."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["documents"]["OPTIONS"]["location"] = tmp_path / "vault"
    with override_settings(STORAGES=storages):
        yield tmp_path / "vault"


@pytest.fixture
def applicant(db: None) -> Actor:
    """A resident with an account."""
    return Actor("applicant", _account("applicant_li"))


@pytest.fixture
def stranger(db: None) -> Actor:
    """Another resident."""
    return Actor("applicant", _account("stranger_wu"))


@pytest.fixture
def officer() -> Actor:
    """A window officer."""
    return Actor("staff", uuid.uuid4(), "window")


@pytest.fixture
def upload(applicant: Actor) -> Upload:
    """Take one file in for the resident: `upload(data, "name.jpg", …)`; still held."""

    def take(data: bytes, name: str = "证件.jpg", **choices: object) -> DocumentView:
        assert applicant.id is not None
        asked: Any = {"actor": applicant, "purpose": "material", "slot": "identity", **choices}
        most = {"limit": asked.pop("limit")} if "limit" in asked else {}
        stored = actions.store_upload(
            ContentFile(data, name=name), actor=asked["actor"], owner=applicant.id, **most
        )
        return actions.enter_upload(stored, **asked)

    return take


@pytest.fixture
def inspected(upload: Upload) -> Upload:
    """Take one file in and let the reader finish with it."""

    def take(data: bytes, name: str = "证件.jpg", **choices: object) -> DocumentView:
        held = upload(data, name, **choices)
        inspect_document(held.id)
        return document(held.id)

    return take


def _account(name: str) -> uuid.UUID:
    return get_user_model().objects.create(username=name, registered_at=clock.now()).pk
