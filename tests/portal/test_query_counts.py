"""A list costs as many queries with thirty rows as with one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cases import PLACE, PROGRAMME
from yincai.casework import actions
from yincai.casework.vocabulary import CaseView
from yincai.ledger.vocabulary import Actor
from yincai.messages import actions as messages
from yincai.messages.vocabulary import Texts

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]


def queries_of(browser: Client, address: str) -> int:
    browser.get(address)  # whatever is read once a process is read now
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["drafts", "home", "inbox", "apply"])
def test_lists_of_the_applicant_do_not_grow_with_their_rows(
    draft: CaseView, actor: ActorOf, browser: BrowserOf, name: str
) -> None:
    resident, address = browser("applicant"), reverse(f"portal:{name}")
    add(1, actor("applicant"))
    few = queries_of(resident, address)

    add(8, actor("applicant"))

    assert queries_of(resident, address) == few


def add(number: int, applicant: Actor) -> None:
    assert applicant.id is not None
    for _ in range(number):
        case = actions.open_draft(actor=applicant, place=PLACE, programme=PROGRAMME, variant="A", key=uuid4())
        messages.tell(
            applicant.id,
            template_name="case.accepted",
            texts=Texts(title="预审通过", body="请到窗口核验原件。"),
            case_id=case.id,
            idempotency_key=str(uuid4()),
        )
