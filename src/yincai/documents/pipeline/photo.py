"""The one-inch photo of a card: 25 mm × 35 mm at 300 dpi, cut by us so that it works without scripts.

Whether it shows a face is for people to say.  Measured figures refuse only what is certainly no photograph;
all else is advice, and the photo is kept.
"""

from __future__ import annotations

from PIL import Image, ImageFilter, ImageStat

from yincai.documents.pipeline.images import rebuild, sharpness
from yincai.documents.pipeline.vocabulary import PHOTO_HEIGHT as HEIGHT
from yincai.documents.pipeline.vocabulary import PHOTO_WIDTH as WIDTH
from yincai.documents.pipeline.vocabulary import Crop, Refused

# Grey levels, 0 to 255, unless said otherwise.
ONE_COLOUR = 5.0  # no colour channel of a photograph varies less: a blank sheet, a covered lens
LITTLE_CONTRAST = 18.0
TOO_DARK, TOO_BRIGHT = 45.0, 235.0  # the mean of where the face is; the background may be white
MOSTLY_PAPER = 0.75  # the share of pixels there that are nearly black or nearly white
BLURRED = 5.0  # `images.sharpness`; a face has less fine detail than print, for which 10 is the bound

_CONTRAST = "照片的明暗几乎没有差别，印在卡上看不清。建议换一张光线均匀、背景与人分明的照片。"
_DARK = "照片太暗，印在卡上看不清面部。建议在光线充足的地方重拍一张。"
_BRIGHT = "照片太亮，面部可能已经发白。建议避开强光重拍一张。"
_PAPER = "这张图片像文件或截图，不像人像照片。请核对有没有选错；如果没有选错，可以不理会这条提示。"
_BLUR = "照片有些模糊，印在卡上可能看不清。建议拿稳手机重拍一张。"
_LANDSCAPE = (
    "照片是横的，只取了中间竖着的一块。请看看人像是否完整、端正；不合适的，请换一张竖的照片（宽 5 : 高 7）。"
)


def make_one_inch_photo(image: Image.Image, crop: Crop | None = None) -> tuple[Image.Image, tuple[str, ...]]:
    """The 295×413 photo and what to tell the person about it.

    Without a crop the largest upright rectangle is cut, in the middle and near the top, where a face is.
    Raises `Refused` when what is left has under half of the needed pixels on a side, or is all of one colour.
    """
    left, top, width, height = _rectangle(image, crop)
    if width < WIDTH / 2 or height < HEIGHT / 2:
        raise Refused("image_small", width=width, height=height)
    cut = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))
    if _variation(cut) < ONE_COLOUR:
        raise Refused("photo_blank")
    advice = [_LANDSCAPE] if crop is None and image.width > image.height * 1.05 else []
    advice += _advice(cut)
    if width < WIDTH or height < HEIGHT:
        advice.append(
            f"裁剪后只有 {width}×{height} 像素，印在卡上会模糊。"
            f"建议上传更清晰的照片（至少 {WIDTH}×{HEIGHT} 像素）。"
        )
    return rebuild(cut), tuple(advice)


def _variation(cut: Image.Image) -> float:
    """How far the colours of a picture differ: the largest deviation of a channel, grain smoothed away."""
    return max(ImageStat.Stat(cut.filter(ImageFilter.GaussianBlur(2))).stddev)


def _advice(cut: Image.Image) -> list[str]:
    """What is measurably wrong with a cut photo, the most important first; one word on its light at most."""
    face = cut.convert("L").crop((WIDTH // 4, HEIGHT // 6, WIDTH * 3 // 4, HEIGHT * 2 // 3))
    light, steps = ImageStat.Stat(face).mean[0], face.histogram()
    if light < TOO_DARK:
        return [_DARK]
    if light > TOO_BRIGHT:
        return [_BRIGHT]
    if (sum(steps[:32]) + sum(steps[224:])) / sum(steps) > MOSTLY_PAPER:
        return [_PAPER]
    if _variation(cut) < LITTLE_CONTRAST:
        return [_CONTRAST]
    sharp = sharpness(cut)
    return [_BLUR] if sharp is not None and sharp < BLURRED else []


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
