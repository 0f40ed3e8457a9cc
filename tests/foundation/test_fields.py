from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.test.utils import isolate_apps

from yincai.foundation.encryption import CannotDecrypt
from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret() -> Iterator[Any]:
    """A model with sealed columns, whose table lives as long as the test."""
    with isolate_apps("yincai.foundation"):

        class Secret(models.Model):
            phone = EncryptedTextField(null=True)
            other = EncryptedTextField(null=True)
            answers = EncryptedJSONField(null=True)

            class Meta:
                app_label = "foundation"
                db_table = "test_secret"

    with connection.schema_editor() as editor:
        editor.create_model(Secret)
    yield Secret
    with connection.schema_editor() as editor:
        editor.delete_model(Secret)


def _raw(column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_secret")  # noqa: S608  a literal of this file
        return bytes(cursor.fetchone()[0])


def test_field_comes_back_as_it_went_in(secret: Any) -> None:
    row = secret.objects.create(phone="+8613812345678", answers={"name": "张三", "rows": [1.5, None]})

    row.refresh_from_db()

    assert row.phone == "+8613812345678"
    assert row.other is None
    assert row.answers == {"name": "张三", "rows": [1.5, None]}
    assert secret.objects.values_list("phone", flat=True).get() == "+8613812345678"


def test_field_keeps_empty_text_apart_from_none(secret: Any) -> None:
    secret.objects.create(phone="", answers={})

    assert secret.objects.get(other__isnull=True).phone == ""
    assert secret.objects.filter(phone__isnull=False).exists()
    assert secret.objects.get().answers == {}


def test_field_is_not_readable_in_the_database(secret: Any) -> None:
    secret.objects.create(phone="+8613812345678", answers={"name": "zhang"})

    assert b"138" not in _raw("phone")
    assert b"zhang" not in _raw("answers")


def test_field_copied_to_another_column_does_not_open(secret: Any) -> None:
    secret.objects.create(phone="+8613812345678")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE test_secret SET other = phone")

    with pytest.raises(CannotDecrypt):
        secret.objects.get()


def test_field_cannot_be_searched(secret: Any) -> None:
    with pytest.raises(FieldError, match="blind index"):
        secret.objects.filter(phone="+8613812345678").exists()
    with pytest.raises(FieldError):
        secret.objects.filter(answers__contains="x").exists()


def test_field_is_sealed_by_bulk_writes(secret: Any) -> None:
    rows = secret.objects.bulk_create([secret(phone="a"), secret(phone="b")])
    rows[0].phone = "c"
    secret.objects.bulk_update(rows, ["phone"])
    secret.objects.update(other="d")

    assert sorted(secret.objects.values_list("phone", "other")) == [("b", "d"), ("c", "d")]


def test_text_field_refuses_what_is_not_text(secret: Any) -> None:
    with pytest.raises(TypeError, match=r"test_secret\.phone holds text"), transaction.atomic():
        secret.objects.create(phone=13812345678)
