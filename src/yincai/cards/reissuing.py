"""After a card was issued: the officers who issue cards cancel one, or issue another in its place."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from yincai.cards.actions import cancel_card, order_card, replace_card
from yincai.cards.case_orders import check_printable, order_of
from yincai.cards.models import Card
from yincai.cards.queries import card_that_counts, cards_of_case
from yincai.cards.vocabulary import REISSUE_ASKED, REISSUED, CardState, CardView
from yincai.casework import queries as casework
from yincai.casework.permissions import office_of
from yincai.engine.workflow import Effect, Menu
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

    Also in the place of one that was cancelled after its case had ended well.  `SomeoneWasFirst` when one is
    being made already, or the holder has another of its kind; `CannotTypeset` as for the first card.
    """
    card, acting, office = _allowed(card_id, actor)
    reason = _checked(reason)
    check_printable(card.case_id)
    with transaction.atomic():
        cards = Card.objects.select_for_update().filter(case_id=card.case_id, paper=False)
        known = list(cards.order_by("ordered_at", "pk"))
        if any(one.state == CardState.ORDERED for one in known):
            raise SomeoneWasFirst("新卡已经在制作，不用再次换发。请刷新后再看。")
        if renewable_card(card.case_id) != card.pk:
            raise SomeoneWasFirst("这张电子卡不能换发：已经另有新卡，或这件申请还没有办结。请刷新后再看。")
        _check_has_no_other(card)
        ledger.record(
            chain=card.chain,
            event=REISSUE_ASKED,
            actor=acting,
            payload={"card": str(card.pk), "number": card.number},
            office=office,
            words={"reason": reason},
            person=card.holder_account,
        )
        order = order_of(casework.card_request(card.case_id), purpose=f"reissue:{len(known)}")
        return order_card(order, actor=acting, office=office)


def renewable_card(case_id: UUID) -> UUID | None:
    """The card of a case in whose place another may be ordered now; None when there is none.

    A cancelled one only where the case ended well: before that its workflow says what follows.
    """
    card = card_that_counts(case_id)
    if card is None or any(one.state == CardState.ORDERED for one in cards_of_case(case_id)):
        return None
    reached = casework.case_of_system(case_id).current_state
    ended_well = reached.final and reached.menu == Menu.APPROVED
    return card.id if card.state != CardState.CANCELLED or ended_well else None


@handler("cards.retire_replaced")
def retire_replaced(entry: EntryView) -> None:
    """A card was sealed: the card before it, in whose place it was ordered, is good no more.

    Where that one had been cancelled, nothing ends, and `card.reissued` says that there is a card again.
    """
    newer = Card.objects.get(pk=UUID(str(entry.payload["card"])))
    if not newer.purpose.startswith("reissue:"):
        return
    before = Card.objects.filter(case_id=newer.case_id, paper=False, ordered_at__lt=newer.ordered_at)
    ending = list(before.filter(state__in=(CardState.SEALED, CardState.EXPIRED)))
    if not ending:
        ledger.record(
            chain=newer.chain,
            event=REISSUED,
            actor=entry.actor,
            payload={"card": str(newer.pk), "number": newer.number},
        )
    for old in ending:
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


def _check_has_no_other(card: Card) -> None:
    """A holder whose card was cancelled may have applied anew; of one kind they hold one card."""
    if card.state != CardState.CANCELLED:
        return
    same = Card.objects.filter(
        paper=False, place=card.place, programme=card.programme, kind=card.kind,
        holder_account=card.holder_account, state__in=(CardState.ORDERED, CardState.SEALED),
    )  # fmt: skip
    if other := same.exclude(case_id=card.case_id).order_by("-ordered_at").first():
        raise SomeoneWasFirst(f"持卡人已经另有同一种电子卡 {other.number}，不用换发。要换的请换发那一张。")


def _checked(reason: str) -> str:
    reason = reason.replace("\0", "").strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        sentence = f"请写明理由（{LONGEST_REASON} 字以内），持卡人会看到。"
        raise Invalid(sentence, problems=[Problem("reason", sentence)])
    return reason


__all__ = ["cancel_for_case", "keeps_cards", "reissue_for_case", "renewable_card", "retire_replaced"]
