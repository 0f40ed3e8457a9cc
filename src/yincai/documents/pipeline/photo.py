"""The one-inch photo of a card: 25 mm × 35 mm at 300 dpi, cut by us so that it works without scripts."""

from __future__ import annotations

from PIL import Image

from yincai.documents.pipeline.images import rebuild
from yincai.documents.pipeline.vocabulary import PHOTO_HEIGHT as HEIGHT
from yincai.documents.pipeline.vocabulary import PHOTO_WIDTH as WIDTH
from yincai.documents.pipeline.vocabulary import Crop, Refused


def make_one_inch_photo(image: Image.Image, crop: Crop | None = None) -> tuple[Image.Image, tuple[str, ...]]:
    """The 295×413 photo and what to tell the person about it.

    Without a crop the largest upright rectangle is cut, in the middle and near the top, where a face is.
    Raises `Refused` when what is left has under half of the needed pixels on a side.
    """
    left, top, width, height = _rectangle(image, crop)
    if width < WIDTH / 2 or height < HEIGHT / 2:
        raise Refused("image_small", width=width, height=height)
    cut = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))
    if width < WIDTH or height < HEIGHT:
        advice = (
            f"裁剪后只有 {width}×{height} 像素，印在卡上会模糊。"
            f"建议上传更清晰的照片（至少 {WIDTH}×{HEIGHT} 像素）。"
        )
        return rebuild(cut), (advice,)
    return rebuild(cut), ()


def _rectangle(image: Image.Image, crop: Crop | None) -> tuple[int, int, int, int]:
    """Left, top, width, height in pixels, narrowed to the shape of the photo."""
    if crop is None:
        left, top, width, height = 0, 0, image.width, image.height
    else:
        left, width = image.width * crop.left // 1_000_000, image.width * crop.width // 1_000_000
        top, height = image.height * crop.top // 1_000_000, image.height * crop.height // 1_000_000
    fitting = min(width, height * WIDTH // HEIGHT)
    lower = min(height, width * HEIGHT // WIDTH)
    return left + (width - fitting) // 2, top + (height - lower) // 8, fitting, lower
