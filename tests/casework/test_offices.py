"""A programme whose cases go to the office of the organisation that is named (acceptance E-07)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.answers import SECTIONS
from tests.cases import PLACE, PROGRAMME, fill, send_back, submit
from yincai.casework import actions
from yincai.casework.vocabulary import AskedItem, CaseView
from yincai.directory.actions import publish_directory
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.programmes import actions as programmes

ActorOf = Callable[[str], Actor]
BrowserOf = Callable[[str], Client]
BY_EMPLOYER = "office: {by: employer_name, offices: {city: organisation}, otherwise: hall}\n"
KNOWN, UNKNOWN = "石家庄示例药业股份有限公司", "海豚玩具有限公司"


@pytest.fixture
def published(db: None, reader_here: None, tmp_path: Path) -> Any:
    """The green card, but decided by the employer."""
    shutil.copytree(settings.PLACES / PLACE, tmp_path / PLACE)
    actions.seed_reasons(settings.PLACES / PLACE)
    publish_directory(settings.PLACES / PLACE)
    folder = tmp_path / PLACE / "programmes" / PROGRAMME
    text = (folder / "programme.yaml").read_text("utf8")
    (folder / "programme.yaml").write_text(text.replace("office: hall\n", BY_EMPLOYER), "utf8")
    return programmes.publish_folder(folder, actor=SYSTEM)


@pytest.fixture
def handed_in(published: Any, draft: CaseView, actor: ActorOf) -> Callable[[str], CaseView]:
    """`handed_in(name)`: a case whose applicant works there."""

    def submitted(name: str) -> CaseView:
        fill(draft.id, actor("applicant"))
        named(draft, actor, name, revision=1)
        return submit(draft.id, actor("applicant"))

    return submitted


def named(case: CaseView, actor: ActorOf, name: str, *, revision: int) -> None:
    employer = SECTIONS["employer"] | {"employer_name": [name]}
    actions.save_section(
        case.id, actor=actor("applicant"), section="employer", posted=employer, seen_revision=revision
    )


def decisions(case: CaseView) -> list[tuple[str, str]]:
    """What the ledger says of the office, of each submission."""
    payloads = [one.payload for one in ledger.history(case.id) if "office_rule" in one.payload]
    return [(str(one["office"]), str(one["office_rule"])) for one in payloads]


@pytest.mark.parametrize(
    ("name", "title"), [(KNOWN, "市委组织部人才工作处"), (UNKNOWN, "石家庄市行政审批大厅人才绿卡服务窗口")]
)
def test_applicant_reads_which_office_it_is(
    handed_in: Callable[[str], CaseView], browser: BrowserOf, name: str, title: str
) -> None:
    case = handed_in(name)

    assert title in browser("applicant").get(reverse("portal:done", args=[case.id])).content.decode()


@pytest.mark.parametrize(
    ("name", "office", "rule", "sees", "other"),
    [
        (KNOWN, "organisation", "answer:city", "elsewhere", "window_officer"),
        (UNKNOWN, "hall", "otherwise:unknown", "window_officer", "elsewhere"),
    ],
)
def test_case_goes_to_the_office_of_the_organisation_with_the_rule_on_record(
    handed_in: Callable[[str], CaseView],
    browser: BrowserOf,
    name: str,
    office: str,
    rule: str,
    sees: str,
    other: str,
) -> None:
    case = handed_in(name)

    assert case.office == office
    assert decisions(case) == [(office, rule)]
    assert name not in str([one.payload for one in ledger.history(case.id)])
    page = reverse("desk:case", args=[case.id])
    assert (browser(sees).get(page).status_code, browser(other).get(page).status_code) == (200, 404)


def test_corrected_name_is_decided_anew(handed_in: Callable[[str], CaseView], actor: ActorOf) -> None:
    case = handed_in(UNKNOWN)
    send_back(case.id, actor("window_officer"), AskedItem("employer_name", "differs_from_document"))
    named(case, actor, KNOWN, revision=2)

    again = submit(case.id, actor("applicant"))

    assert again.office == "organisation"
    assert decisions(again) == [("hall", "otherwise:unknown"), ("organisation", "answer:city")]
