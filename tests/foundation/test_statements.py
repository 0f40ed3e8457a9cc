"""Statements made once give what Django's own queries give."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from yincai.foundation.models import CalendarDay
from yincai.foundation.statements import Rows, insert, lines, value
from yincai.people.models import Account

BY_NAME = Rows(Account, "username = %(name)s")
LAST_OF_KIND = Rows(CalendarDay, "date >= %(since)s ORDER BY is_working, date DESC", distinct="is_working")


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.create(username="chen_yi", email="chen@example.org", phone="+8613800138000")


def test_rows_are_what_django_finds_encrypted_columns_opened(account: Account) -> None:
    (found,) = BY_NAME.all(name="chen_yi")

    asked = Account.objects.get(pk=account.pk)
    assert found == asked
    assert {field.attname: getattr(found, field.attname) for field in Account._meta.concrete_fields} == {
        field.attname: getattr(asked, field.attname) for field in Account._meta.concrete_fields
    }
    assert found.phone == "+8613800138000"
    assert not found._state.adding


def test_row_found_can_be_saved_as_any_other(account: Account) -> None:
    found = BY_NAME.first(name="chen_yi")
    assert found is not None

    found.email = "neu@example.org"
    found.save(update_fields=["email"])

    assert Account.objects.get(pk=account.pk).email == "neu@example.org"
    assert Account.objects.count() == 1


def test_value_is_never_part_of_the_statement(account: Account) -> None:
    assert BY_NAME.first(name="' OR true --") is None
    assert value("SELECT count(*) FROM people_account WHERE username = %(name)s", name="'; --") == 0


def test_only_the_first_row_of_each_distinct_value_counts(db: None) -> None:
    CalendarDay.objects.all().delete()
    for day, is_working in ((1, True), (2, False), (3, True), (4, False)):
        CalendarDay.objects.create(date=date(2030, 1, day), is_working=is_working, source="试")

    found = LAST_OF_KIND.all(since=date(2030, 1, 1))

    assert [(one.is_working, one.date.day) for one in found] == [(False, 4), (True, 3)]


def test_inserted_row_is_what_django_would_have_written(db: None) -> None:
    made = insert(Account(id=uuid.uuid4(), username="li_er", email="", phone="+8613900139000"))

    stored = Account.objects.get(pk=made.pk)
    assert model_to_dict(stored) == model_to_dict(made)
    assert stored.phone == "+8613900139000"
    assert b"13900139000" not in bytes(lines("SELECT phone::text FROM people_account")[0][0], "ascii")


def test_row_that_breaks_a_constraint_is_refused(account: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Account(id=account.pk, username="li_er"))

    assert Account.objects.get().username == "chen_yi"


def test_session_over_by_its_own_clock_is_not_found(db: None) -> None:
    live = Rows(Session, "session_key = %(key)s AND expire_date > %(now)s")
    Session.objects.create(session_key="a" * 32, session_data="x", expire_date=timezone.now())

    assert live.first(key="a" * 32, now=timezone.now()) is None
    assert value("SELECT 1 WHERE false") is None
