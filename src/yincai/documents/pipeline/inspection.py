"""One file in, safe pages or text out, or a refusal: the whole judgement in one place."""

from __future__ import annotations

from collections.abc import Iterable

from yincai.documents.pipeline import looking
from yincai.documents.pipeline.vocabulary import (
    KINDS,
    Drawing,
    Kind,
    Limits,
    Refused,
    SafeDocument,
    name_formats,
    name_size,
)

_NAMES: dict[Kind, str] = {"image": "图片", "pdf": " PDF 文件", "word": " Word 文档"}


def load_parser(data: bytes) -> None:
    """Load the libraries that a file with this beginning needs; each costs a child a tenth of a second.

    A locked child can load nothing any more, so this comes before the locks.
    """
    shape = looking.shape_of(data)
    if shape == "zip":
        from yincai.documents.pipeline import word  # noqa: F401
    elif shape == "pdf":
        from yincai.documents.pipeline import pdfs  # noqa: F401
    elif shape not in ("ole", "other"):
        from yincai.documents.pipeline import images, photo  # noqa: F401


def inspect(
    data: bytes,
    *,
    limits: Limits | None = None,
    accept: Iterable[Kind] = KINDS,
    claimed: str = "",
    drawing: Drawing | None = None,
) -> SafeDocument:
    """The file made safe, judged by parsing all of it; `claimed` is the ending of its name ("jpg").

    Raises `Refused` with a sentence that says what to do, for everything else.
    """
    limits, drawing, accepted = limits or Limits(), drawing or Drawing(), frozenset(accept)
    if not data:
        raise Refused("empty")
    if len(data) > limits.bytes:
        raise Refused("too_large", size=name_size(len(data)), limit=name_size(limits.bytes))
    shape = _accepted_shape(data, accepted, claimed.lower().lstrip("."))
    looking.refuse_stowaway(data, shape)
    if shape == "ole":
        looking.refuse_old_word(data)
    if shape == "zip":
        return _word(data, limits)
    if shape == "pdf":
        return _pdf(data, limits, drawing)
    return _picture(data, shape, limits, drawing)


def _accepted_shape(data: bytes, accept: frozenset[Kind], claimed: str) -> looking.Shape:
    shape = looking.shape_of(data)
    stranger = looking.name_stranger(data) if shape == "other" else None
    if shape == "zip" and not looking.is_docx(data):
        shape, stranger = "other", "压缩包或其他办公文件"
    if shape == "other":
        if claimed in looking.KNOWN_ENDINGS and stranger:
            raise Refused("mislabelled", claimed=claimed, found=stranger)
        raise Refused("unknown_type", formats=name_formats(accept))
    kind = looking.kind_of_shape(shape)
    if kind not in accept:
        raise Refused("not_accepted", found=_NAMES[kind], formats=name_formats(accept))
    return shape


def _picture(data: bytes, shape: looking.Shape, limits: Limits, drawing: Drawing) -> SafeDocument:
    from yincai.documents.pipeline import images
    from yincai.documents.pipeline.photo import make_one_inch_photo

    image = images.turn(images.open_image(data, shape, limits=limits), drawing.turns)
    if not drawing.photo:
        sharp = images.sharpness(image)
        return SafeDocument("image", (images.page(image, 1),), warnings=_blur(sharp), sharpness=sharp)
    photo, advice = make_one_inch_photo(image, drawing.crop)
    return SafeDocument("image", (images.page(image, 0), images.page(photo, 1)), warnings=advice)


def _pdf(data: bytes, limits: Limits, drawing: Drawing) -> SafeDocument:
    from yincai.documents.pipeline import images, pdfs

    drawn = pdfs.draw_pdf(data, limits=limits)
    pages = tuple(
        images.page(images.turn(image, drawing.turns), number) for number, image in enumerate(drawn, start=1)
    )
    return SafeDocument("pdf", pages)


def _word(data: bytes, limits: Limits) -> SafeDocument:
    from yincai.documents.pipeline import word

    return SafeDocument("word", text=word.read_docx(data, limits=limits))


def _blur(sharp: float | None) -> tuple[str, ...]:
    if sharp is None or sharp >= 20:
        return ()
    if sharp < 10:
        return ("照片模糊，文字可能看不清。请把手机拿稳、对准焦后重拍一张。",)
    return ("照片有些模糊。如果您自己看不清上面的文字，请重拍一张。",)
