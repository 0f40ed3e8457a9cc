"""A case asks for its card: what is printed is worked out from the facts of the round that was decided on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from yincai.cards import fonts, photos
from yincai.cards.actions import order_card
from yincai.cards.models import Card
from yincai.cards.substitutes import with_substitutes
from yincai.cards.vocabulary import CardOrder, CardState, SealSpec
from yincai.casework import queries as casework
from yincai.casework.actions import card_check, held_cards
from yincai.casework.vocabulary import CardRequest
from yincai.documents import queries as documents
from yincai.engine.showing import printed_card
from yincai.engine.spec import Programme
from yincai.foundation import clock
from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import EntryView
from yincai.programmes import queries as programmes


@card_check
def check_printable(case_id: UUID) -> None:
    """Refuse (`CannotTypeset`) what would stop the order: a character no font has, an unusable photo."""
    request = casework.card_request(case_id)
    printed = printed_card(programmes.version(request.publication_id).programme, request.facts)
    fonts.check_glyphs(with_substitutes(case_id, printed))
    photo = _photo(request)
    if photo:
        photos.for_print(photo)


@held_cards
def with_card_in_force(case_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these cases have a card that is in force today or being made."""
    cards = Card.objects.filter(
        case_id__in=case_ids, paper=False, state__in=[CardState.ORDERED, CardState.SEALED]
    )
    in_force = cards.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=clock.today()))
    return set(in_force.values_list("case_id", flat=True))


@handler("cards.order_for_case")
def order_for_case(entry: EntryView) -> None:
    """Order the card that a transition of the case asked for (`effects: [order_card]`).

    One that is in force or being made is enough; in place of cancelled ones another is made.
    """
    known = Card.objects.filter(case_id=entry.chain, paper=False)
    if known.filter(state__in=(CardState.ORDERED, CardState.SEALED)).exists():
        return
    gone = known.count()
    order = order_of(casework.card_request(entry.chain), purpose=f"issue:{gone + 1}" if gone else "issue")
    order_card(order, actor=entry.actor, office=entry.office)


def order_of(request: CardRequest, *, purpose: str = "issue") -> CardOrder:
    """What is to be issued for a case, by the facts of its newest round."""
    programme = programmes.version(request.publication_id).programme
    card = programme.card
    return CardOrder(
        chain=request.case_id,
        case_id=request.case_id,
        holder_account_id=request.account_id,
        place=request.place,
        programme=request.programme,
        kind=_kind(programme, request.variant),
        number_pattern=card.number.text,
        printed=with_substitutes(request.case_id, printed_card(programme, request.facts)),
        layout=programme.files[card.layout],
        title=card.title,
        valid_years=card.validity_years,
        seal=SealSpec(
            authority=card.seal.authority,
            centre=card.seal.line,
            code=card.seal.code,
            test=settings.TEST_SEALS,
        ),
        variant=request.variant,
        holder_name=str(request.facts.get(programme.identity.name, "")),
        photo=_photo(request),
        purpose=purpose,
    )


def _photo(request: CardRequest) -> bytes | None:
    return documents.open_page(request.photo_document_id, 1)[0] if request.photo_document_id else None


def _kind(programme: Programme, variant: str) -> str:
    """What people call this kind of card: the title of what was applied for, else of the card itself."""
    titles = {known.code: known.title for known in programme.variants}
    return titles.get(variant, programme.card.title)
