"""The page of figures: charts with their tables, filters, and who may see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests import personas
from yincai.casework.vocabulary import CaseView
from yincai.look.charts import chart, spans, summed

BrowserOf = Callable[[str], Client]


@pytest.mark.parametrize("name", [name for name in personas.CAST if name != "administrator"])
def test_figures_do_not_exist_for_others(name: str, browser: BrowserOf) -> None:
    assert browser(name).get(reverse("desk:admin-statistics")).status_code == 404


def test_page_draws_charts_with_a_table_and_no_inline_style(submitted: CaseView, browser: BrowserOf) -> None:
    page = browser("administrator").get(reverse("desk:admin-statistics")).content.decode()

    assert page.count("<svg") == 6
    assert "收到申请 <strong" in page
    assert "数字表" in page
    assert "style=" not in page
    assert re.search(r'data-label="收到申请">1<', page)


def test_wrong_dates_are_told_and_the_filters_keep_what_was_typed(browser: BrowserOf) -> None:
    address = reverse("desk:admin-statistics")

    answer = browser("administrator").get(address, {"begin": "2026-03-09", "end": "2026-03-01"})

    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.content.decode()
    assert 'value="2026-03-09"' in answer.content.decode()


@pytest.mark.parametrize(
    ("begin", "end", "number", "first"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), 31, (date(2026, 3, 1), date(2026, 3, 1))),
        (date(2026, 1, 1), date(2026, 6, 30), 27, (date(2026, 1, 1), date(2026, 1, 4))),
        (date(2024, 12, 15), date(2026, 2, 3), 15, (date(2024, 12, 15), date(2024, 12, 31))),
    ],
)
def test_long_times_are_shown_by_week_or_month(
    begin: date, end: date, number: int, first: tuple[date, date]
) -> None:
    over = spans(begin, end)

    assert (len(over), over[0], over[-1][1]) == (number, first, end)


def test_bars_are_as_high_as_their_numbers() -> None:
    over = spans(date(2026, 3, 1), date(2026, 3, 3))
    numbers = summed({date(2026, 3, 1): 4, date(2026, 3, 3): 2}, over)

    drawn = chart("收到申请", numbers, over)

    assert numbers == [4, 0, 2]
    assert (drawn.total, drawn.highest) == (6, 4)
    assert [bar.height for bar in drawn.bars] == [112, 0, 56]
