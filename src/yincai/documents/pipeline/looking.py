"""The first look: which parser a file's beginning asks for, and what hides behind an honest beginning.

It only chooses the parser.  Whether the file is what it says is decided by parsing all of it.
"""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Literal

from yincai.documents.pipeline.vocabulary import Kind, Refused

Shape = Literal["jpeg", "png", "webp", "heic", "pdf", "zip", "ole", "other"]

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # here, for a locked child cannot load a codec
_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"#!", "程序"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"GIF8", "GIF 动图"),
    (b"BM", "BMP 图片"),
    (b"II*\x00", "TIFF 图片"),
    (b"MM\x00*", "TIFF 图片"),
    (b"OFD", "OFD 文件"),
)
_SCRIPTS: tuple[tuple[bytes, str], ...] = (
    (b"<?php", "网页程序"),
    (b"<!doctype html", "网页"),
    (b"<html", "网页"),
    (b"<script", "网页"),
    (b"<svg", "SVG 矢量图"),
    (b"<?xml", "XML 文件"),
)
IMAGE_ENDINGS = {"jpg", "jpeg", "jfif", "png", "webp", "heic", "heif"}
KNOWN_ENDINGS = IMAGE_ENDINGS | {"pdf", "doc", "docx"}


def shape_of(data: bytes) -> Shape:
    """Which parser to try for these bytes, judged by their first bytes alone."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and (data[8:12] in _HEIF_BRANDS or _brands(data) & _HEIF_BRANDS):
        return "heic"
    if data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x00\t\n\r\x0c ").startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    return "other"


def name_stranger(data: bytes) -> str | None:
    """What a file that we cannot take seems to be, in the resident's words; None when we cannot tell."""
    start = data[:512].lstrip(b"\xef\xbb\xbf\x00\t\n\r ").lower()
    for mark, name in _SCRIPTS:
        if start.startswith(mark):
            return name
    return next((name for mark, name in _STRANGERS if data.startswith(mark)), None)


def refuse_stowaway(data: bytes, shape: Shape) -> None:
    """Refuse a file that is also another kind of file, such as a photo with an archive behind it.

    Phones write a second picture or a short film behind a photo; that is dropped, not refused.
    """
    if shape != "zip" and zipfile.is_zipfile(io.BytesIO(data)):
        raise Refused("polyglot", found="一个压缩包")
    if shape in ("jpeg", "png", "webp", "heic"):
        if b"%PDF-" in data[:1024]:
            raise Refused("polyglot", found="一个 PDF 文件")
        _refuse_tail(data[end_of_image(data, shape) :])


def _refuse_tail(tail: bytes) -> None:
    start = tail[:1024].lower()
    for mark, name in _SCRIPTS:
        if mark in start:
            raise Refused("polyglot", found=name)
    for mark, name in ((b"%pdf-", "一个 PDF 文件"), (b"rar!", "一个压缩包"), (b"7z\xbc\xaf", "一个压缩包")):
        if mark in start:
            raise Refused("polyglot", found=name)
    if tail.startswith((b"MZ", b"\x7fELF", b"#!")):
        raise Refused("polyglot", found="一个程序")


def end_of_image(data: bytes, shape: Shape) -> int:
    """Where the first picture of the file ends; the file's length when it never ends."""
    if shape == "jpeg":
        return _end_of_jpeg(data)
    if shape == "png":
        place = data.find(b"IEND")
        return len(data) if place < 0 else place + 8
    if shape == "webp":
        return min(len(data), 8 + int(struct.unpack_from("<I", data, 4)[0]))
    return _end_of_boxes(data)


def _end_of_jpeg(data: bytes) -> int:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return at
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD7:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
        if marker == 0xDA:
            at = _end_of_scan(data, at)
    return at + 2 if data[at : at + 2] == b"\xff\xd9" else len(data)


def _end_of_scan(data: bytes, at: int) -> int:
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at
    return len(data)


def _end_of_boxes(data: bytes) -> int:
    at = 0
    while at + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        if size < 8 or not name.replace(b" ", b"a").isalnum():
            break
        at += size
    return min(at, len(data))


def _brands(data: bytes) -> set[bytes]:
    end = min(int.from_bytes(data[:4], "big"), 128)
    return {data[at : at + 4] for at in range(16, end, 4)}


def kind_of_shape(shape: Shape) -> Kind:
    """The kind that officers know a shape by."""
    kinds: dict[Shape, Kind] = {"pdf": "pdf", "zip": "word", "ole": "word"}
    return kinds.get(shape, "image")


def is_docx(data: bytes) -> bool:
    """Whether an archive has a Word document's main part."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.lower() == "word/document.xml" for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def refuse_old_word(data: bytes) -> None:
    """Refuse a compound file: a Word file with a password, or one from before 2007."""
    if _ENCRYPTED in data:
        raise Refused("word_password")
    raise Refused("word_old")
