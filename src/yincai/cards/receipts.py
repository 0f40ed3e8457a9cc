"""受理回执: whenever a round is frozen its receipt is ordered; the signer seals it as it seals a card."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings

from yincai.cards.actions import order_card
from yincai.cards.fonts import drawable
from yincai.cards.vocabulary import CardOrder, SealSpec
from yincai.casework import queries as casework
from yincai.casework.vocabulary import PaperRequest, label_of
from yincai.engine.showing import show
from yincai.engine.spec import STANDARD
from yincai.foundation.days import moment_in_words
from yincai.foundation.masking import mask_identity
from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import EntryView

LAYOUT = Path(__file__).parent / "layouts" / "receipt.typ"
TITLE = "受理回执"


@handler("cards.order_receipt")
def order_receipt(entry: EntryView) -> None:
    """Order the receipt of the round that was frozen, where the programme gives one."""
    asked = casework.paper_request(entry.chain)
    if asked is None or not asked.case.spec.papers.receipt:
        return
    spec, case = asked.case.spec, asked.case
    own = "" if spec.papers.receipt == STANDARD else spec.files[spec.papers.receipt]
    order = CardOrder(
        chain=entry.chain,
        case_id=case.id,
        holder_account_id=case.account_id,
        place=case.place,
        programme=case.programme,
        kind=spec.title,
        number_pattern="",
        number=_number(asked),
        printed=_printed(asked),
        layout=own or LAYOUT.read_text("utf8"),
        title=TITLE,
        valid_years=None,
        seal=SealSpec(
            authority=spec.card.seal.authority,
            centre=spec.card.seal.line,
            code=spec.card.seal.code,
            test=settings.TEST_SEALS,
        ),
        purpose=f"receipt:{asked.round_number}",
        paper=True,
        variant=case.variant,
        holder_name=str(asked.answers.get(spec.identity.name, "")),
    )
    order_card(order, actor=entry.actor, office=entry.office)


def _number(asked: PaperRequest) -> str:
    """The number of the case; a later round's receipt says which, since no two papers share a number."""
    later = f"-{asked.round_number}" if asked.round_number > 1 else ""
    return f"{asked.case.reference}{later}"


def _printed(asked: PaperRequest) -> dict[str, str]:
    spec, case = asked.case.spec, asked.case
    document = asked.answers.get(spec.identity.document)
    number = mask_identity(document["number"]) if document else ""
    rows = [
        {"slot": slot, "name": drawable(name), "sha256": sha256} for slot, name, sha256 in asked.materials
    ]
    name = spec.identity.name
    return {
        "applicant": drawable(show(spec.field(name), asked.answers.get(name))) if name else "",
        "identity": number,
        "variant": case.title,
        "round": label_of(asked.round_number),
        "submitted_at": f"{moment_in_words(asked.submitted_at)}:{asked.submitted_at:%S}",
        "commitment": asked.commitment,
        "materials": json.dumps(rows, ensure_ascii=False),
    }
