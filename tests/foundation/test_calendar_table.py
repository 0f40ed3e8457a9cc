from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from yincai.foundation.calendar_table import forget_calendar, load_calendar, seed_calendar, set_day
from yincai.foundation.models import CalendarDay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_calendar() -> Iterator[None]:
    forget_calendar()
    yield
    forget_calendar()


def test_calendar_is_seeded_by_migrating() -> None:
    calendar = load_calendar()

    assert calendar.years_published == frozenset(range(2004, 2027))
    assert not calendar.is_working_day(date(2026, 2, 17))
    assert calendar.is_working_day(date(2022, 10, 8))
    assert CalendarDay.objects.get(date=date(2026, 2, 17)).note == "春节"


def test_calendar_of_2026_is_the_published_one() -> None:
    worked = set(CalendarDay.objects.filter(date__year=2026, is_working=True).values_list("date", flat=True))

    assert worked == {date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}


def test_calendar_is_read_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        load_calendar()
        load_calendar()


def test_day_set_by_an_administrator_shows_at_once_and_survives_seeding() -> None:
    assert not load_calendar().is_working_day(date(2026, 10, 1))

    set_day(date(2026, 10, 1), is_working=True, source="临时通知")
    set_day(date(2027, 10, 1), is_working=False, source="国办发明电〔2026〕1 号", note="国庆节")
    seed_calendar()

    assert load_calendar().is_working_day(date(2026, 10, 1))
    assert load_calendar().warning_for(date(2027, 10, 1)) is None
    assert load_calendar().warning_for(date(2028, 1, 3)) is not None


def test_calendar_without_any_data_falls_back_and_warns() -> None:
    CalendarDay.objects.all().delete()

    calendar = load_calendar()

    assert calendar.is_working_day(date(2026, 10, 1))
    assert calendar.warning_for(date(2026, 10, 1)) is not None


def test_seeding_again_changes_nothing() -> None:
    before = list(CalendarDay.objects.values_list())

    assert seed_calendar() == len(before)
    assert list(CalendarDay.objects.values_list()) == before


def test_migrating_without_the_table_is_no_error() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE foundation_calendarday RENAME TO away")

    call_command("migrate", "foundation", verbosity=0)


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "foundation", check=True, dry_run=True, verbosity=0)
