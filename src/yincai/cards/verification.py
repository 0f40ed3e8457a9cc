"""Is this card good?  By number and code, by the QR's code, or by the file itself."""

from __future__ import annotations

import hashlib
import hmac
import re

from yincai.cards import inspection, numbering
from yincai.cards.holders import HolderData
from yincai.cards.models import Card
from yincai.cards.vocabulary import (
    CannotVerify,
    CardFacts,
    CardState,
    SealSpec,
    Verification,
    VerificationStatus,
)
from yincai.foundation import clock

MOST_FILE_BYTES = 20_000_000
_MOST_TOKENS = 300
_NUMBER_LIKE = re.compile(r"[A-Z0-9][A-Z0-9〔〕()（）号第-]{4,58}[A-Z0-9号]")
_CODE_LIKE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")

_INSTEAD = "请选择持卡人下载的 PDF 原件，或改用卡面上的卡号和验证码核验。"
_UNKNOWN = "没有查到这张电子卡。请核对卡号和验证码是否与卡面上印的一致；仍查不到的，请向签发单位核实。"
_UNKNOWN_FILE = "这份文件不是本平台签发的电子卡原件。请改用卡面上的卡号和验证码核验，或向签发单位核实。"
_ALTERED = (
    "这份文件带有本平台电子卡的内容或印章，但与签发的原件不一致，不能作为有效电子卡使用。"
    "请向持卡人索取原始 PDF 文件。"
)
_SENTENCES = {
    VerificationStatus.VALID: "电子卡真实有效。请核对下列信息与卡面上印的是否一致。",
    VerificationStatus.EXPIRED: "电子卡是真的，但已过有效期，不能再作为有效电子卡使用。",
    VerificationStatus.CANCELLED: "电子卡是真的，但已被签发单位注销，不能再使用。",
    VerificationStatus.REPLACED: "电子卡是真的，但已换成新卡，这一张不能再使用。请持卡人出示新卡。",
}
_PAPER_SENTENCE = "这份回执真实有效。请核对下列信息与回执上印的是否一致；它证明已经预受理，不代表已经核准。"
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


def verify_file(data: bytes) -> Verification:
    """The answer for an uploaded file: only the very bytes that were sealed can be good.

    A file with our seal, or with the code or number of a card of ours, that is not that very file is altered.
    Any other PDF is unknown.  `CannotVerify` says what to do about an empty, huge, locked or unreadable file:
    nothing is known of the card then.  It is read in a child process with bounded memory, time and output.
    """
    if not data:
        raise CannotVerify(f"您上传的文件是空的，没有可以核验的内容。{_INSTEAD}")
    if len(data) > MOST_FILE_BYTES:
        raise CannotVerify(f"您上传的文件超过 20 MB，不会是电子卡的原件（不到 1 MB）。{_INSTEAD}")
    original = Card.objects.filter(pdf_sha256=hashlib.sha256(data).hexdigest()).first()
    if original:
        return _answer(original)
    if b"%PDF-" not in data[:1024]:
        raise CannotVerify(f"您上传的不是 PDF 文件，截图、照片和 Word 文件里没有电子印章。{_INSTEAD}")
    found = inspection.inspect(data)
    if found.sealed_by_us and not found.seal_is_whole:
        return Verification(VerificationStatus.ALTERED, _ALTERED)
    if _carries_a_card_of_ours(found.text, any_seal=found.signed):
        return Verification(VerificationStatus.ALTERED, _ALTERED)
    if found.sentence:
        raise CannotVerify(found.sentence)
    return _unknown(_UNKNOWN_FILE)


def _card_with_code(text: str) -> Card | None:
    code = numbering.read_code(text)
    if code is None:
        return None
    card = Card.objects.filter(code_index=numbering.index_of(code)).first()
    if card is None:
        return None
    holder = HolderData.unsealed(card.holder, card_id=card.id)
    if holder.is_forgotten:  # the index alone tells it then
        return card
    return card if hmac.compare_digest(holder.code.encode(), code.encode()) else None


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
        paper=card.paper,
    )
    return Verification(status, _PAPER_SENTENCE if card.paper else _SENTENCES[status], facts)


def _carries_a_card_of_ours(text: str, *, any_seal: bool) -> bool:
    """Whether a file's text holds the code of a card of ours or, beside a signature, its number."""
    folded = numbering.read_words(text)
    for code in dict.fromkeys(_CODE_LIKE.findall(folded)[:_MOST_TOKENS]):
        if _card_with_code(code):
            return True
    numbers = set(_NUMBER_LIKE.findall(folded)[:_MOST_TOKENS])
    return any_seal and Card.objects.filter(number__in=numbers, sealed_at__isnull=False).exists()


def _unknown(sentence: str) -> Verification:
    return Verification(VerificationStatus.UNKNOWN, sentence)
