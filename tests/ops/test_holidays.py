"""The operator's calendar: listed, set on record, and loud where it is empty."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from yincai.foundation import calendar_table, clock
from yincai.ledger import queries as ledger
from yincai.ops import holidays
from yincai.ops.commands import main

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def read_afresh() -> None:
    calendar_table.forget_calendar()


def test_day_is_set_on_record_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["calendar", "--set", "2031-01-23", "--as", "off", "--source", "某通知", "--note", "春节"]) == 0
    )

    assert "2031-01-23 Thu  off" in capsys.readouterr().out
    assert not calendar_table.load_calendar().is_working_day(date(2031, 1, 23))
    entry = ledger.history(holidays.CHAIN)[-1]
    assert entry.event == "calendar_day.set"
    assert entry.payload == {"day": "2031-01-23", "is_working": False, "source": "某通知", "note": "春节"}


def test_day_without_its_authority_is_not_set() -> None:
    status = main(["calendar", "--set", "2031-01-23", "--as", "off"])

    assert status != 0
    assert ledger.history(holidays.CHAIN) == []


def test_year_without_data_is_told_once_limits_reach_it() -> None:
    calendar_table.seed_calendar()

    with clock.frozen(datetime(2041, 11, 22, tzinfo=UTC)):
        assert [sentence[:6] for sentence in holidays.warnings()] == ["2041 年", "2042 年"]
    with clock.frozen(datetime(2025, 6, 1, tzinfo=UTC)):
        assert holidays.warnings() == []
