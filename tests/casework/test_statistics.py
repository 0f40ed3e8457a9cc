"""Figures: what happened on which day, how long stages took in working days, what is overdue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tests.cases import PLACE, submit, take
from yincai.casework.models import Case, Step
from yincai.casework.statistics import Asked, Happened, overdue_now, per_day, stage_times
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.ledger.vocabulary import Actor

ActorOf = Callable[[str], Actor]
FRIDAY = datetime(2026, 3, 6, 1, tzinfo=UTC)  # 09:00 in China
MONDAY = datetime(2026, 3, 9, 7, tzinfo=UTC)  # 15:00
TUESDAY = datetime(2026, 3, 10, 1, tzinfo=UTC)
MARCH = Asked(PLACE, date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def accepted(complete: CaseView, actor: ActorOf) -> CaseView:
    """Handed in on a Friday morning, accepted on the Monday after, in the afternoon."""
    with clock.frozen(FRIDAY):
        submit(complete.id, actor("applicant"))
    with clock.frozen(MONDAY):
        return take(complete.id, actor("window_officer"), "accept")


def test_what_happened_is_counted_on_its_day_in_china(accepted: CaseView, actor: ActorOf) -> None:
    with clock.frozen(TUESDAY):
        take(accepted.id, actor("window_officer"), "refuse_at_window", reason="不符合条件")

    assert per_day(MARCH) == {
        (date(2026, 3, 6), Happened.RECEIVED): 1,
        (date(2026, 3, 9), Happened.ACCEPTED): 1,
        (date(2026, 3, 10), Happened.REFUSED): 1,
    }


def test_moment_after_midnight_in_china_counts_for_the_new_day(complete: CaseView, actor: ActorOf) -> None:
    with clock.frozen(datetime(2026, 3, 6, 16, 30, tzinfo=UTC)):
        submit(complete.id, actor("applicant"))

    assert list(per_day(MARCH)) == [(date(2026, 3, 7), Happened.RECEIVED)]


def test_filters_leave_out_other_places_programmes_offices_and_days(accepted: CaseView) -> None:
    begin, end = MARCH.begin, MARCH.end
    others = [
        Asked("harbour_city", begin, end),
        Asked(PLACE, begin, end, programme="other"),
        Asked(PLACE, begin, end, office="nowhere"),
        Asked(PLACE, date(2026, 3, 10), end),
    ]

    assert [dict(per_day(one)) for one in others] == [{}] * 4
    assert list(per_day(Asked(PLACE, begin, end, office="hall"))) == [(date(2026, 3, 9), Happened.ACCEPTED)]


def test_step_knows_the_office_that_took_it(accepted: CaseView) -> None:
    assert list(Step.objects.order_by("number").values_list("transition", "office")) == [
        ("submit", ""),
        ("accept", "hall"),
    ]


def test_working_time_leaves_the_weekend_out(accepted: CaseView) -> None:
    (stage,) = stage_times(MARCH)

    assert (stage.state, stage.count) == ("预受理", 1)
    assert stage.median == 1.3  # Friday 09:00 to Monday 15:00: 1 + 6 / 24, rounded up to a tenth of a day
    assert stage.p90 == stage.median


def test_overdue_is_what_is_past_its_limit_now(accepted: CaseView) -> None:
    Case.objects.filter(id=accepted.id).update(due_at=clock.start_of(date(2026, 3, 12)))

    with clock.frozen(datetime(2026, 3, 11, tzinfo=UTC)):
        assert overdue_now(MARCH) == []
    with clock.frozen(datetime(2026, 3, 13, tzinfo=UTC)):
        assert [(one.state, one.count) for one in overdue_now(MARCH)] == [("等待窗口核验原件", 1)]
