"""Names in the rows of a table: looked up from a row that is stored, and from one that is still blank."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.answers import SECTIONS
from tests.cases import PLACE, PROGRAMME
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView
from yincai.directory.actions import publish_directory
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.programmes import actions as programmes

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
KNOWN = "石家庄示例药业股份有限公司"
ROWS = """
    - name: earlier
      kind: rows
      label: 以前的单位
      max_rows: 2
      columns:
        - {name: firm, kind: organisation, label: 单位全称}
"""


@pytest.fixture
def published(published: Any, tmp_path: Path) -> Any:
    """The programme with a table of organisations."""
    shutil.copytree(settings.PLACES / PLACE, tmp_path / PLACE)
    folder = tmp_path / PLACE / "programmes" / PROGRAMME
    form = folder / "form" / "employer.yaml"
    form.write_text(form.read_text("utf8").rstrip() + ROWS, "utf8")
    publish_directory(settings.PLACES / PLACE)
    return programmes.publish_folder(folder, actor=SYSTEM)


@pytest.fixture
def press(complete: CaseView, browser: BrowserOf, actor: ActorOf) -> Callable[..., Any]:
    """`press("_find", "r1", "药业")`: the button beside a row with this text."""

    def pressed(button: str, row: str, text: str, **more: list[str]) -> Any:
        revision = cases.contents(actor("applicant"), complete.id)["employer"].revision
        path = f"earlier.{row}.firm"
        typed = {"earlier._ids": [row], path: [text], button: [path], "_revision": [str(revision)]}
        return browser("applicant").post(form(complete), SECTIONS["employer"] | typed | more)

    return pressed


def form(case: CaseView) -> str:
    return reverse("portal:form", args=[case.id, "employer"])


def find(case: CaseView, row: str) -> str:
    return reverse("portal:find", args=[case.id, "employer", f"earlier.{row}.firm"])


@pytest.mark.parametrize("text", ["药业", ""])
def test_row_is_looked_up_and_filled_in_blank_or_not(
    complete: CaseView, press: Callable[..., Any], browser: BrowserOf, actor: ActorOf, text: str
) -> None:
    answer = press("_find", "r1", text)

    assert answer["Location"] == find(complete, "r1")
    shown = browser("applicant").get(answer["Location"], {"q": "示例药业"})
    (record,) = html.document_fromstring(shown.content).xpath("//button[@name='record']/@value")
    chosen = browser("applicant").post(answer["Location"], {"record": record})

    assert chosen["Location"].startswith(form(complete))
    rows = cases.contents(actor("applicant"), complete.id)["employer"].values["earlier"]
    assert rows == [{"_row": "r1", "firm": KNOWN}]


@pytest.mark.parametrize("row", ["a/b", "", "é", "x" * 37, ".."])
@pytest.mark.parametrize("button", ["_find", "_add_record"])
def test_row_of_no_possible_name_leads_nowhere(press: Callable[..., Any], button: str, row: str) -> None:
    answer = press(button, row, "药业")

    assert answer.status_code in (302, 422)
    assert "/find/" not in answer.get("Location", "")
    assert "/add/" not in answer.get("Location", "")


def test_row_too_many_has_no_search(
    complete: CaseView, press: Callable[..., Any], browser: BrowserOf
) -> None:
    full = {"earlier._ids": ["r1", "r2"], "earlier.r1.firm": ["甲公司"], "earlier.r2.firm": ["乙公司"]}
    press("_find", "r2", "", **full)

    assert browser("applicant").get(find(complete, "r3")).status_code == 404
    assert browser("applicant").get(find(complete, "r2")).status_code == 200


def test_organisation_of_a_row_is_added_under_the_name_typed(
    complete: CaseView, press: Callable[..., Any], browser: BrowserOf
) -> None:
    asked = browser("applicant").get(press("_add_record", "r1", "海豚玩具")["Location"])

    page = html.document_fromstring(asked.content)
    assert page.xpath("//input[@id='f-name']/@value") == ["海豚玩具"]
    assert page.xpath("//a[text()='返回申请表']/@href")[0].startswith(form(complete))
