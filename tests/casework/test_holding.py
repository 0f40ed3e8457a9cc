"""Who holds a card of one kind does not get another that is not given beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.answers import OTHER_NUMBER, SECTIONS, picture
from tests.cards.orders import order
from tests.cases import submit
from tests.casework.test_card_types import county_case, save
from yincai.cards.models import Card
from yincai.cards.vocabulary import CardState
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case
from yincai.casework.vocabulary import CaseView, HoldsAnother
from yincai.documents.inspection import inspect_document
from yincai.foundation import clock
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

ActorOf = Callable[[str], Actor]
BrowserOf = Callable[[str], Client]


def give_card(case: CaseView, state: CardState = CardState.SEALED, until: date | None = None) -> None:
    """The case has ended with a card."""
    Case.objects.filter(id=case.id).update(live_key=None, state="issued", ended_at=clock.now())
    card = order(case_id=case.id, chain=case.id, holder_account_id=case.account_id, place=case.place)
    if state is not CardState.ORDERED:
        Card.objects.filter(pk=card.id).update(
            state=state,
            sealed_at=clock.now(),
            issued_on=clock.today(),
            valid_until=until,
            pdf_key="x",
            pdf_sha256="0" * 64,
        )


def ready_for_c(actor: ActorOf) -> CaseView:
    """A complete draft for the county's card, of the same person."""
    case, applicant = county_case(actor), actor("applicant")
    material = actions.add_material(case.id, actor=applicant, slot="title_copy", upload=picture("t.jpg"))
    inspect_document(material.document_id)
    assert cases.open_case(applicant, case.id).missing == []
    return case


@pytest.mark.parametrize("state", [CardState.SEALED, CardState.ORDERED])
def test_holder_of_an_a_card_is_refused_the_c_card_in_words(
    submitted: CaseView, actor: ActorOf, state: CardState
) -> None:
    give_card(submitted, state)
    case = ready_for_c(actor)
    before = len(ledger.history(case.id))

    with pytest.raises(HoldsAnother, match="持有有效的A卡，不再发给C卡，这件申请没有提交。"):
        submit(case.id, actor("applicant"))

    assert cases.case_for(actor("applicant"), case.id).is_draft
    assert len(ledger.history(case.id)) == before


@pytest.mark.parametrize("state", [CardState.CANCELLED, CardState.EXPIRED, CardState.REPLACED])
def test_card_that_is_no_longer_in_force_bars_nobody(
    submitted: CaseView, actor: ActorOf, state: CardState
) -> None:
    give_card(submitted, state)

    assert submit(ready_for_c(actor).id, actor("applicant")).state == "pre_accepted"


def test_last_day_counts_and_the_day_after_bars_nobody(submitted: CaseView, actor: ActorOf) -> None:
    give_card(submitted, until=clock.today())
    case = ready_for_c(actor)

    with pytest.raises(HoldsAnother):
        submit(case.id, actor("applicant"))
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert submit(case.id, actor("applicant")).reference


def test_another_person_with_the_same_account_is_not_barred(submitted: CaseView, actor: ActorOf) -> None:
    give_card(submitted)
    case = ready_for_c(actor)
    other = SECTIONS["person"] | {
        "identity.number": [OTHER_NUMBER],
        "sex": [""],
        "birth_date": [""],
        "county": ["130109"],
        "category_c": ["2"],
    }
    save(case, actor("applicant"), "person", other, 2)

    assert submit(case.id, actor("applicant")).reference


def test_page_says_so_before_anything_is_filled_in(submitted: CaseView, browser: BrowserOf) -> None:
    give_card(submitted)

    page = browser("applicant").get(reverse("portal:apply")).content.decode()

    assert page.count("您持有有效的A卡，不再发给C卡。A卡注销或到期后可以再申请。") == 1


def test_refusal_stands_on_the_page_from_which_it_is_submitted(
    submitted: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    give_card(submitted)
    case = ready_for_c(actor)

    answer = browser("applicant").post(
        reverse("portal:check", args=[case.id]), {"_key": str(uuid4()), "declaration": "on"}
    )

    assert answer.status_code == 422
    assert "不再发给C卡，这件申请没有提交" in answer.content.decode()
