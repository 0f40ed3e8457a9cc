"""A draft that was moved to a newer version is judged by that version before it can be submitted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.cases import PLACE, PROGRAMME, submit
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView, NotComplete, VersionMoved
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.programmes import actions as programmes

ActorOf = Callable[[str], Actor]


def publish_without_the_fourth_class(folder: Path) -> None:
    """Publish a version in which 第(4)类 does not exist any more and 人才称号 is rich text."""
    shutil.copytree(settings.PLACES / PLACE, folder / PLACE)
    programme = folder / PLACE / "programmes" / PROGRAMME
    form = programme / "form" / "person.yaml"
    lines = [line for line in form.read_text("utf8").splitlines() if "hint: 省部级科技进步一等奖" not in line]
    text = "\n".join(lines).replace(
        "name: honour, kind: text, label: 人才称号, max_length: 100",
        "name: honour, kind: rich_text, label: 人才称号",
    )
    form.write_text(text + "\n", "utf8")
    (programme / "tests.yaml").write_text("cases: []\n", "utf8")
    programmes.publish_folder(programme, actor=SYSTEM)


def test_draft_of_an_older_version_is_moved_before_it_is_submitted(
    complete: CaseView, actor: ActorOf, tmp_path: Path
) -> None:
    publish_without_the_fourth_class(tmp_path)

    with pytest.raises(VersionMoved):
        submit(complete.id, actor("applicant"))

    assert cases.case_for(actor("applicant"), complete.id).is_draft


def test_answer_that_the_newer_version_does_not_know_is_asked_again(
    complete: CaseView, actor: ActorOf, tmp_path: Path
) -> None:
    publish_without_the_fourth_class(tmp_path)
    actions.move_draft(complete.id, actor=actor("applicant"))

    with pytest.raises(NotComplete) as refusal:
        submit(complete.id, actor("applicant"))

    assert ("person", "category") in {(one.section, one.path) for one in refusal.value.missing}


def test_plain_text_that_became_rich_text_is_made_harmless(
    complete: CaseView, actor: ActorOf, tmp_path: Path
) -> None:
    posted: dict[str, list[str]] = _person() | {"honour": ["<script>alert(1)</script>专家"]}
    actions.save_section(
        complete.id, actor=actor("applicant"), section="person", posted=posted, seen_revision=1
    )
    publish_without_the_fourth_class(tmp_path)
    actions.move_draft(complete.id, actor=actor("applicant"))

    answers: dict[str, Any] = dict(cases.open_case(actor("applicant"), complete.id).answers)

    assert "<script" not in answers["honour"]
    assert "专家" in answers["honour"]


def _person() -> dict[str, list[str]]:
    from tests.answers import SECTIONS

    return dict(SECTIONS["person"])
