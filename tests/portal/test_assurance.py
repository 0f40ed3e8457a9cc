"""A programme that must know its applicants more surely: refused with the way there, then let through."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from tests.cases import PLACE, PROGRAMME, submit
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.permissions import require_assurance_for_card
from yincai.casework.vocabulary import AssuranceNeeded, CaseView
from yincai.ledger.queries import history
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions as people
from yincai.people.vocabulary import Level
from yincai.programmes import actions as programmes

ActorOf = Callable[[str], Actor]


def ask_for(folder: Path, needs: str) -> None:
    """Publish the programme with these needs."""
    shutil.copytree(settings.PLACES / PLACE, folder / PLACE)
    programme = folder / PLACE / "programmes" / PROGRAMME
    file = programme / "programme.yaml"
    file.write_text(f"{file.read_text('utf8')}\nassurance: {needs}\n", "utf8")
    programmes.publish_folder(programme, actor=SYSTEM)


def open_draft(actor: Actor) -> CaseView:
    return actions.open_draft(actor=actor, place=PLACE, programme=PROGRAMME, variant="A", key=uuid4())


def test_draft_is_opened_only_by_somebody_known_surely_enough(
    published: Any, actor: ActorOf, tmp_path: Path
) -> None:
    ask_for(tmp_path, "{open: sms_verified}")
    applicant = actor("applicant")

    with pytest.raises(AssuranceNeeded, match="已验证手机号"):
        open_draft(applicant)
    assert cases.cases_of(applicant.id) == []  # type: ignore[arg-type]  # signed in

    assert applicant.id is not None
    people.note_assurance(applicant.id, actor=applicant, level=Level.SMS_VERIFIED, source="sms")
    assert open_draft(applicant).is_draft


def test_submission_waits_for_the_assurance_and_nothing_is_recorded(
    complete: CaseView, actor: ActorOf, tmp_path: Path
) -> None:
    ask_for(tmp_path, "{submit: real_name}")
    applicant = actor("applicant")
    assert applicant.id is not None
    actions.move_draft(complete.id, actor=applicant)
    before = [entry.event for entry in history(complete.id)]

    with pytest.raises(AssuranceNeeded, match="已实名核验"):
        submit(complete.id, applicant)
    assert [entry.event for entry in history(complete.id)] == before

    people.note_assurance(applicant.id, actor=applicant, level=Level.FACE, source="face")
    assert not submit(complete.id, applicant).is_draft


def test_card_is_taken_by_somebody_known_surely_enough(
    draft: CaseView, actor: ActorOf, tmp_path: Path
) -> None:
    ask_for(tmp_path, "{card: face}")
    applicant = actor("applicant")
    assert applicant.id is not None
    require_assurance_for_card(draft.id)  # of the older version, which asks for nothing
    actions.move_draft(draft.id, actor=applicant)

    with pytest.raises(AssuranceNeeded, match="已刷脸认证"):
        require_assurance_for_card(draft.id)

    people.note_assurance(applicant.id, actor=applicant, level=Level.FACE, source="face")
    require_assurance_for_card(draft.id)


def test_page_leads_to_the_way_and_back(
    published: Any, browser: Callable[[str], Any], actor: ActorOf, tmp_path: Path
) -> None:
    ask_for(tmp_path, "{open: face}")
    resident = browser("applicant")
    form = {"programme": f"{PLACE}/{PROGRAMME}/A", "_key": str(uuid4())}

    answer = resident.post("/my/apply/", form)

    assert answer["Location"] == "/account/identity/?next=%2Fmy%2Fapply%2F"
    assert "要求账号「已刷脸认证」" in resident.get(answer["Location"]).content.decode()
