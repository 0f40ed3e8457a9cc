"""What was sealed under the ring before people had keys is sealed anew for its owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from yincai.casework import queries as cases
from yincai.casework.dossier import Dossier
from yincai.casework.models import Case
from yincai.casework.vocabulary import CaseView
from yincai.documents import queries as documents
from yincai.foundation import encryption, resealing, vault
from yincai.foundation.encryption import FORGOTTEN, person_of
from yincai.people import queries as people


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, db: None) -> CaseView:
    """A case as the platform kept it before people had keys."""
    real = encryption.seal
    with monkeypatch.context() as patch:
        patch.setattr(encryption, "seal", lambda plain, *, context, person=None: real(plain, context=context))
        case: CaseView = request.getfixturevalue("submitted")
        return case


def keys_under(table: str, column: str, key: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE id = %s', [key])
        return person_of(bytes(cursor.fetchone()[0]))


def reseal_all() -> int:
    return sum(resealing.reseal(column) for column in resealing.owned_columns())


def test_old_rows_stay_readable_and_are_sealed_anew_once(old: CaseView) -> None:
    owner, material = old.account_id, cases.materials(old.id)[0].document_id
    before = dict(Dossier(Case.objects.get(pk=old.id)).answers)
    assert before["name_zh"] == "张晓雨"
    assert keys_under("casework_case", "data_key", old.id) is None
    assert keys_under("people_account", "phone", owner) is None

    moved = reseal_all()

    assert moved > 0
    assert reseal_all() == 0
    for table, column, key in (
        ("casework_case", "data_key", old.id),
        ("people_account", "phone", owner),
        ("documents_document", "data_key", material),
    ):
        assert keys_under(table, column, key) == owner
    assert Dossier(Case.objects.get(pk=old.id)).answers == before
    assert documents.open_page(material, 1)[1] == "image/jpeg"


def test_rows_sealed_anew_are_forgotten_with_the_key(old: CaseView, person: Callable[[str], Any]) -> None:
    reseal_all()

    vault.destroy(old.account_id)

    assert people.phone_of(old.account_id) is None
    assert Dossier(Case.objects.get(pk=old.id)).answers == {}
    assert documents.document(cases.materials(old.id)[0].document_id).name == FORGOTTEN


def test_rows_of_who_is_forgotten_are_left_alone(old: CaseView) -> None:
    vault.destroy(old.account_id)

    reseal_all()

    assert keys_under("casework_case", "data_key", old.id) is None
