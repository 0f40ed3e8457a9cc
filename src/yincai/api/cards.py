"""Is this card good?  The same answers as the public page gives."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import File, Router
from ninja.files import UploadedFile

from yincai.api import shapes
from yincai.api.bodies import MOST_FILE_BYTES
from yincai.api.keys import Needs, key_of
from yincai.api.problems import Refused
from yincai.cards import queries as cards
from yincai.cards.vocabulary import Verification
from yincai.partners.vocabulary import FILES_OF_KEY, Scope
from yincai.people.actions import count_attempt
from yincai.people.vocabulary import LimitReached, TooManyAttempts

router = Router(tags=["电子卡核验"], auth=Needs(Scope.CARDS))


@router.post(
    "/cards/verify", response=shapes.Verified, operation_id="verify_card", summary="按卡号和验证码核验"
)
def verify(request: HttpRequest, asked: shapes.CardAsked) -> shapes.Verified:
    """卡号和验证码须属于同一张卡。不对的卡号、不对的验证码回答相同。"""
    return _answer(cards.verify(asked.number, asked.code))


@router.post(
    "/cards/verify-file", response=shapes.Verified, operation_id="verify_card_file", summary="按 PDF 原件核验"
)
def verify_file(request: HttpRequest, file: File[UploadedFile]) -> shapes.Verified:
    """上传持卡人下载的 PDF 原件，最大 5 MB，不保存。每把密钥 15 分钟内最多 60 份。"""
    if (file.size or 0) > MOST_FILE_BYTES:
        raise Refused("too-large", "文件超过 5 MB，不会是本平台签发的电子卡，没有核验。")
    try:
        count_attempt(FILES_OF_KEY, subject=str(key_of(request).id))
    except TooManyAttempts as error:
        raise LimitReached(error.retry_after) from error
    return _answer(cards.verify_file(file.read()))


def _answer(result: Verification) -> shapes.Verified:
    facts = result.facts
    card = (
        None
        if facts is None
        else shapes.CardShape(
            title=facts.title,
            kind=facts.kind,
            number=facts.number,
            masked_holder=facts.masked_holder,
            authority=facts.authority,
            issued_on=facts.issued_on,
            valid_until=facts.valid_until,
            is_sample=facts.test,
            is_receipt=facts.paper,
        )
    )
    return shapes.Verified(
        status=result.status.value, label=result.status.label, sentence=result.sentence, card=card
    )
