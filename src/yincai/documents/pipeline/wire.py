"""How a reader and its child talk: one JSON line, then bytes. The child's words are checked, not trusted."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from yincai.documents.pipeline.vocabulary import (
    KINDS,
    SENTENCES,
    Crop,
    Drawing,
    Kind,
    Limits,
    SafeDocument,
    SafePage,
)

MOST_ANSWER = 160 * 1024 * 1024
_MOST_HEADER = 4 * 1024 * 1024
_MOST_SENTENCE = 400


class Garbled(Exception):  # noqa: N818 - what the child's answer is
    """The child's answer is not one that our own code gives: treat the file as hostile."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the child is asked to do; the bytes of the file follow the line."""

    limits: Limits
    accept: frozenset[Kind]
    claimed: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Refusal:
    """The child's no: a reason of `SENTENCES`, and the sentence with its figures filled in."""

    reason: str
    sentence: str


def pack_request(request: Request, data: bytes) -> bytes:
    """The request as the child reads it from its standard input."""
    header = {
        "limits": asdict(request.limits),
        "accept": sorted(request.accept),
        "claimed": request.claimed,
        "drawing": asdict(request.drawing),
    }
    return json.dumps(header).encode() + b"\n" + data


def unpack_request(message: bytes) -> tuple[Request, bytes]:
    """The request and the bytes of the file."""
    line, _, data = message.partition(b"\n")
    header = json.loads(line)
    drawing = header["drawing"]
    crop = Crop(**drawing.pop("crop")) if drawing["crop"] else None
    drawing.pop("crop", None)
    accept: frozenset[Kind] = frozenset(kind for kind in KINDS if kind in header["accept"])
    return Request(Limits(**header["limits"]), accept, header["claimed"], Drawing(crop=crop, **drawing)), data


def pack_answer(answer: SafeDocument | Refusal) -> bytes:
    """The answer as the parent reads it from the child's standard output."""
    if isinstance(answer, Refusal):
        return json.dumps({"reason": answer.reason, "sentence": answer.sentence}).encode() + b"\n"
    header = {
        "kind": answer.kind,
        "text": answer.text,
        "warnings": answer.warnings,
        "sharpness": answer.sharpness,
        "pages": [[page.number, page.width, page.height, len(page.jpeg)] for page in answer.pages],
    }
    return json.dumps(header).encode() + b"\n" + b"".join(page.jpeg for page in answer.pages)


def unpack_answer(message: bytes, *, limits: Limits) -> SafeDocument | Refusal:
    """The child's answer, every part of it checked. Raises `Garbled`."""
    end = message.find(b"\n", 0, _MOST_HEADER)
    try:
        header = json.loads(message[: max(end, 0)])
        if "reason" in header:
            return _refusal(header)
        return _document(header, message[end + 1 :], limits)
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise Garbled from wrong


def _refusal(header: dict[str, Any]) -> Refusal:
    reason, sentence = header["reason"], header["sentence"]
    if reason not in SENTENCES or not isinstance(sentence, str) or len(sentence) > _MOST_SENTENCE:
        raise Garbled
    return Refusal(reason, sentence)


def _document(header: dict[str, Any], body: bytes, limits: Limits) -> SafeDocument:
    kind, text, sharpness = header["kind"], header["text"], header["sharpness"]
    warnings = tuple(str(warning)[:_MOST_SENTENCE] for warning in header["warnings"][:10])
    if kind not in KINDS or not isinstance(text, str | None) or not isinstance(sharpness, float | int | None):
        raise Garbled
    pages = _pages(header["pages"], body, limits)
    if (kind == "word") != (not pages) or (kind == "word") != bool(text):
        raise Garbled
    return SafeDocument(kind, pages, text, warnings, sharpness)


def _pages(listed: list[list[int]], body: bytes, limits: Limits) -> tuple[SafePage, ...]:
    pages, at = [], 0
    for number, width, height, size in listed:
        jpeg = body[at : at + size]
        at += size
        fits = 0 < width <= limits.page_side and 0 < height <= limits.page_side and size > 4
        if not fits or len(jpeg) != size or jpeg[:3] != b"\xff\xd8\xff" or jpeg[-2:] != b"\xff\xd9":
            raise Garbled
        pages.append(SafePage(number, jpeg, width, height))
    numbers = [page.number for page in pages]
    straight = numbers in (list(range(len(pages))), list(range(1, len(pages) + 1)))
    if at != len(body) or len(pages) > limits.pdf_pages + 1 or not straight:
        raise Garbled
    return tuple(pages)
