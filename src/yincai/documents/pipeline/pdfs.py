"""PDF files: looked through for anything that acts, then drawn page by page as pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pypdfium2
from PIL import Image

from yincai.documents.pipeline.images import rebuild
from yincai.documents.pipeline.vocabulary import Limits, Refused

_ACTS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/RichMediaExecute", "/Rendition"}
_CARRIES = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
_MOST_OBJECTS = 200_000


def draw_pdf(data: bytes, *, limits: Limits) -> Iterator[Image.Image]:
    """Each page as a picture, long side at most `page_side`. Raises `Refused` before the first page."""
    _refuse_dangerous(data, limits)
    try:
        document = pypdfium2.PdfDocument(data)  # type: ignore[no-untyped-call]  # the library has no types
    except pypdfium2.PdfiumError as broken:
        raise Refused("pdf_broken") from broken
    document.init_forms()  # type: ignore[no-untyped-call]  # the library has no types
    for index in range(len(document)):
        yield _draw(document, index, limits.page_side)


def _draw(document: pypdfium2.PdfDocument, index: int, side: int) -> Image.Image:
    try:
        page = document[index]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise Refused("pdf_broken")
        bitmap = page.render(scale=min(side / max(width, height), 200 / 72 * 2), may_draw_forms=True)
        image = rebuild(bitmap.to_pil())
        bitmap.close()
        page.close()
    except pypdfium2.PdfiumError as broken:
        raise Refused("pdf_broken") from broken
    return image


def _refuse_dangerous(data: bytes, limits: Limits) -> None:
    """Passwords, attachments, scripts, too many pages: found in the file's objects, wherever they hang."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.objects) > _MOST_OBJECTS:
                raise Refused("too_heavy")
            _check_pages(len(pdf.pages), limits)
            for thing in pdf.objects:
                _check_object(thing)
            _check_object(pdf.trailer)
    except pikepdf.PasswordError as locked:
        raise Refused("pdf_password") from locked
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, RecursionError) as broken:
        raise Refused("pdf_broken") from broken


def _check_pages(pages: int, limits: Limits) -> None:
    if pages == 0:
        raise Refused("pdf_empty")
    if pages > limits.pdf_pages:
        raise Refused("pdf_pages", pages=pages, limit=limits.pdf_pages)


def _check_object(thing: object, depth: int = 0) -> None:
    """Judge one object and what is written inside it; indirect objects get their own turn."""
    if depth > 40:
        raise Refused("pdf_broken")
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    if isinstance(thing, pikepdf.Array):
        for item in thing:
            _descend(item, depth)
    elif isinstance(thing, pikepdf.Dictionary):
        _check_dictionary(thing)
        for _, value in thing.items():
            _descend(value, depth)


def _descend(value: object, depth: int) -> None:
    if isinstance(value, pikepdf.Object) and not value.is_indirect:
        _check_object(value, depth + 1)


def _check_dictionary(entry: pikepdf.Dictionary) -> None:
    keys = set(entry.keys())
    if "/EmbeddedFiles" in keys or "/EF" in keys or entry.get("/Type") == "/EmbeddedFile":
        raise Refused("pdf_attachment")
    if str(entry.get("/Subtype", "")) in _CARRIES:
        raise Refused("pdf_attachment")
    if keys & {"/JS", "/JavaScript", "/XFA"} or str(entry.get("/S", "")) in _ACTS:
        raise Refused("pdf_active")
