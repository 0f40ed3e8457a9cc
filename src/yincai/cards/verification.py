"""Is this card good?  By number and code, by the QR's code, or by the file itself."""

from __future__ import annotations

import hmac

from yincai.cards import numbering
from yincai.cards.holders import HolderData
from yincai.cards.models import Card
from yincai.cards.vocabulary import CardFacts, CardState, SealSpec, Verification, VerificationStatus
from yincai.foundation import clock

_UNKNOWN = "没有查到这张证卡。请核对编号和验证码是否与证卡上印的一致;仍查不到的,请向签发机关核实。"
_SENTENCES = {
    VerificationStatus.VALID: "证卡真实有效。请核对下列信息与证卡上印的是否一致。",
    VerificationStatus.EXPIRED: "证卡是真的,但已过有效期,不能再作为有效证卡使用。",
    VerificationStatus.CANCELLED: "证卡是真的,但已被签发机关注销,不能再使用。",
    VerificationStatus.REPLACED: "证卡是真的,但已换发新证卡,这一张不能再使用。请持证人出示新证卡。",
}
_BY_STATE = {
    CardState.SEALED: VerificationStatus.VALID,
    CardState.EXPIRED: VerificationStatus.EXPIRED,
    CardState.CANCELLED: VerificationStatus.CANCELLED,
    CardState.REPLACED: VerificationStatus.REPLACED,
}


def verify(number: str, code: str) -> Verification:
    """The answer for a number and a code as somebody typed them; both must belong to one card.

    Wrong number, wrong code and a card not yet sealed give the same answer.
    """
    card = _card_with_code(code)
    if card is None or not hmac.compare_digest(card.number.encode(), numbering.read_number(number).encode()):
        return _unknown(_UNKNOWN)
    return _answer(card)


def verify_code(code: str) -> Verification:
    """The answer for the code alone, as the QR carries it."""
    card = _card_with_code(code)
    return _answer(card) if card else _unknown(_UNKNOWN)


def _card_with_code(text: str) -> Card | None:
    code = numbering.read_code(text)
    if code is None:
        return None
    card = Card.objects.filter(code_index=numbering.index_of(code)).first()
    if card is None:
        return None
    kept = HolderData.unsealed(card.holder, card_id=card.id).code
    return card if hmac.compare_digest(kept.encode(), code.encode()) else None


def _answer(card: Card) -> Verification:
    """The status of a card proven to be ours; one that never was sealed is not known to strangers."""
    if card.sealed_at is None:
        return _unknown(_UNKNOWN)
    status = _BY_STATE[CardState(card.state)]
    if status is VerificationStatus.VALID and card.valid_until and card.valid_until < clock.today():
        status = VerificationStatus.EXPIRED
    seal = SealSpec.from_json(card.seal)
    facts = CardFacts(
        title=card.title,
        kind=card.kind,
        number=card.number,
        masked_holder=HolderData.unsealed(card.holder, card_id=card.id).masked_name,
        authority=seal.authority,
        issued_on=card.issued_on,
        valid_until=card.valid_until,
        test=seal.test,
    )
    return Verification(status, _SENTENCES[status], facts)


def _unknown(sentence: str) -> Verification:
    return Verification(VerificationStatus.UNKNOWN, sentence)
