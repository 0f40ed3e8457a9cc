"""The calendar page: gaps are said, a day is set on record, running limits move only if asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from tests.cases import take
from yincai.casework.models import Case
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.foundation.calendar_table import forget_calendar, load_calendar
from yincai.ledger.queries import history
from yincai.ledger.vocabulary import Actor
from yincai.ops import holidays

BrowserOf = Callable[[str], Client]
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""Ten working days from here end with Monday 16 March."""
DAY = {"day": "2026-03-10", "kind": "off", "source": "某通知〔2026〕1号", "note": "临时放假"}


@pytest.fixture(autouse=True)
def _fresh_calendar() -> Iterator[None]:
    forget_calendar()
    yield
    forget_calendar()


@pytest.fixture
def in_approval(submitted: CaseView, actor: Callable[[str], Actor]) -> CaseView:
    """A case whose limit of ten working days began on Monday 2 March 2026."""
    with clock.frozen(MONDAY):
        take(submitted.id, actor("window_officer"), "accept")
        return take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")


def test_year_is_shown_and_a_year_without_data_is_said(browser: BrowserOf) -> None:
    address = reverse("desk:admin-calendar")

    known = browser("administrator").get(address, {"year": "2026"}).content.decode()
    unknown = browser("administrator").get(address, {"year": "2031"}).content.decode()

    assert known.count("calendar-month") == 12
    assert "尚未录入" not in known
    assert "2031 年的节假日安排尚未录入" in unknown
    assert browser("administrator").get(address, {"year": "1999"}).status_code == 404


def test_preview_tells_how_many_limits_would_move_and_writes_nothing(
    browser: BrowserOf, in_approval: CaseView
) -> None:
    page = browser("administrator").post(reverse("desk:admin-calendar-preview"), DAY).content.decode()

    assert "<strong>1</strong> 件正在办理的申请" in page
    assert "2026年3月16日 止" in page
    assert "2026年3月17日 止" in page
    assert load_calendar().is_working_day(date(2026, 3, 10))
    assert history(holidays.CHAIN) == []


def test_running_limits_are_kept_unless_the_administrator_chooses_to_move_them(
    browser: BrowserOf, in_approval: CaseView
) -> None:
    browser("administrator").post(reverse("desk:admin-calendar-set"), DAY | {"limits": "keep", "seen": "1"})

    assert Case.objects.get(id=in_approval.id).due_at == in_approval.due_at
    assert not load_calendar().is_working_day(date(2026, 3, 10))
    (entry,) = history(holidays.CHAIN)
    assert (entry.actor.role, entry.payload["source"]) == ("administrator", "某通知〔2026〕1号")


def test_chosen_limits_move_and_each_case_says_so(browser: BrowserOf, in_approval: CaseView) -> None:
    browser("administrator").post(reverse("desk:admin-calendar-set"), DAY | {"limits": "move", "seen": "1"})

    assert Case.objects.get(id=in_approval.id).due_at == clock.start_of(date(2026, 3, 18))
    assert history(in_approval.id)[-1].event == "limit.moved"
    assert history(holidays.CHAIN)[-1].payload["moved"] == 1


def test_other_number_than_was_shown_writes_nothing(browser: BrowserOf, in_approval: CaseView) -> None:
    answer = browser("administrator").post(
        reverse("desk:admin-calendar-set"), DAY | {"limits": "move", "seen": "7"}
    )

    assert answer.status_code == 409
    assert load_calendar().is_working_day(date(2026, 3, 10))
    assert history(holidays.CHAIN) == []


def test_limit_set_by_hand_is_left_alone(browser: BrowserOf, in_approval: CaseView) -> None:
    Case.objects.filter(id=in_approval.id).update(due_at=clock.start_of(date(2026, 3, 20)))

    page = browser("administrator").post(reverse("desk:admin-calendar-preview"), DAY).content.decode()

    assert "没有正在计算的办理时限会因此变动" in page


def test_day_without_its_authority_is_told_beside_the_field(browser: BrowserOf) -> None:
    answer = browser("administrator").post(
        reverse("desk:admin-calendar-preview"), {"day": "32", "kind": "", "source": ""}
    )

    assert answer.status_code == 422
    assert "请选择上班或休息" in answer.content.decode()
