"""The page of reasons: persona × page, adding, wording, retiring, what it tells officers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.cases import PLACE
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView

BrowserOf = Callable[[str], Client]
LIST = "/desk/admin/reasons/"
ONE = f"{LIST}not_filled/"
WORDS = {"label": "请补充完整", "about": ["field", "row"], "position": "7", "seen": "0"}


@pytest.mark.parametrize("name", [name for name in personas.CAST if name != "administrator"])
@pytest.mark.parametrize("address", [LIST, ONE])
def test_reasons_do_not_exist_for_others(name: str, address: str, browser: BrowserOf) -> None:
    before = cases.all_reasons(PLACE)

    assert browser(name).get(address).status_code == 404
    assert browser(name).post(address, WORDS).status_code == 404
    assert cases.all_reasons(PLACE) == before


def test_added_reason_stands_in_the_list_and_can_be_chosen(
    browser: BrowserOf, submitted: CaseView, claimed_by_officer: Client
) -> None:
    answer = browser("administrator").post(LIST, {"label": "照片不合规格", "about": "document"}, follow=True)

    assert "已添加" in answer.content.decode()
    assert "添加：照片不合规格" in answer.content.decode()
    shown = claimed_by_officer.get(reverse("desk:case", args=[submitted.id])).content.decode()
    assert "照片不合规格" in shown


def test_reason_is_worded_anew(browser: BrowserOf) -> None:
    administrator = browser("administrator")

    answer = administrator.post(ONE, WORDS, follow=True)

    shown = answer.content.decode()
    assert "已保存" in shown
    assert "请补充完整" in shown
    assert "一项内容、表格的一行" in shown


def test_wrong_words_come_back_beside_their_fields(browser: BrowserOf) -> None:
    answer = browser("administrator").post(ONE, {"label": "缺少材料", "position": "7", "seen": "0"})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "已有一条相同的补正原因" in shown
    assert "请至少选择一处可用的地方" in shown
    assert 'value="缺少材料"' in shown


@pytest.mark.parametrize("posted", [{"label": "x"}, {"label": "x", "position": "²"}, {**WORDS, "seen": ""}])
def test_broken_form_is_refused_and_nothing_changes(browser: BrowserOf, posted: dict[str, Any]) -> None:
    before = cases.all_reasons(PLACE)

    assert browser("administrator").post(ONE, posted).status_code == 422
    assert cases.all_reasons(PLACE) == before


def test_unknown_reason_is_not_found(browser: BrowserOf) -> None:
    assert browser("administrator").get(f"{LIST}nothing/").status_code == 404


def test_reason_is_retired_with_a_day_and_restored(browser: BrowserOf) -> None:
    administrator = browser("administrator")

    retired = administrator.post(f"{ONE}retire/", {"seen": "0", "on": "2099-12-31"}, follow=True)
    page = administrator.get(ONE).content.decode()
    restored = administrator.post(f"{ONE}retire/", {"seen": "1", "answer": "restore"}, follow=True)

    assert "2099年12月31日 起停用" in retired.content.decode()
    assert "在那之前仍可选用" in page
    assert "又可以选用了" in restored.content.decode()
    assert "2099年12月31日 起停用</span>" not in restored.content.decode()


@pytest.mark.parametrize("day", ["", "2020-01-01", "morgen"])
def test_wrong_day_is_told_beside_its_field(browser: BrowserOf, day: str) -> None:
    answer = browser("administrator").post(f"{ONE}retire/", {"seen": "0", "on": day})

    assert answer.status_code == 422
    assert 'id="f-on-problem"' in answer.content.decode()


@pytest.fixture
def claimed_by_officer(browser: BrowserOf, submitted: CaseView) -> Client:
    """The window officer, who holds the case."""
    officer = browser("window_officer")
    officer.post(reverse("desk:claim", args=[submitted.id]))
    return officer
