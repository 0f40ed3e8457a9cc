"""请配偶自己上传 on the pages: the link once, the code, the places for files and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests import personas
from tests.answers import picture
from tests.casework.inviting import NAME, PHONE, SLOT, code_of, draft_of, publish_with_spouse
from yincai.casework import queries as cases
from yincai.casework.models import Invitation
from yincai.people import queries as people


@pytest.fixture
def case(person: Callable[[str], Any], tmp_path: Path) -> UUID:
    """A draft whose applicant may invite."""
    publish_with_spouse(tmp_path)
    return draft_of(people.applicant_of(person("applicant")))


def test_spouse_is_invited_and_uploads(case: UUID, person: Callable[[str], Any]) -> None:
    own = personas.sign_in(person("applicant"), second_factor=False)
    page = f"/my/cases/{case}/invitations/"
    assert page in own.get(f"/my/cases/{case}/materials/").content.decode()
    asked = {"_key": str(uuid4()), "name": NAME, "phone": PHONE, "slots": [SLOT]}
    wrong = own.post(page, asked | {"phone": "1"})
    assert (wrong.status_code, Invitation.objects.count()) == (422, 0)
    made = own.post(page, asked).content.decode()
    found = re.search(r"(/invited/[\w-]{22}/)", made)
    assert found
    assert found[1] not in own.get(page).content.decode()  # once

    spouse = Client()
    first = spouse.get(found[1])
    assert first["Referrer-Policy"] == "no-referrer"
    assert "139****7001" in first.content.decode()
    spouse.post(found[1], {"act": "send"})
    assert spouse.post(found[1], {"act": "open", "code": "x"}).status_code == 422
    invitation = Invitation.objects.get()
    spouse.post(found[1], {"act": "open", "code": code_of(invitation.pk)})
    shown = spouse.get(found[1]).content.decode()
    assert "配偶身份证" in shown
    assert "学历" not in shown
    assert str(case) not in shown
    assert Client().get(found[1]).status_code == 404
    sent = {"_key": str(uuid4()), f"file.{SLOT}": picture(), "act": SLOT}
    assert spouse.post(found[1], sent).status_code == 422  # no consent
    sent = {"_key": str(uuid4()), f"file.{SLOT}": picture(), "act": SLOT, "agrees": "on"}
    assert spouse.post(found[1], sent).status_code == 302

    (material,) = cases.materials(case)
    assert own.get(f"/my/cases/{case}/documents/{material.document_id}/1/").status_code == 404
    table = own.get(f"/my/cases/{case}/materials/").content.decode()
    assert "本人没有同意您查看" in table
    assert "scan.jpg" not in table
    assert "scan.jpg" not in own.get(f"/my/cases/{case}/materials/{material.id}/").content.decode()
    kept = own.post(f"/my/cases/{case}/materials/{material.id}/keep/", {"agree": "on", "type": "L01"})
    assert kept.status_code == 404
    assert "对方没有同意您查看" in own.get(page).content.decode()
    assert spouse.post(found[1], {"act": "finish"}).status_code == 200
    assert spouse.get(found[1]).status_code == 404


def test_revoked_link_is_gone(case: UUID, person: Callable[[str], Any]) -> None:
    own = personas.sign_in(person("applicant"), second_factor=False)
    page = f"/my/cases/{case}/invitations/"
    made = own.post(page, {"_key": str(uuid4()), "name": NAME, "phone": PHONE, "slots": [SLOT]})
    found = re.search(r"(/invited/[\w-]{22}/)", made.content.decode())
    assert found

    own.post(f"{page}{Invitation.objects.get().pk}/revoke/")

    assert Client().get(found[1]).status_code == 404
