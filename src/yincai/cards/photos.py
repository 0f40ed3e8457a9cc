"""The holder's photo as a card prints it: a small JPEG made from pixels alone."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from yincai.cards.vocabulary import CannotTypeset, Problem

# 30 × 42 mm at 360 dpi
SIZE = (425, 595)
MOST_PIXELS = 50_000_000


def for_print(photo: bytes) -> bytes:
    """The photo upright, cropped to the frame, without metadata; `CannotTypeset` when it is none."""
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _unfit()
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        raise _unfit() from None
    out = io.BytesIO()
    clean = Image.new("RGB", SIZE)  # a picture of its own: what was said about the old one stays behind
    clean.paste(ImageOps.fit(upright, SIZE, Image.Resampling.LANCZOS, centering=(0.5, 0.35)))
    clean.save(out, "JPEG", quality=90)
    return out.getvalue()


def _unfit() -> CannotTypeset:
    return CannotTypeset(
        "照片不能印在电子卡上，电子卡没有签发。请换用清晰的 JPG 照片。",
        problems=[Problem("photo", "照片打不开，或尺寸过大。")],
    )
