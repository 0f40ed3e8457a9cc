"""Orders that the tests of this room place: one typical card, every argument replaceable."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from yincai.cards import actions
from yincai.cards.vocabulary import CardOrder, CardView, SealSpec
from yincai.ledger.vocabulary import Actor

ISSUER = Actor(kind="staff", id=UUID("00000000-0000-4000-8000-000000000001"), role="issuer")
SEAL = SealSpec(authority="海港市图书馆", centre="读者证专用章", code="3401000012345", test=True)
LAYOUT = """#import "base.typ": *
#show: certificate.with(accent: blue)
#holder(field("姓名", "name"), field("读者类别", "reader"))
#validity()
#issue()
#remarks[请妥善保管。]
"""


def order(**changes: Any) -> CardView:
    """Order a card in the current transaction; `changes` replace arguments of `order_card`."""
    arguments: dict[str, Any] = {
        "chain": uuid4(),
        "case_id": uuid4(),
        "holder_account_id": uuid4(),
        "place": "harbour_city",
        "programme": "library_card",
        "kind": "普通读者",
        "number_pattern": "LB-{year}-{serial:05}",
        "printed": {"name": "欧阳慧敏", "reader": "成人"},
        "layout": LAYOUT,
        "title": "海港市读者证",
        "valid_years": 3,
        "seal": SEAL,
    }
    return actions.order_card(CardOrder(**(arguments | changes)), actor=ISSUER)
