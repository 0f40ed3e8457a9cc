"""What can be done to a card: order, cancel, replace, expire.  Sealing is the signer's (`sealing_job.py`)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from yincai.cards import fonts, numbering, photos, seal_image
from yincai.cards.holders import HolderData
from yincai.cards.models import Card, CardLayout
from yincai.cards.queries import view_of
from yincai.cards.vocabulary import (
    CANCELLED,
    EXPIRED,
    ORDERED,
    REPLACED,
    CardState,
    CardView,
    SealSpec,
)
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, Problem, SomeoneWasFirst
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import Actor


def order_card(
    *,
    chain: UUID,
    case_id: UUID,
    holder_account_id: UUID,
    place: str,
    programme: str,
    kind: str,
    number_pattern: str,
    printed: Mapping[str, str],
    layout: str,
    title: str,
    valid_years: int | None,
    seal: SealSpec,
    actor: Actor,
    purpose: str = "issue",
    variant: str = "",
    holder_name: str = "",
    photo: bytes | None = None,
    office: str = "",
) -> CardView:
    """Order the one card of a case; the same case and purpose again gives the same card back.

    Runs in the caller's transaction: takes a number and a code and records `card.ordered` on `chain`, from
    where the signer seals it.  `holder_name` is what verification masks, by default the printed `name`;
    `variant` fills `{variant}` of the pattern, by default `kind`; `photo` a picture; `valid_years` None means
    without end.  Raises `CannotTypeset` (a character no font has, a seal that cannot be drawn) and `Invalid`.
    """
    known = Card.objects.filter(case_id=case_id, purpose=purpose)
    if card := known.first():
        return view_of(card)
    _check(printed=printed, seal=seal, valid_years=valid_years)
    picture = photos.for_print(photo) if photo else None  # before everybody else's numbers wait for ours
    kept = _kept_layout(layout)
    counter = numbering.lock_counter(place=place, pattern=number_pattern, variant=variant or kind)
    if card := known.first():  # ordered by somebody else while we waited for the counter
        return view_of(card)
    holder = HolderData(
        printed=dict(printed),
        name=holder_name or printed.get("name", ""),
        code=numbering.new_code(),
        photo=picture,
    )
    card_id = uuid4()
    card = Card(
        id=card_id,
        case_id=case_id,
        purpose=purpose,
        chain=chain,
        place=place,
        programme=programme,
        kind=kind,
        title=title,
        number=counter.take(),
        code_index=numbering.index_of(holder.code),
        holder=holder.sealed_for(card_id),
        holder_account=holder_account_id,
        layout=kept,
        seal=seal.as_json(),
        valid_years=valid_years,
        ordered_at=clock.now(),
    )
    if not _inserted(card):
        return view_of(_card_of_somebody_faster(case_id, purpose, card.number))
    ledger.record(
        chain=chain, event=ORDERED, actor=actor, payload=_payload(card) | {"purpose": purpose}, office=office
    )
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
        extra={"reason": reason.strip()},
    )


def replace_card(card_id: UUID, *, actor: Actor, replacement: UUID, office: str = "") -> CardView:
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


def _check(*, printed: Mapping[str, str], seal: SealSpec, valid_years: int | None) -> None:
    fonts.check_glyphs(printed)
    seal_image.draw_seal(seal)
    if valid_years is not None and not 1 <= valid_years <= 50:
        raise Invalid(
            "电子卡有效年限有误，电子卡没有签发。请改正该事项的 card.yaml。",
            problems=[Problem("valid_years", "有效年限应为 1 到 50 年，长期有效则留空。")],
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


def _card_of_somebody_faster(case_id: UUID, purpose: str, number: str) -> Card:
    """The card that another transaction ordered for the case meanwhile, else the number is what clashed."""
    known = Card.objects.filter(case_id=case_id, purpose=purpose).first()
    if known:
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
) -> CardView:
    with transaction.atomic():
        card = Card.objects.filter(pk=card_id).first()
        if card is None:
            raise NotFound
        if Card.objects.filter(pk=card_id, state__in=sources).update(state=target) != 1:
            raise SomeoneWasFirst(
                f"这张电子卡现在是“{card.get_state_display()}”，不能这样办理。请刷新后再看。"
            )
        ledger.record(
            chain=card.chain, event=event, actor=actor, payload=_payload(card) | dict(extra), office=office
        )
        card.state = target
        return view_of(card)


def _payload(card: Card) -> dict[str, str]:
    return {"card": str(card.id), "number": card.number, "kind": card.kind, "title": card.title}
