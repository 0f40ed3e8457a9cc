"""After a card was issued: the officers who issue cards cancel one, or issue another in its place."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from yincai.cards.actions import cancel_card, order_card, replace_card
from yincai.cards.case_orders import check_printable, order_of
from yincai.cards.models import Card
from yincai.cards.vocabulary import REISSUE_ASKED, CardState, CardView
from yincai.casework import queries as casework
from yincai.casework.permissions import office_of
from yincai.engine.workflow import Effect
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem, SomeoneWasFirst
from yincai.ledger import actions as ledger
from yincai.ledger import queries as history
from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import Actor, EntryView

LONGEST_REASON = 200


def keeps_cards(actor: Actor, case_id: UUID) -> str:
    """The role in which this actor may end or renew the cards of a case; empty when in none.

    `NotFound` or `NotAllowed` when they may not see the case at all, as with every page of it.
    """
    case = casework.case_for(actor, case_id)
    issuing = {way.by for way in case.spec.workflow.transitions if Effect.ORDER_CARD in way.effects}
    held = sorted(issuing & casework.roles_reaching(actor, case_id))
    return held[0] if held else ""


def cancel_for_case(card_id: UUID, *, actor: Actor, reason: str) -> CardView:
    """Cancel a card, as an officer who issues cards; the holder reads the reason."""
    card, acting, office = _allowed(card_id, actor)
    with transaction.atomic():
        return cancel_card(card.pk, actor=acting, reason=_checked(reason), office=office)


def reissue_for_case(card_id: UUID, *, actor: Actor, reason: str) -> CardView:
    """Order another card in the place of one; the old one is good until the new one is sealed.

    `SomeoneWasFirst` when one is being made already; `CannotTypeset` as for the first card.
    """
    card, acting, office = _allowed(card_id, actor)
    reason = _checked(reason)
    check_printable(card.case_id)
    with transaction.atomic():
        cards = Card.objects.select_for_update().filter(case_id=card.case_id, paper=False)
        known = list(cards.order_by("ordered_at", "pk"))
        if any(one.state == CardState.ORDERED for one in known):
            raise SomeoneWasFirst("新卡已经在制作，不用再次换发。请刷新后再看。")
        if known[-1].pk != card.pk or known[-1].state not in (CardState.SEALED, CardState.EXPIRED):
            raise SomeoneWasFirst("这张电子卡已经注销或换发，不能再换发。请刷新后再看。")
        ledger.record(
            chain=card.chain,
            event=REISSUE_ASKED,
            actor=acting,
            payload={"card": str(card.pk), "number": card.number},
            office=office,
            words={"reason": reason},
        )
        order = order_of(casework.card_request(card.case_id), purpose=f"reissue:{len(known)}")
        return order_card(order, actor=acting, office=office)


@handler("cards.retire_replaced")
def retire_replaced(entry: EntryView) -> None:
    """A card was sealed: the card before it, in whose place it was ordered, is good no more."""
    newer = Card.objects.get(pk=UUID(str(entry.payload["card"])))
    if not newer.purpose.startswith("reissue:"):
        return
    before = Card.objects.filter(case_id=newer.case_id, paper=False, ordered_at__lt=newer.ordered_at)
    for old in before.filter(state__in=(CardState.SEALED, CardState.EXPIRED)):
        asked = [
            one
            for one in history.history(old.chain)
            if one.event == REISSUE_ASKED and one.payload["card"] == str(old.pk)
        ]
        reason = asked[-1].said("reason") if asked else ""
        replace_card(old.pk, actor=entry.actor, replacement=newer.pk, reason=reason)


def _allowed(card_id: UUID, actor: Actor) -> tuple[Card, Actor, str]:
    card = Card.objects.filter(pk=card_id, paper=False).first()
    if card is None:
        raise NotFound
    role = keeps_cards(actor, card.case_id)
    if not role:
        raise NotAllowed("电子卡的注销和换发由制卡发卡人员办理。")
    acting = replace(actor, role=role)
    return card, acting, office_of(acting, card.place)


def _checked(reason: str) -> str:
    reason = reason.replace("\0", "").strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        sentence = f"请写明理由（{LONGEST_REASON} 字以内），持卡人会看到。"
        raise Invalid(sentence, problems=[Problem("reason", sentence)])
    return reason


__all__ = ["cancel_for_case", "keeps_cards", "reissue_for_case", "retire_replaced"]
