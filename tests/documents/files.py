"""Files for the tests, made here so that none is kept in the repository: honest ones and hostile ones."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Iterable

import docx
import pikepdf
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

CANARY = b"CANARY-13-0199-SERIAL"
_GPS = 0x8825
_SQUARE = b"1 0 0 rg 0 0 90 90 re f"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


# 96 × 64 pixels with `CANARY` in its Exif, made once with libheif: nothing that we install writes HEIC
_HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAZdtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAABuwABAAAAAAAAAHYAAgAAAAACMQABAAAAAAAAADoAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbq"
    "SSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBw"
    "aXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAAuG1kYXQAAAByKAGv"
    "WIp+DpJf//Od3/+VHpD7Erzo3FvzoMxen8T/cNlAZDDg9QpofPjAzXo1vDpZOvwBgxtAVBMr4AViJyYyaoIoY/6ZGnkL//Dug48o"
    "Ur/Wzo0/u//80MYPjvF96EeEnFgD09IeD55s+HBlhgAAKriYAAAABkV4aWYAAE1NACoAAAAIAAEBDwACAAAAFgAAABoAAAAAQ0FO"
    "QVJZLTEzLTAxOTktU0VSSUFMAA=="
)


def heic() -> bytes:
    """A picture as iPhones take it, red in the upper left corner and blue in the lower right."""
    return base64.b64decode(_HEIC)


def short(value: object) -> str:
    """A test's name from its parameters: the reason, never the bytes of a file."""
    return value[:30] if isinstance(value, str) else type(value).__name__


def picture(width: int = 640, height: int = 480) -> Image.Image:
    """A page with lines of something like text: red in the upper left corner, blue in the lower right."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for y in range(0, height, 12):
        for x in range(0, width, 9):
            draw.rectangle((x, y, x + (x * 7 + y * 3) % 6, y + 6), fill="black")
    draw.rectangle((0, 0, width // 4, height // 4), fill=(255, 0, 0))
    draw.rectangle((width - width // 4, height - height // 4, width, height), fill=(0, 0, 255))
    return image


def portrait(width: int = 900, height: int = 1260, *, background: str = "#6f96cc") -> Image.Image:
    """A head and shoulders before a plain ground, with the grain of a camera."""
    image = Image.new("RGB", (width, height), background)
    draw = ImageDraw.Draw(image)

    def at(*parts: float) -> tuple[float, ...]:
        return tuple(part * (width if index % 2 == 0 else height) for index, part in enumerate(parts))

    draw.rectangle(at(0.15, 0.7, 0.85, 1), fill="#27304f")
    draw.rectangle(at(0.43, 0.55, 0.57, 0.74), fill="#dcb493")
    draw.ellipse(at(0.27, 0.13, 0.73, 0.5), fill="#2a1f1d")
    draw.ellipse(at(0.3, 0.2, 0.7, 0.62), fill="#e8c8ae")
    for left in (0.38, 0.54):
        draw.ellipse(at(left, 0.37, left + 0.08, 0.4), fill="#33241f")
    draw.line(at(0.43, 0.52, 0.57, 0.52), fill="#a8584f", width=width // 60)
    grain = Image.effect_noise((width, height), 20).convert("RGB")
    return Image.blend(image, grain, 0.06)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file of one kind."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 640, height: int = 480, **options: object) -> bytes:
    """A plain JPEG."""
    return saved(picture(width, height), "JPEG", quality=90, **options)


def jpeg_with_metadata(orientation: int = 1) -> bytes:
    """A JPEG with a place, a camera's serial number, a profile, XMP and a script in its comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = CANARY.decode()
    exif.get_ifd(_GPS)[2] = (38.0, 2.0, 31.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return jpeg(
        exif=exif,
        comment=b"<script>" + CANARY + b"</script>",
        icc_profile=profile,
        xmp=b"<x>" + CANARY + b"</x>",
    )


def png_with_text() -> bytes:
    """A PNG with a text chunk."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", CANARY.decode())
    return saved(picture(), "PNG", pnginfo=info)


def png_bomb(side: int = 40_000) -> bytes:
    """A PNG of a few kilobytes that says it has side × side pixels."""
    rows = zlib.compress(b"\0" * 4096, 9)
    head = side.to_bytes(4, "big") * 2 + b"\x01\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def pdf(
    pages: int = 1, size: tuple[float, float] = (595, 842), content: bytes = b"1 0 0 rg 0 0 90 90 re f"
) -> bytes:
    """A PDF with so many pages, a red square in each lower left corner."""
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=size)
        for page in made.pages:
            page.Contents = made.make_stream(content)
        return _bytes(made)


def pdf_with(entry: str, value: bytes) -> bytes:
    """A one-page PDF with this entry in its catalogue, its value in PDF's own words."""
    with pikepdf.open(io.BytesIO(pdf())) as made:
        made.Root[f"/{entry}"] = made.make_indirect(pikepdf.Object.parse(value))
        return _bytes(made)


def pdf_that_never_ends(depth: int = 12, width: int = 40) -> bytes:
    """A small PDF whose page draws a form that draws a form …: width to the power of depth squares."""
    with pikepdf.open(io.BytesIO(pdf())) as made:
        drawn = made.make_stream(b"0 0 9 9 re f")
        for _ in range(depth):
            form = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Form, "BBox": [0, 0, 595, 842]}
            drawn.stream_dict = pikepdf.Dictionary(**form, **drawn.stream_dict)
            resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=drawn))
            drawn = made.make_stream(b"/F Do " * width, Resources=resources)
        made.pages[0].Contents = made.make_stream(drawn.read_bytes())
        made.pages[0].Resources = drawn.Resources
        return _bytes(made)


def pdf_with_attachment() -> bytes:
    """A PDF that carries a program."""
    with pikepdf.open(io.BytesIO(pdf())) as made:
        made.attachments["x.exe"] = b"MZ" + CANARY
        return _bytes(made)


def pdf_locked(user: str, owner: str = "owner") -> bytes:
    """A PDF that needs the password `user` to be opened (none when empty)."""
    with pikepdf.open(io.BytesIO(pdf())) as made:
        return _bytes(made, encryption=pikepdf.Encryption(user=user, owner=owner))


def word(paragraphs: Iterable[str] = ("姓名：李明", "学历：硕士研究生"), **extra: bytes) -> bytes:
    """A docx; `extra` adds or replaces parts, `__` standing for `/` and `_dot_` for `.`."""
    made = docx.Document()
    for line in paragraphs:
        made.add_paragraph(line)
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "单位", "某某公司"
    out = io.BytesIO()
    made.save(out)
    return with_parts(
        out.getvalue(), {name.replace("__", "/").replace("_dot_", "."): part for name, part in extra.items()}
    )


def with_parts(packed: bytes, parts: dict[str, bytes]) -> bytes:
    """The archive with these parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(packed)) as old:
        return archive({**{name: old.read(name) for name in old.namelist()}, **parts})


def old_word() -> bytes:
    """The beginning of a compound file, as Word wrote it until 2003."""
    return _COMPOUND + "WordDocument".encode("utf-16-le") + bytes(2048)


def locked_word() -> bytes:
    """The beginning of a docx with a password: a compound file around the encrypted archive."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(2048)
    )


def _bytes(made: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")
