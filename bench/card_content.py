"""What stands on the card that both sides make: the green card's layout, a made-up holder, a photograph."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bench import resident

ROOT = Path(__file__).resolve().parents[1]
LAYOUT = ROOT / "places" / "shijiazhuang" / "programmes" / "talent_green_card" / "card.typ"
LAYOUTS = ROOT / "src" / "yincai" / "cards" / "layouts"
CREATED = "2026-11-22T08:00:00+00:00"
REASON = "签发人才绿卡"
APPEARANCE = "seal-appearance.pdf"
PRINTED = {
    "holder_name": "张晓雨",
    "sex": "女",
    "identity_number": "1101**********0022",
    "employer": "示例科技有限公司",
    "category": "第(4)类",
}
FACTS: dict[str, object] = {
    "title": "人才绿卡",
    "kind": "talent_green_card",
    "place": "shijiazhuang",
    "number": "SJZA202600001",
    "code": "ABCD-EFGH-JKLM-NPQR",
    "authority": "示例市人才工作领导小组",
    "issued_on": "2026年11月22日",
    "valid_until": "2031年11月21日",
    "printed": PRINTED,
    "verify_url": "http://127.0.0.1:8000/verify/ABCDEFGHJKLMNPQR",
    "verify_site": "127.0.0.1:8000/verify",
    "test": True,
}


def layout() -> str:
    """The layout's source."""
    return LAYOUT.read_text("utf8")


@lru_cache(maxsize=1)
def photo() -> bytes:
    """The holder's photograph, as large as the reader makes it."""
    import io

    from PIL import Image

    portrait = Image.open(resident.portrait()).resize((295, 413))
    out = io.BytesIO()
    portrait.save(out, "JPEG", quality=90)
    return out.getvalue()
