from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from yincai.foundation import clock
from yincai.people import actions
from yincai.people.models import RecentAttempts
from yincai.people.vocabulary import Limit, TooManyAttempts

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TWO = Limit("test", 2, timedelta(minutes=10))


@pytest.mark.django_db
def test_limit_holds_over_any_span_not_only_from_the_first_attempt() -> None:
    with clock.frozen(NOON) as hands:
        actions.count_attempt(TWO, subject="a")
        hands.move_by(timedelta(minutes=9))
        actions.count_attempt(TWO, subject="a")
        hands.move_by(timedelta(minutes=2))
        actions.count_attempt(TWO, subject="a")

        with pytest.raises(TooManyAttempts) as refused:
            actions.count_attempt(TWO, subject="a")

    assert refused.value.retry_after == timedelta(minutes=8)


@pytest.mark.django_db
def test_attempts_of_one_moment_are_given_back_one_by_one() -> None:
    with clock.frozen(NOON):
        first = actions.count_attempt(TWO, subject="a")
        actions.count_attempt(TWO, subject="a")
        first.give_back()
        first.give_back()
        actions.count_attempt(TWO, subject="a")

        with pytest.raises(TooManyAttempts):
            actions.count_attempt(TWO, subject="a")


@pytest.mark.django_db
def test_subjects_and_limits_count_apart_and_are_not_written_down() -> None:
    with clock.frozen(NOON):
        for subject in ("13800000001", "13800000002"):
            actions.count_attempt(TWO, subject=subject)
        actions.count_attempt(Limit("other", 1, TWO.within), subject="13800000001")

    rows = [bytes(row.subject) for row in RecentAttempts.objects.all()]
    assert len(rows) == 3
    assert {len(row) for row in rows} == {32}


@pytest.mark.django_db
def test_old_attempts_are_swept() -> None:
    with clock.frozen(NOON) as hands:
        actions.count_attempt(TWO, subject="old")
        hands.move_by(timedelta(minutes=6))
        actions.count_attempt(TWO, subject="new")
        hands.move_by(timedelta(minutes=5))

        assert actions.forget_old_attempts() == 1


@pytest.mark.django_db(transaction=True)
def test_simultaneous_attempts_never_pass_the_limit() -> None:
    limit = Limit("race", 5, timedelta(minutes=15))

    def attempt(_: int) -> bool:
        try:
            actions.count_attempt(limit, subject="one")
        except TooManyAttempts:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(attempt, range(40)))

    assert passed == 5
