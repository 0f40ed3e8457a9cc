"""Typesetting: one card's data and its programme's layout become a tagged PDF/A-2b and the place of the seal.

The data travels as JSON in `sys.inputs`; no markup is ever put together from it.  Output is a function of its
input (the creation time is the order's), so a resumed job renders the same page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import typst

from yincai.cards import codes, fonts
from yincai.cards.vocabulary import CannotTypeset, LayoutBroken

LAYOUTS = Path(__file__).parent / "layouts"
PDF_STANDARDS: tuple[typst.PDFStandard, ...] = ("a-2b",)
_PT = re.compile(r"(-?\d+(?:\.\d+)?)pt")


@dataclass(frozen=True)
class Face:
    """Everything that a layout can print."""

    title: str
    kind: str
    place: str
    number: str
    code: str
    authority: str
    issued_on: date
    valid_until: date | None
    printed: Mapping[str, str]
    verify_url: str
    verify_site: str
    test: bool
    photo: bytes | None = None


@dataclass(frozen=True)
class SealBox:
    """Where the seal goes: page counted from 0, points from the page's top left, side in points."""

    page: int
    left: float
    top: float
    size: float


@dataclass(frozen=True)
class Sheet:
    """A rendered card before it is sealed."""

    pdf: bytes
    seal: SealBox


def render(
    face: Face, *, layout: str, created: datetime, standards: Sequence[typst.PDFStandard] = PDF_STANDARDS
) -> Sheet:
    """The card as PDF/A-2b with the place that the layout gives the seal.

    `CannotTypeset` names fields with characters that the fonts lack; `LayoutBroken`: the layout is wrong.
    """
    fonts.check_glyphs(face.printed)
    source = layout.encode()
    inputs = {"card": json.dumps(_data(face), ensure_ascii=False)}
    try:
        pdf = _compiler(source, inputs).compile(
            source, format="pdf", pdf_standards=list(standards), timestamp=int(created.timestamp())
        )
        places = _compiler(source, inputs).query("<seal-place>", field="value")
    except RuntimeError as error:  # what the compiler raises; its own class comes from it
        raise _explained(str(error)) from None
    if not isinstance(pdf, bytes):
        raise TypeError("the compiler gave pages instead of one PDF")
    return Sheet(pdf=pdf, seal=_seal_box(json.loads(places)))


def check_layout(layout: str) -> None:
    """Compile a layout with sample data; `LayoutBroken` says what is wrong with it."""
    if "@preview" in layout or "@local" in layout:
        raise LayoutBroken("电子卡版式引用了外部排版包；版式只能引用 base.typ，请去掉后再发布。")
    sample = Face(
        title="样卡",
        kind="样卡",
        place="样卡",
        number="YK-0000",
        code="AAAA-AAAA-AAAA-AAAA",
        authority="样卡签发单位",
        issued_on=date(2026, 1, 1),
        valid_until=date(2030, 12, 31),
        printed={},
        verify_url="http://127.0.0.1/verify/AAAA",
        verify_site="127.0.0.1/verify",
        test=True,
    )
    render(sample, layout=layout, created=datetime.fromisoformat("2026-01-01T00:00:00+00:00"))


def warm_up() -> None:
    """Load the fonts and typeset once, so that the first card does not wait for it."""
    fonts.check_glyphs({"sample": "样"})
    check_layout((LAYOUTS / "sample.typ").read_text("utf8"))


@lru_cache(maxsize=32)
def seal_pdf(svg: str, size_mm: float) -> bytes:
    """A drawn seal as a one-page PDF of its own size, to be used as the signature's appearance."""
    source = f"#set page(width: {size_mm}mm, height: {size_mm}mm, margin: 0mm, fill: none)\n".encode()
    source += b'#image(bytes(sys.inputs.seal), format: "svg", width: 100%, height: 100%)'
    return typst.compile(
        source, sys_inputs={"seal": svg}, font_paths=fonts.loaded(), ignore_system_fonts=True
    )


def written_out(day: date) -> str:
    """A date as people read it: 2026年11月22日."""
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def _data(face: Face) -> dict[str, object]:
    return {
        "title": face.title,
        "kind": face.kind,
        "place": face.place,
        "number": face.number,
        "code": face.code,
        "authority": face.authority,
        "issued_on": written_out(face.issued_on),
        "valid_until": written_out(face.valid_until) if face.valid_until else "长期",
        "printed": dict(face.printed),
        "verify_url": face.verify_url,
        "verify_site": face.verify_site,
        "test": face.test,
        "photo": list(face.photo) if face.photo else None,
        "qr": codes.qr_svg(face.verify_url),
    }


def _compiler(source: bytes, inputs: dict[str, str]) -> typst.Compiler:
    return typst.Compiler(
        source, root=str(LAYOUTS), font_paths=fonts.loaded(), ignore_system_fonts=True, sys_inputs=inputs
    )


def _seal_box(places: list[dict[str, object]]) -> SealBox:
    if len(places) != 1:
        raise LayoutBroken(
            f"电子卡版式里印章位置有 {len(places)} 处，必须正好 1 处；请只用一次 issue() 或 seal-place()。"
        )
    place = places[0]
    return SealBox(
        page=int(str(place["page"])) - 1,
        left=_points(place["x"]),
        top=_points(place["y"]),
        size=_points(place["size"]),
    )


def _points(length: object) -> float:
    found = _PT.fullmatch(str(length))
    if not found:
        raise LayoutBroken("电子卡版式给出的印章位置不是一个长度；请用 base.typ 的 issue() 或 seal-place()。")
    return float(found[1])


def _explained(message: str) -> CannotTypeset | LayoutBroken:
    """An error for people; the compiler's own text may quote printed data, so only its kind is passed on."""
    if "could not be displayed with font" in message:
        return CannotTypeset("电子卡上有字库没有的字，电子卡没有生成。请检查版式和填写内容后再签发。")
    return LayoutBroken("电子卡版式无法排印，电子卡没有生成。请检查该事项的 card.typ 后再试。")
