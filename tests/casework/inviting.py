"""Invitations to test with: the programme with documents of a spouse, an applicant who invites."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from tests.answers import picture
from tests.cases import PLACE, PROGRAMME
from yincai.casework import actions
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people.models import ContactCode
from yincai.programmes import actions as programmes

SLOT, ROW_SLOT = "spouse_paper", "family.a1.member_paper"
NAME, PHONE = "周配偶", "13912347001"
PAPER = "name: spouse_paper, title: 配偶身份证, form: 原件, concerns: spouse"
MATERIAL = f"  - {{{PAPER}, accept: [image], max_files: 2}}\n"
IN_ROWS = "      documents:\n        - {name: member_paper, title: 成员证件, form: 原件, accept: [image]}\n"


def publish_with_spouse(folder: Path) -> None:
    """The programme of the tests with a document of the spouse, and one in every row of the family."""
    place = folder / PLACE
    shutil.copytree(settings.PLACES / PLACE, place)
    there = place / "programmes" / PROGRAMME
    for name, more in (("materials.yaml", MATERIAL), ("form/household.yaml", IN_ROWS)):
        text = (there / name).read_text("utf8").rstrip("\n") + "\n"
        (there / name).write_text(text + more, "utf8")
    programmes.publish_folder(there, actor=SYSTEM)


def draft_of(applicant: Actor, *, relation: str = "10") -> UUID:
    """A draft with one member of the family."""
    case = actions.open_draft(actor=applicant, place=PLACE, programme=PROGRAMME, variant="A", key=uuid4())
    posted = {"family._ids": ["a1"], "family.a1.member_name": ["周配偶"]}
    posted["family.a1.member_relation"] = [relation]
    actions.save_section(case.id, actor=applicant, section="household", posted=posted, seen_revision=0)
    return case.id


def invite(case: UUID, applicant: Actor, **more: Any) -> tuple[UUID, str]:
    """The invitation and what its link says."""
    asked = {"name": NAME, "phone": PHONE, "slots": [SLOT], "key": uuid4(), **more}
    return actions.invite_spouse(case, actor=applicant, **asked)


def code_of(invitation: UUID) -> str:
    """The code that is on its way."""
    return ContactCode.objects.get(about=invitation).code


def opened(invitation: UUID, token: str) -> str:
    """What the browser shows that opened the link."""
    actions.ask_invited_code(token)
    return actions.open_invitation(token, code=code_of(invitation))


def upload(token: str, browser: str, **more: Any) -> None:
    """A file of the spouse."""
    given = {"slot": SLOT, "upload": picture(), "agrees": True, "shares": False, "key": uuid4(), **more}
    actions.upload_invited(token, browser=browser, **given)
