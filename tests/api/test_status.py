"""Where cases stand: of the key's place and office alone, with nothing personal, each look on record."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.test import Client

from tests.answers import SECTIONS
from tests.api.conftest import Machine
from tests.cases import PLACE, PROGRAMME
from tests.partners.keys import administrator, made, registered
from yincai.casework.models import Case
from yincai.casework.vocabulary import CaseView
from yincai.ledger import queries as ledger
from yincai.partners.vocabulary import PAGE, PartnerView

Machines = Callable[..., Machine]


def test_case_is_found_by_its_number(machine: Machines, submitted: CaseView) -> None:
    answer = machine().get(f"/cases/{quote(submitted.reference or '')}")

    told = answer.json()
    assert answer.status_code == 200
    assert (told["programme"], told["state"]) == (PROGRAMME, submitted.state)
    assert told["state_title"] == submitted.current_state.title
    assert not told["is_ended"]
    assert answer["Cache-Control"] == "no-store"


def test_answer_holds_nothing_that_was_answered(machine: Machines, submitted: CaseView) -> None:
    told = json.dumps(machine().get(f"/cases/{submitted.reference}").json(), ensure_ascii=False)

    values = [one for section in SECTIONS.values() for texts in section.values() for one in texts]
    assert [one for one in values if len(one) >= 6 and one in told] == []
    assert str(submitted.account_id) not in told


def test_applicant_sees_which_system_asked(
    machine: Machines, submitted: CaseView, browser: Callable[[str], Client], partner: PartnerView
) -> None:
    machine().get(f"/cases/{submitted.reference}")

    (look,) = [one for one in ledger.history(submitted.id) if one.is_read]
    page = browser("applicant").get(f"/my/cases/{submitted.id}/").content.decode()

    assert look.actor == partner.actor
    assert look.payload == {"purpose": "通过接口查询办理状态", "what": "status"}
    assert partner.actor.role in page
    assert "通过接口查询办理状态" in page


def test_others_cases_and_numbers_nobody_has_are_told_alike(
    machine: Machines, submitted: CaseView, person: Callable[[str], Any]
) -> None:
    chief = administrator(person("administrator"))
    elsewhere = registered(chief, name="别的机构的系统", office="organisation")
    theirs = Machine(made(chief, elsewhere.id).secret, Client())
    Case.objects.filter(pk=submitted.id).update(office="hall")

    foreign = theirs.get(f"/cases/{submitted.reference}")
    missing = theirs.get("/cases/2026999999")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.json() == missing.json()
    assert theirs.get("/cases").json() == {"cases": [], "after": ""}
    assert not [one for one in ledger.history(submitted.id) if one.is_read]


def test_draft_has_no_status(machine: Machines, draft: CaseView) -> None:
    assert machine().get("/cases").json()["cases"] == []
    assert machine().get(f"/cases/{draft.id}").status_code == 404


def test_cases_come_in_pages_and_each_look_is_on_record(
    machine: Machines, submitted: CaseView, partner: PartnerView
) -> None:
    ours = machine()
    copies(submitted, PAGE + 3)

    first = ours.get("/cases").json()
    second = ours.get(f"/cases?after={quote(first['after'])}").json()

    numbers = [one["reference"] for one in first["cases"] + second["cases"]]
    assert len(first["cases"]) == PAGE
    assert sorted(numbers) == sorted(set(numbers))
    assert len(numbers) == PAGE + 4
    assert second["after"] == ""
    looks = [one.payload["what"] for one in ledger.history(partner.id) if one.is_read]
    assert looks == [f"cases:{PAGE}", "cases:4"]


def copies(case: CaseView, number: int) -> None:
    """More cases like this one, received at the same moment."""
    row = Case.objects.get(pk=case.id)
    for one in range(number):
        row.pk = row.opening_key = uuid4()
        row.reference, row.live_key = f"{PLACE}-{one}", None
        row._state.adding = True
        row.save(force_insert=True)


def test_wrong_cursor_is_said(machine: Machines, published: Any) -> None:
    for cursor in ("x", "2026-01-01~x", "2026-01-01T00:00:00~00000000-0000-0000-0000-000000000000"):
        answer = machine().get(f"/cases?after={cursor}")

        assert answer.status_code == 422
        assert "游标不对" in answer.json()["errors"][0]["detail"]
