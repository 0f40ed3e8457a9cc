"""Our side: a card is rendered and sealed, by the functions that the signer calls."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.conf import settings

from bench import card_content
from bench.sample import Clock, Sample
from yincai.cards import rendering, seal_image
from yincai.cards.rendering import Face
from yincai.cards.sealing import PyHankoSigner
from yincai.cards.vocabulary import SealSpec

SEAL = SealSpec(authority="示例市人才工作领导小组", centre="人才绿卡专用章", code="1301000000001", test=True)


def sealed_card(count: int) -> Sample:
    """Typeset to PDF/A-2b, draw the seal, sign at B-LTA against the sandbox's authority."""
    clock, signer, face, layout = Clock(), PyHankoSigner.from_settings(), _face(), card_content.layout()
    created = datetime.fromisoformat(card_content.CREATED)

    def work() -> bytes:
        sheet = rendering.render(face, layout=layout, created=created)
        appearance = rendering.seal_pdf(seal_image.draw_seal(SEAL), seal_image.DIAMETER_MM)
        return signer.seal(sheet, appearance=appearance, reason=card_content.REASON, place=SEAL.authority)

    size = sum(len(clock(work)) for _ in range(count))
    return Sample(cpu=clock.seconds, answered=size).each(count)


def write_appearance() -> None:
    """Leave the drawn seal where the bare side finds it: drawing it is not what is compared."""
    path = settings.VAR / card_content.APPEARANCE
    path.write_bytes(rendering.seal_pdf(seal_image.draw_seal(SEAL), seal_image.DIAMETER_MM))


@lru_cache(maxsize=1)
def _face() -> Face:
    facts = card_content.FACTS
    return Face(
        title=str(facts["title"]),
        kind=str(facts["kind"]),
        place=str(facts["place"]),
        number=str(facts["number"]),
        code=str(facts["code"]),
        authority=SEAL.authority,
        issued_on=date(2026, 11, 22),
        valid_until=date(2031, 11, 21),
        printed=card_content.PRINTED,
        verify_url=str(facts["verify_url"]),
        verify_site=str(facts["verify_site"]),
        test=True,
        photo=card_content.photo(),
    )
