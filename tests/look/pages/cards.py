"""A case whose card is made, by the jobs' own functions; the seal is proven in `tests/cards`."""

from __future__ import annotations

from uuid import uuid4

from tests.cases import take
from tests.look.pages.album import Cast, Resident
from tests.portal.test_progress import WithoutSeal
from yincai.cards import queries as cards
from yincai.cards.case_orders import order_for_case
from yincai.cards.receipts import order_receipt
from yincai.cards.sealing_job import seal_card
from yincai.cards.vocabulary import CardView
from yincai.casework.actions import take_transition
from yincai.casework.vocabulary import CARD_REQUESTED, CARD_SEALED, ROUND_FROZEN, CaseView
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, EntryView


def entry_of(case: CaseView, event: str) -> EntryView:
    """The newest event of this name in the case."""
    return [one for one in ledger.history(case.id) if one.event == event][-1]


def approved(cast: Cast, holder: Resident, **person: list[str]) -> CaseView:
    """A case that waits for its card to be ordered."""
    case = holder.submitted(**person)
    take(case.id, cast.staff("window_officer"), "accept")
    take(case.id, cast.staff("window_officer"), "check_originals", confirmation="on")
    return take(case.id, cast.staff("approver"), "approve", opinion="材料齐全，符合第(4)类条件。")


def sealed_card(cast: Cast, holder: Resident) -> CardView:
    """The card of a case that went all the way."""
    case = approved(cast, holder)
    take(case.id, cast.staff("issuer"), "issue")
    order_for_case(entry_of(case, CARD_REQUESTED))
    (card,) = cards.cards_of_case(case.id)
    assert seal_card(card.id, signer=WithoutSeal())
    take_transition(case.id, actor=SYSTEM, name=CARD_SEALED, key=uuid4())
    return cards.card(card.id)


def sealed_receipt(case: CaseView) -> CardView:
    """The receipt of a case that was handed in."""
    order_receipt(entry_of(case, ROUND_FROZEN))
    (receipt,) = cards.receipts_of_case(case.id)
    assert seal_card(receipt.id, signer=WithoutSeal())
    return cards.card(receipt.id)
