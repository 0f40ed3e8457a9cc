"""The signer's work on one card: typeset, seal, store, then say so.  Killed anywhere, it starts again."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from yincai.cards import rendering, seal_image, storage
from yincai.cards.holders import HolderData
from yincai.cards.models import Card
from yincai.cards.rendering import Face, Sheet
from yincai.cards.sealing import Signer
from yincai.cards.vocabulary import ISSUED, PAPER_ISSUED, CardState, SealingWaits, SealSpec
from yincai.foundation import clock
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import SYSTEM


def seal_card(card_id: UUID, *, signer: Signer) -> bool:
    """Seal one ordered card; False when there is nothing (left) to do for it.

    The file is on the disk before the row names it; the row changes only from ordered, together with its
    ledger entry, so that however often this runs there is one card with one file.  Raises `SealingWaits`,
    `CannotTypeset` or `LayoutBroken`; then nothing has changed.
    """
    card = Card.objects.select_related("layout").filter(pk=card_id, state=CardState.ORDERED).first()
    if card is None or HolderData.unsealed(card.holder, card_id=card.id).is_forgotten:
        return False
    issued_on = clock.today()
    valid_until = last_day(issued_on, years=card.valid_years) if card.valid_years else None
    sheet = _typeset(card, issued_on=issued_on, valid_until=valid_until)
    spec = SealSpec.from_json(card.seal)
    pdf = signer.seal(
        sheet,
        appearance=rendering.seal_pdf(seal_image.draw_seal(spec), seal_image.DIAMETER_MM),
        reason=f"签发{card.title} {card.number}",
        place=spec.authority,
    )
    key = _kept(card, pdf)
    if _issued(card, key=key, pdf=pdf, issued_on=issued_on, valid_until=valid_until):
        return True
    storage.remove_file(key)
    return False


def warm_up() -> None:
    """Draw one seal, so that the first card does not wait for its font."""
    sample = SealSpec(authority="样卡签发单位", centre="样卡专用章", code="0000000000000", test=True)
    rendering.seal_pdf(seal_image.draw_seal(sample), seal_image.DIAMETER_MM)


def last_day(first: date, *, years: int) -> date:
    """The last day of a term of whole years that begins on `first`: the day before its anniversary."""
    try:
        anniversary = first.replace(year=first.year + years)
    except ValueError:  # 29 February
        anniversary = date(first.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def _kept(card: Card, pdf: bytes) -> str:
    try:
        return storage.keep_file(card.id, pdf, account=card.holder_account)
    except OSError as error:
        raise SealingWaits(
            "电子卡已盖章，但文件存不下来（磁盘已满或写不进去），电子卡还没有发出。请管理员检查存储空间，恢复后自动继续。"
        ) from error


def _typeset(card: Card, *, issued_on: date, valid_until: date | None) -> Sheet:
    holder = HolderData.unsealed(card.holder, card_id=card.id)
    spec = SealSpec.from_json(card.seal)
    site = f"{settings.BASE_URL}/verify"
    face = Face(
        title=card.title,
        kind=card.kind,
        place=card.place,
        number=card.number,
        code=holder.code,
        authority=spec.authority,
        issued_on=issued_on,
        valid_until=valid_until,
        printed=holder.printed,
        verify_url=f"{site}/{holder.code.replace('-', '')}",
        verify_site=site.partition("://")[2],
        test=spec.test,
        photo=holder.photo,
    )
    return rendering.render(face, layout=card.layout.source, created=card.ordered_at)


def _issued(card: Card, *, key: str, pdf: bytes, issued_on: date, valid_until: date | None) -> bool:
    """Turn the card from ordered to sealed; False when somebody cancelled or sealed it meanwhile."""
    digest = hashlib.sha256(pdf).hexdigest()
    with transaction.atomic():
        changed = Card.objects.filter(pk=card.pk, state=CardState.ORDERED).update(
            state=CardState.SEALED,
            sealed_at=clock.now(),
            issued_on=issued_on,
            valid_until=valid_until,
            waiting_reason="",
            pdf_key=key,
            pdf_sha256=digest,
        )
        if changed != 1:
            return False
        ledger.record(
            chain=card.chain,
            event=PAPER_ISSUED if card.paper else ISSUED,
            actor=SYSTEM,
            payload={
                "card": str(card.id),
                "number": card.number,
                "kind": card.kind,
                "title": card.title,
                "issued_on": issued_on.isoformat(),
                "valid_until": valid_until.isoformat() if valid_until else None,
                "pdf_sha256": digest,
            },
        )
    return True
