"""Figures of days that are over come from tables; they are what the steps themselves say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import ceil
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cases import PLACE, submit, take
from tests.desk.test_query_counts import add_like
from yincai.casework import actions
from yincai.casework.counting import count_day, count_days
from yincai.casework.models import Case, CountedDay, Step, StepCount, TimeCount
from yincai.casework.statistics import Asked, Happened, per_day, stage_times
from yincai.casework.tasks import count
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.foundation.calendar_table import forget_calendar, load_calendar
from yincai.ledger.vocabulary import SYSTEM, Actor

ActorOf = Callable[[str], Actor]
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)  # 09:00 in China
MARCH = Asked(PLACE, date(2026, 3, 1), date(2026, 3, 31))
APRIL_FIRST = datetime(2026, 4, 1, 2, tzinfo=UTC)
WORKING_SECONDS = 86400


@pytest.fixture
def month(complete: CaseView, actor: ActorOf) -> CaseView:
    """Twenty cases of one March, each further on and slower than the one before."""
    with clock.frozen(MONDAY):
        submit(complete.id, actor("applicant"))
    with clock.frozen(MONDAY + timedelta(hours=30)):
        case = take(complete.id, actor("window_officer"), "accept")
    for number in range(19):
        add_like(case, number)
        copied = Case.objects.get(reference=f"RC9999{number:013}")
        for step in Step.objects.filter(case_id=case.id).order_by("number"):
            step.id, step.case_id, step.submission_key = uuid4(), copied.id, uuid4()
            step.at += timedelta(hours=(number * 17 + 3) * step.number, minutes=number)
            step.office = "" if step.number == 1 else ("hall", "organisation")[number % 2]
            step.save(force_insert=True)
    return case


def figures(asked: Asked) -> tuple[object, object]:
    return dict(per_day(asked)), stage_times(asked)


def all_times() -> int:
    """The working time of every stage together, as it is kept."""
    return sum(one.tenths * one.number for one in TimeCount.objects.all())


def working_days(begin: datetime, end: datetime) -> float:
    """As slowly and as plainly as it can be said: the seconds of working days between two moments."""
    calendar, seconds, moment = load_calendar(), 0.0, begin
    while moment < end:
        midnight = clock.start_of(clock.day_of(moment) + timedelta(days=1))
        until = min(midnight, end)
        if calendar.is_working_day(clock.day_of(moment)):
            seconds += (until - moment).total_seconds()
        moment = until
    return seconds / WORKING_SECONDS


@pytest.mark.parametrize(
    "asked",
    [
        MARCH,
        Asked(PLACE, date(2026, 3, 3), date(2026, 3, 9), office="hall"),
        Asked(PLACE, date(2026, 3, 1), date(2026, 3, 31), programme="talent_green_card"),
        Asked("harbour_city", date(2026, 3, 1), date(2026, 3, 31)),
    ],
)
def test_counted_days_say_what_the_steps_say(month: CaseView, asked: Asked) -> None:
    with clock.frozen(APRIL_FIRST):
        live = figures(asked)
        assert not CountedDay.objects.exists()
        counted = count_days()

        assert counted == 30  # from the first step on the 2nd to the 31st
        assert figures(asked) == live


def test_working_times_are_those_worked_out_by_hand(month: CaseView) -> None:
    times = []
    for step in Step.objects.filter(transition="accept"):
        begun = Step.objects.get(case_id=step.case_id, number=1).at
        days = working_days(begun, step.at)
        shown = ceil(days * 240 - 1e-6) / 240 if days < 1 else ceil(days * 10 - 1e-6) / 10
        times.append(shown)
    ordered = sorted(times)
    with clock.frozen(APRIL_FIRST):
        count_days()
        (stage,) = stage_times(MARCH)

    assert (stage.count, stage.median, stage.p90) == (20, ordered[9], ordered[17])


def test_day_that_is_not_over_is_counted_at_each_look(month: CaseView, actor: ActorOf) -> None:
    with clock.frozen(APRIL_FIRST):
        count_days()
        take(month.id, actor("window_officer"), "refuse_at_window", reason="不符合条件")

        after = per_day(Asked(PLACE, date(2026, 3, 1), date(2026, 4, 1)))

        assert count_days() == 0
    assert after[date(2026, 4, 1), Happened.REFUSED] == 1
    assert sum(number for (_, kind), number in after.items() if kind is Happened.RECEIVED) == 20


def test_day_is_left_alone_until_half_an_hour_after_midnight(month: CaseView) -> None:
    midnight = clock.start_of(date(2026, 3, 5))
    with clock.frozen(midnight + timedelta(minutes=29)):
        assert count_days() == 2  # the 2nd and the 3rd
    with clock.frozen(midnight + timedelta(minutes=30)):
        assert count_days() == 1


def test_counting_again_changes_nothing(month: CaseView) -> None:
    with clock.frozen(APRIL_FIRST):
        count(0)
        before = (
            Counter(StepCount.objects.values_list("day", "transition", "number")),
            TimeCount.objects.count(),
        )

        count(0)
        CountedDay.objects.filter(day=date(2026, 3, 2)).delete()  # as after a crash before the mark
        assert count_day(date(2026, 3, 2)) is True
        assert count_day(date(2026, 3, 2)) is False

        after = (
            Counter(StepCount.objects.values_list("day", "transition", "number")),
            TimeCount.objects.count(),
        )
    assert after == before


def test_gap_in_the_counted_days_is_filled_by_the_steps(month: CaseView) -> None:
    with clock.frozen(APRIL_FIRST):
        live = figures(MARCH)
        count_days()
        CountedDay.objects.filter(day__in=[date(2026, 3, 2), date(2026, 3, 12)]).delete()

        assert figures(MARCH) == live


def test_changed_calendar_has_later_days_counted_anew(month: CaseView) -> None:
    forget_calendar()
    with clock.frozen(APRIL_FIRST):
        count_days()
        before = all_times()
        actions.set_calendar_day(date(2026, 3, 4), actor=SYSTEM, is_working=False, source="某通知")

        assert CountedDay.objects.filter(day__gte=date(2026, 3, 4)).count() == 0
        assert CountedDay.objects.filter(day__lt=date(2026, 3, 4)).count() == 2
        live = stage_times(MARCH)
        count_days()
        assert stage_times(MARCH) == live
        assert all_times() < before
    forget_calendar()


def test_counted_year_reads_no_step(month: CaseView) -> None:
    with clock.frozen(APRIL_FIRST):
        count_days()
        CountedDay.objects.get_or_create(day=date(2026, 3, 1), defaults={"counted_at": clock.now()})
        with CaptureQueriesContext(connection) as captured:
            figures(MARCH)

    assert [one["sql"] for one in captured if "casework_step " in one["sql"]] == []
