"""Is this card good?  By number and code, by the QR's code, or by the file itself."""

from __future__ import annotations

import hashlib
import hmac
import re

from yincai.cards import inspection, numbering
from yincai.cards.holders import HolderData
from yincai.cards.models import Card
from yincai.cards.vocabulary import CardFacts, CardState, SealSpec, Verification, VerificationStatus
from yincai.foundation import clock

MOST_FILE_BYTES = 20_000_000
_MOST_TOKENS = 300
_NUMBER_LIKE = re.compile(r"[A-Z0-9][A-Z0-9〔〕()（）号第-]{4,58}[A-Z0-9号]")
_CODE_LIKE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")

_UNKNOWN = "没有查到这张证卡。请核对编号和验证码是否与证卡上印的一致；仍查不到的，请向签发机关核实。"
_UNKNOWN_FILE = "这份文件不是本平台签发的证卡原件。请改用证卡上的编号和验证码查验，或向签发机关核实。"
_ALTERED = (
    "这份文件带有本平台证卡的内容或印章，但与签发的原件不一致，不能作为有效证卡使用。"
    "请向持证人索取原始 PDF 文件。"
)
_SENTENCES = {
    VerificationStatus.VALID: "证卡真实有效。请核对下列信息与证卡上印的是否一致。",
    VerificationStatus.EXPIRED: "证卡是真的，但已过有效期，不能再作为有效证卡使用。",
    VerificationStatus.CANCELLED: "证卡是真的，但已被签发机关注销，不能再使用。",
    VerificationStatus.REPLACED: "证卡是真的，但已换发新证卡，这一张不能再使用。请持证人出示新证卡。",
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


def verify_file(data: bytes) -> Verification:
    """The answer for an uploaded file: only the very bytes that were sealed can be good.

    A file with our seal, or with the code or number of a card of ours, that is not that very file is altered.
    Anything else is unknown, with a sentence for empty, huge, locked or unreadable files.  It is read in a
    child process with bounded memory, time and output, never here.
    """
    if not data:
        return _unknown("您上传的文件是空的，没有可以查验的内容。请重新选择证卡 PDF 文件。")
    if len(data) > MOST_FILE_BYTES:
        return _unknown("您上传的文件超过 20 MB，不是本平台签发的证卡（原件不到 1 MB）。请重新选择。")
    original = Card.objects.filter(pdf_sha256=hashlib.sha256(data).hexdigest()).first()
    if original:
        return _answer(original)
    if b"%PDF-" not in data[:1024]:
        return _unknown(
            "您上传的不是 PDF 文件，无法按文件查验。请上传签发的 PDF 原件，或改用编号和验证码查验。"
        )
    found = inspection.inspect(data)
    if found.sealed_by_us and not found.seal_is_whole:
        return Verification(VerificationStatus.ALTERED, _ALTERED)
    if _carries_a_card_of_ours(found.text, any_seal=found.signed):
        return Verification(VerificationStatus.ALTERED, _ALTERED)
    return _unknown(found.sentence or _UNKNOWN_FILE)


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
