"""Nothing personal is sealed without somebody having said whose it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField, owner_path

NOBODYS = {
    "directory.Version.contact": "the organisation's",
    "partners.Answer.body": "a partner's",
    "partners.Endpoint.secret": "a partner's",
    "partners.Endpoint.previous_secret": "a partner's",
    "partners.Handover.values": "of somebody who has perhaps no account; until it is taken up",
    "people.ContactCode.phone": "of somebody who has perhaps no account; a day at most",
    "people.ContactCode.code": "a code, ten minutes",
    "people.OutgoingMail.letter": "until it is sent",
    "people.PasswordReset.asked_for": "nobody's yet; a day at most",
    "people.PasswordReset.code": "a code, ten minutes",
    "people.PhoneCheck.code": "a code, ten minutes",
    "registries.FaceCheck.holder": "of somebody who has perhaps no account; a day at most",
}
"""Sealed columns that lie under the ring, and why (docs/adr/0009-a-key-a-person.md)."""


def test_every_sealed_column_is_somebodys_or_says_why_not() -> None:
    sealed = (EncryptedTextField, EncryptedJSONField)
    found = {
        f"{model._meta.app_label}.{model.__name__}.{field.attname}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, sealed) and not owner_path(field)
    }

    assert found == set(NOBODYS)


def test_every_record_with_words_says_whose_they_are() -> None:
    root = Path(settings.ROOT) / "src" / "yincai"
    without = [
        f"{path.relative_to(root)}:{line}"
        for path in sorted(root.rglob("*.py"))
        for line in _without_person(ast.parse(path.read_text("utf8")))
    ]

    assert without == []


def _without_person(tree: ast.AST) -> Iterator[int]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            given = {keyword.arg for keyword in call.keywords}
            if name == "record" and "words" in given and "person" not in given:
                yield call.lineno
