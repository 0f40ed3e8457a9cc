"""What a case shows to its applicant, and that it shows nothing to others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.cases import someone_elses_case, take
from yincai.cards import queries as cards
from yincai.cards.case_orders import order_for_case
from yincai.cards.rendering import Sheet
from yincai.cards.sealing_job import seal_card
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CARD_REQUESTED, CaseView
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]


class WithoutSeal:
    """Hands the sheet on as it was typeset: who gets the file is tested here, not its seal."""

    def seal(self, sheet: Sheet, *, appearance: bytes, reason: str, place: str) -> bytes:
        """The sheet."""
        return sheet.pdf


@pytest.fixture
def issued(submitted: CaseView, actor: ActorOf, settings: Any, tmp_path: Path) -> CaseView:
    """A case whose card is made."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    take(submitted.id, actor("approver"), "approve", opinion="符合。")
    take(submitted.id, actor("issuer"), "issue")
    (entry,) = (one for one in ledger.history(submitted.id) if one.event == CARD_REQUESTED)
    order_for_case(entry)
    (card,) = cards.cards_of_case(submitted.id)
    assert seal_card(card.id, signer=WithoutSeal())
    return submitted


@pytest.mark.parametrize("name", ["case", "done", "card"])
def test_pages_of_a_case_belong_to_its_applicant(issued: CaseView, browser: BrowserOf, name: str) -> None:
    address = reverse(f"portal:{name}", args=[issued.id])

    assert browser("applicant").get(address).status_code == 200
    assert browser("stranger").get(address).status_code == 404


def test_document_is_found_in_its_own_case_alone(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    other = someone_elses_case(actor("spouse"))
    document = cases.materials(other.id)[0].document_id
    address = reverse("portal:document", args=[other.id, document, 1])
    assert browser("spouse").get(address).status_code == 200

    assert browser("applicant").get(address).status_code == 404
    borrowed = reverse("portal:document", args=[submitted.id, document, 1])
    assert browser("applicant").get(borrowed).status_code == 404


def test_account_without_a_password_is_led_to_the_letter_that_sets_one(db: None) -> None:
    resident = personas.sign_in(personas.make_persona("applicant"), second_factor=False)

    answer = resident.get(reverse("account_change_password"), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("account_reset_password")
    assert (answer.status_code, "设置新密码" in answer.content.decode()) == (200, True)
