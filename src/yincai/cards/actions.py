"""What can be done to a card: order, cancel, replace, expire.  Sealing is the signer's (`sealing_job.py`)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from yincai.cards import fonts, numbering, photos, seal_image
from yincai.cards.erasing import erase_cards_of as erase_cards_of  # a door
from yincai.cards.holders import HolderData
from yincai.cards.models import Card, CardLayout
from yincai.cards.queries import view_of
from yincai.cards.substitutes import declare_substitutes as declare_substitutes  # a door
from yincai.cards.vocabulary import (
    CANCELLED,
    EXPIRED,
    ORDERED,
    PAPER_ORDERED,
    REPLACED,
    CardOrder,
    CardState,
    CardView,
)
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, Problem, SomeoneWasFirst
from yincai.foundation.fields import sealed_for
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import Actor


def order_card(order: CardOrder, *, actor: Actor, office: str = "") -> CardView:
    """Order the one card of a case; the same case and purpose again gives the same card back.

    Runs in the caller's transaction: takes a number and a code and records `card.ordered` on the order's
    chain, from where the signer seals it.  Raises `CannotTypeset` (a character no font has, a seal that
    cannot be drawn) and `Invalid`.
    """
    if card := _card_of(order):
        return view_of(card)
    _check(order)
    picture = photos.for_print(order.photo) if order.photo else None  # before others' numbers wait for ours
    kept = _kept_layout(order.layout)
    counter = None if order.number else _locked_counter(order)
    if card := _card_of(order):  # ordered by somebody else while we waited for the counter
        return view_of(card)
    number = counter.take() if counter else order.number
    card = _drawn_up(order, number=number, layout=kept, picture=picture)
    if not _inserted(card):
        return view_of(_card_of_somebody_faster(order, card.number))
    payload = _payload(card) | {"purpose": order.purpose}
    event = PAPER_ORDERED if order.paper else ORDERED
    ledger.record(chain=order.chain, event=event, actor=actor, payload=payload, office=office)
    return view_of(card)


def cancel_card(card_id: UUID, *, actor: Actor, reason: str, office: str = "") -> CardView:
    """Cancel a card that is ordered or in force; the reason is for the record and holds no personal data."""
    if not reason.strip():
        raise Invalid(
            "没有填写注销理由，电子卡没有注销。请填写理由后再试。",
            problems=[Problem("reason", "请填写注销理由。")],
        )
    return _move(
        card_id,
        sources=(CardState.ORDERED, CardState.SEALED),
        target=CardState.CANCELLED,
        event=CANCELLED,
        actor=actor,
        office=office,
        extra={},
        words={"reason": reason.strip()},
        end_reason=reason.strip(),
    )


def replace_card(
    card_id: UUID, *, actor: Actor, replacement: UUID, reason: str = "", office: str = ""
) -> CardView:
    """Retire a card in force because another, already ordered one takes its place."""
    newer = Card.objects.filter(pk=replacement).exclude(state=CardState.CANCELLED).first()
    if newer is None or newer.pk == card_id:
        raise NotFound("没有找到用来换发的新卡，原来的电子卡没有变动。请先签发新卡。")
    return _move(
        card_id,
        sources=(CardState.SEALED, CardState.EXPIRED),
        target=CardState.REPLACED,
        event=REPLACED,
        actor=actor,
        office=office,
        extra={"replacement": newer.number},
        end_reason=reason,
    )


def expire_card(card_id: UUID, *, actor: Actor, on: date | None = None) -> CardView:
    """Mark a card in force whose last day has passed as expired; `SomeoneWasFirst` for any other card."""
    day = on or clock.today()
    if not Card.objects.filter(pk=card_id, valid_until__lt=day).exists():
        raise SomeoneWasFirst("这张电子卡还在有效期内，没有作过期处理。")
    return _move(
        card_id,
        sources=(CardState.SEALED,),
        target=CardState.EXPIRED,
        event=EXPIRED,
        actor=actor,
        office="",
        extra={},
    )


def _card_of(order: CardOrder) -> Card | None:
    return Card.objects.filter(case_id=order.case_id, purpose=order.purpose).first()


def _locked_counter(order: CardOrder) -> numbering.Counter:
    return numbering.lock_counter(
        place=order.place, pattern=order.number_pattern, variant=order.variant or order.kind
    )


def _check(order: CardOrder) -> None:
    fonts.check_glyphs(order.printed)
    seal_image.draw_seal(order.seal)
    if order.valid_years is not None and not 1 <= order.valid_years <= 50:
        raise Invalid(
            "电子卡有效年限有误，电子卡没有签发。请改正该事项的 card.yaml。",
            problems=[Problem("valid_years", "有效年限应为 1 到 50 年，长期有效则留空。")],
        )


def _drawn_up(order: CardOrder, *, number: str, layout: CardLayout, picture: bytes | None) -> Card:
    """The row of a new card, not stored yet, with a code of its own."""
    card_id = uuid4()
    holder = HolderData(
        printed=dict(order.printed),
        name=order.holder_name or order.printed.get("name", ""),
        code=numbering.new_code(),
        photo=picture,
    )
    return Card(
        id=card_id,
        case_id=order.case_id,
        purpose=order.purpose,
        paper=order.paper,
        chain=order.chain,
        place=order.place,
        programme=order.programme,
        kind=order.kind,
        title=order.title,
        number=number,
        code_index=numbering.index_of(holder.code),
        holder=holder.sealed_for(card_id, account=order.holder_account_id),
        holder_account=order.holder_account_id,
        layout=layout,
        seal=order.seal.as_json(),
        valid_years=order.valid_years,
        ordered_at=clock.now(),
    )


def _kept_layout(source: str) -> CardLayout:
    digest = hashlib.sha256(source.encode()).hexdigest()
    return CardLayout.objects.get_or_create(sha256=digest, defaults={"source": source})[0]


def _inserted(card: Card) -> bool:
    """Insert in a savepoint; False when a uniqueness rule says that somebody was faster."""
    try:
        with transaction.atomic():
            card.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _card_of_somebody_faster(order: CardOrder, number: str) -> Card:
    """The card that another transaction ordered for the case meanwhile, else the number is what clashed."""
    if known := _card_of(order):
        return known
    raise Invalid(
        "卡号与另一事项或地区的电子卡重复，电子卡没有签发。请让管理员改正 card.yaml 的卡号规则后再签发。",
        problems=[Problem("number_pattern", f"卡号 {number} 已被使用。")],
    )


def _move(
    card_id: UUID,
    *,
    sources: tuple[CardState, ...],
    target: CardState,
    event: str,
    actor: Actor,
    office: str,
    extra: Mapping[str, str],
    end_reason: str = "",
    words: Mapping[str, str] | None = None,
) -> CardView:
    with transaction.atomic():
        card = Card.objects.filter(pk=card_id).first()
        if card is None:
            raise NotFound
        sealed = sealed_for(Card, "end_words", end_reason, person=card.holder_account)
        still = Card.objects.filter(pk=card_id, state__in=sources)
        if still.update(state=target, end_words=sealed) != 1:
            raise SomeoneWasFirst(
                f"这张电子卡现在是“{card.get_state_display()}”，不能这样办理。请刷新后再看。"
            )
        ledger.record(
            chain=card.chain,
            event=event,
            actor=actor,
            payload=_payload(card) | dict(extra),
            office=office,
            words=words,
            person=card.holder_account,
        )
        card.state = target
        return view_of(card)


def _payload(card: Card) -> dict[str, str]:
    return {"card": str(card.id), "number": card.number, "kind": card.kind, "title": card.title}
