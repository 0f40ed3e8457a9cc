from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.test.utils import isolate_apps

from yincai.foundation import vault
from yincai.foundation.encryption import CannotDecrypt, Forgotten, person_of
from yincai.foundation.fields import EncryptedJSONField, EncryptedTextField, is_forgotten, sealed_for
from yincai.foundation.statements import insert

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


@pytest.fixture
def owned() -> Iterator[Any]:
    """A model whose sealed columns belong to somebody."""
    with isolate_apps("yincai.foundation"):

        class Owned(models.Model):
            account_id = models.UUIDField(null=True)
            phone = EncryptedTextField(null=True, owner="account_id")
            letter = EncryptedJSONField(null=True, owner="account_id", forgotten={"title": "gone"})

            class Meta:
                app_label = "foundation"
                db_table = "test_secret"

    with connection.schema_editor() as editor:
        editor.create_model(Owned)
    yield Owned
    with connection.schema_editor() as editor:
        editor.delete_model(Owned)


def test_owned_field_is_sealed_under_its_owners_key(owned: Any) -> None:
    person = uuid4()
    owned.objects.create(account_id=person, phone="138", letter={"title": "t"})

    assert person_of(_raw("phone")) == person_of(_raw("letter")) == person
    row = owned.objects.get()
    assert (row.phone, row.letter) == ("138", {"title": "t"})


def test_owned_field_without_owner_or_content_is_under_the_ring(owned: Any) -> None:
    row = owned.objects.create(phone="138")
    assert person_of(_raw("phone")) is None

    row.account_id, row.phone, row.letter = uuid4(), "", {}
    row.save()

    assert (person_of(_raw("phone")), person_of(_raw("letter"))) == (None, None)
    assert owned.objects.get().phone == ""


def test_owned_field_is_sealed_by_bulk_create_and_insert(owned: Any) -> None:
    person = uuid4()
    owned.objects.bulk_create([owned(account_id=person, phone="138")])
    assert person_of(_raw("phone")) == person
    owned.objects.all().delete()

    insert(owned(account_id=person, phone="139"))

    assert (person_of(_raw("phone")), owned.objects.get().phone) == (person, "139")


def test_owned_field_refuses_an_update_that_names_no_owner(owned: Any) -> None:
    person = uuid4()
    row = owned.objects.create(account_id=person, phone="138")

    with pytest.raises(TypeError, match="sealed_for"), transaction.atomic():
        owned.objects.update(phone="139")
    row.phone = "139"
    with pytest.raises(TypeError, match="sealed_for"), transaction.atomic():
        owned.objects.bulk_update([row], ["phone"])

    owned.objects.update(phone=sealed_for(owned, "phone", "139", person=person))
    assert (person_of(_raw("phone")), owned.objects.get().phone) == (person, "139")
    owned.objects.update(phone="", letter=None)
    assert owned.objects.values_list("phone", "letter").get() == ("", None)


def test_forgotten_owner_leaves_words_in_the_place_and_the_row_as_it_is(owned: Any) -> None:
    person = uuid4()
    owned.objects.create(account_id=person, phone="138", letter={"title": "t"})
    before = _raw("phone"), _raw("letter")

    vault.destroy(person)

    row = owned.objects.get()
    assert (row.phone, row.letter) == ("已按本人申请销毁", {"title": "gone"})
    assert is_forgotten(row.phone)
    assert is_forgotten(row.letter)
    row.save()
    assert (_raw("phone"), _raw("letter")) == before
    with pytest.raises(Forgotten), transaction.atomic():
        owned.objects.create(account_id=person, phone="139")


def test_owner_changes_no_migration(owned: Any) -> None:
    field = owned._meta.get_field("letter")

    assert field.deconstruct()[3] == {"null": True}
