"""Pictures, drawn again from their pixels: nothing of the uploaded file but what the eye sees survives."""

from __future__ import annotations

import io
import warnings

from pi_heif import options as heif_options
from pi_heif import register_heif_opener  # type: ignore[attr-defined]  # it is public, its package does not say so
from PIL import (
    Image,
    ImageCms,
    ImageFilter,
    ImageOps,
    ImageStat,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from yincai.documents.pipeline.looking import Shape
from yincai.documents.pipeline.vocabulary import Limits, Refused, SafePage

Image.MAX_IMAGE_PIXELS = 50_000_000
warnings.simplefilter("error", Image.DecompressionBombWarning)
register_heif_opener(thumbnails=False)
heif_options.DECODE_THREADS = 0

# Pillow loads these when it meets the format; a locked child cannot load anything any more
Image.preinit()
LOADED = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)

_FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "webp": ("WEBP",), "heic": ("HEIF",)}
_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
_BROKEN = (
    UnidentifiedImageError, OSError, ValueError, TypeError, SyntaxError, IndexError, KeyError, EOFError,
    RuntimeError, ArithmeticError,
)  # fmt: skip
QUALITY = 85


def open_image(data: bytes, shape: Shape, *, limits: Limits) -> Image.Image:
    """The upright picture in RGB, at most `page_side` on its long side, free of metadata.

    Raises `Refused` for a broken, cut off, tiny or giant picture; the size is checked before any pixel
    is decoded.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS[shape]) as image:
            _check_size(image, limits)
            if shape == "jpeg":
                image.draft("RGB", (limits.page_side, limits.page_side))
            image.load()
            return _flatten(_shrink(image, limits.page_side))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Refused("image_pixels", width="太多", height="太多", limit=limits.pixels // 10_000) from bomb
    except _BROKEN as broken:
        raise Refused("image_broken") from broken


def _check_size(image: Image.Image, limits: Limits) -> None:
    width, height = image.size
    if width * height > limits.pixels:
        raise Refused("image_pixels", width=width, height=height, limit=limits.pixels // 10_000)
    if min(width, height) < limits.shortest_side:
        raise Refused("image_small", width=width, height=height)


def _shrink(image: Image.Image, side: int) -> Image.Image:
    """A copy no longer than `side`, still in its own mode; palettes are resolved first."""
    if max(image.size) <= side:
        return image
    if image.mode in ("P", "1", "PA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image.resize(_fit(image.size, side), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _fit(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = side / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _flatten(image: Image.Image) -> Image.Image:
    """Upright RGB over white, in sRGB where the picture names its colours, rebuilt from pixels only."""
    orientation = image.getexif().get(0x0112, 1)
    image = _srgb(image)
    if image.mode.startswith("I") or image.mode == "F":
        image = image.convert("F").point(lambda value: value * (1 / 256) + 0).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        above = image.convert("RGBA")
        image = Image.new("RGB", above.size, "white")
        image.paste(above, mask=above.getchannel("A"))
    return _upright(rebuild(image), orientation)


def _srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        drawn = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a wrong profile changes a hue; it is no reason to refuse a photo
    return drawn if drawn is not None else image


def _upright(image: Image.Image, orientation: object) -> Image.Image:
    exif = Image.Exif()
    exif[0x0112] = orientation if orientation in range(1, 9) else 1
    image.info["exif"] = exif.tobytes()
    turned = ImageOps.exif_transpose(image)
    return rebuild(turned)


def rebuild(image: Image.Image) -> Image.Image:
    """The same pixels in a new RGB picture that carries nothing else (no comment, profile or date)."""
    plain = image.convert("RGB")
    fresh = Image.new("RGB", plain.size)
    fresh.paste(plain)
    return fresh


def turn(image: Image.Image, turns: int) -> Image.Image:
    """The picture turned clockwise by quarter turns."""
    move = _TURNS.get(turns % 4)
    return image if move is None else image.transpose(move)


def page(image: Image.Image, number: int) -> SafePage:
    """The picture as a page, saved as a plain baseline JPEG."""
    out = io.BytesIO()
    image.info.clear()
    image.save(out, "JPEG", quality=QUALITY, optimize=False, progressive=False)
    return SafePage(number, out.getvalue(), image.width, image.height)


def sharpness(image: Image.Image) -> float | None:
    """How much fine detail there is: variance of the Laplacian after a light blur, on a 1000 px side.

    Under 10 text cannot be read, under 20 hardly.  None where the picture is nearly one colour.
    """
    grey = image.convert("L")
    grey = grey.resize(_fit(grey.size, 1000)) if max(grey.size) > 1000 else grey
    if ImageStat.Stat(grey).stddev[0] < 12:
        return None
    soft = grey.filter(ImageFilter.GaussianBlur(1))
    edges = soft.filter(ImageFilter.Kernel((3, 3), [0, 1, 0, 1, -4, 1, 0, 1, 0], scale=1, offset=128))
    inner = edges.crop((1, 1, edges.width - 1, edges.height - 1))  # the filter leaves the rim as it was
    return round(ImageStat.Stat(inner).var[0], 1)
