"""The round seal, drawn by ourselves: ring, name on an arc, star, centre line, 13-digit code.

Proportions follow the usual round office seal of 42 mm (国发〔1999〕25号 第二、四条: ring, five-pointed star,
name from left to right along the ring, Song type).  Glyphs become outlines, so no viewer needs the font.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import serif_path

from yincai.cards.vocabulary import CannotTypeset, Problem, SealSpec

RED = "#c8161d"
DIAMETER_MM = 42.0
_HALF = 50.0  # the drawing is 100 units wide; its origin is the centre of the seal
_RING = 47.6
_IDEOGRAPH = (0.0, -120.0, 1000.0, 880.0)  # the box of a full-width character in the font's units
_BoundsPen: Any = BoundsPen  # untyped upstream, as is the next
_TransformPen: Any = TransformPen
_drawing = Lock()
"""The font reads its glyphs when they are first drawn, from one file: one thread at a time."""


@dataclass(frozen=True)
class _Glyph:
    """Size and turn of one character; `width` and `height` are the box it is stretched to."""

    character: str
    x: float
    y: float
    turn: float
    width: float
    height: float


@lru_cache(maxsize=64)
def draw_seal(spec: SealSpec) -> str:
    """The seal as one SVG, square, without background; `CannotTypeset` for wording that does not fit."""
    problems = _problems(spec)
    if problems:
        raise CannotTypeset("印章无法绘制：请改正印章设置后再试。", problems=problems)
    glyphs = [*_name_on_arc(spec.authority), *_centre_line(spec.centre), *_code_on_arc(spec.code)]
    if spec.test:
        glyphs += _sample_mark()
    with _drawing:
        outlines = "".join(_outline(glyph) for glyph in glyphs)
    label = escape(f"{spec.authority} {spec.centre}{' 样本' if spec.test else ''}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-50 -50 100 100" width="{DIAMETER_MM}mm" '
        f'height="{DIAMETER_MM}mm"><title>{label}</title>'
        f'<circle r="{_RING}" fill="none" stroke="{RED}" stroke-width="2.5"/>'
        f'<path fill="{RED}" d="{_star(0, -3.5, 13.2)}"/>'
        f'<path fill="{RED}" stroke="{RED}" stroke-width="0.35" d="{outlines}"/></svg>'
    )


def _problems(spec: SealSpec) -> list[Problem]:
    problems = []
    if not 2 <= len(spec.authority) <= 32:
        problems.append(Problem("seal.authority", "印章上的机关名称应为 2 到 32 个字。"))
    if not 0 <= len(spec.centre) <= 14:
        problems.append(Problem("seal.centre", "印章中间一行最多 14 个字。"))
    if not re.fullmatch("[0-9]{13}", spec.code):
        problems.append(Problem("seal.code", "印章编码应为 13 位数字。"))
    cmap = _font()[1]
    for path, text in (("seal.authority", spec.authority), ("seal.centre", spec.centre)):
        if any(ord(character) not in cmap for character in text):
            problems.append(Problem(path, "印章文字里有字库没有的字。"))
    return problems


def _name_on_arc(name: str) -> list[_Glyph]:
    count = len(name)
    height = 13.0 if count <= 16 else 11.4 if count <= 22 else 9.6
    radius = _RING - 3.4 - height / 2
    spread = math.radians(min(226.0, 14.6 * (count - 1) + 32.0))
    step = spread / max(count - 1, 1)
    width = min(height * 0.86, step * radius * 0.84)
    return [
        _on_arc(character, radius, -spread / 2 + step * index, width, height)
        for index, character in enumerate(name)
    ]


def _code_on_arc(code: str) -> list[_Glyph]:
    radius, step = _RING - 4.6, math.radians(4.3)
    start = math.pi + step * (len(code) - 1) / 2
    return [
        _on_arc(digit, radius, start - step * index, 2.2, 3.9, outward=False)
        for index, digit in enumerate(code)
    ]


def _on_arc(
    character: str, radius: float, angle: float, width: float, height: float, *, outward: bool = True
) -> _Glyph:
    """A character standing on a circle at `angle` from the top, clockwise; feet inwards when `outward`."""
    turn = angle if outward else angle + math.pi
    return _Glyph(character, radius * math.sin(angle), -radius * math.cos(angle), turn, width, height)


def _centre_line(text: str) -> list[_Glyph]:
    if not text:
        return []
    pitch = min(8.4, 54.0 / len(text))
    return _line(text, y=22.0, pitch=pitch, width=pitch * 0.92, height=8.4)


def _sample_mark() -> list[_Glyph]:
    return _line("样本", y=32.2, pitch=8.6, width=6.0, height=6.4)


def _line(text: str, *, y: float, pitch: float, width: float, height: float) -> list[_Glyph]:
    left = -pitch * (len(text) - 1) / 2
    return [_Glyph(character, left + pitch * i, y, 0.0, width, height) for i, character in enumerate(text)]


def _star(x: float, y: float, radius: float) -> str:
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for index in range(10):
        reach = radius if index % 2 == 0 else inner
        angle = math.radians(36 * index)
        points.append(f"{x + reach * math.sin(angle):.3f} {y - reach * math.cos(angle):.3f}")
    return "M" + "L".join(points) + "Z"


@lru_cache(maxsize=1)
def _font() -> tuple[TTFont, dict[int, str]]:
    font = TTFont(io.BytesIO(serif_path().read_bytes()), lazy=True)
    return font, font.getBestCmap() or {}


def _outline(glyph: _Glyph) -> str:
    """SVG path data of one character, its em square stretched to the box, turned, and moved to its place."""
    font, cmap = _font()
    name, shapes = cmap[ord(glyph.character)], font.getGlyphSet()
    left, bottom, right, top = _box(name, shapes) if glyph.character.isascii() else _IDEOGRAPH
    scale_x, scale_y = glyph.width / (right - left), glyph.height / (top - bottom)
    cos, sin = math.cos(glyph.turn), math.sin(glyph.turn)
    # font units (y up) → drawing units (y down): centre, scale, flip, turn, move
    a, b = cos * scale_x, sin * scale_x
    c, d = sin * scale_y, -cos * scale_y
    e = glyph.x - a * (left + right) / 2 - c * (bottom + top) / 2
    f = glyph.y - b * (left + right) / 2 - d * (bottom + top) / 2
    pen: Any = SVGPathPen(shapes, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
    shapes[name].draw(_TransformPen(pen, (a, b, c, d, e, f)))
    return str(pen.getCommands())


def _box(name: str, shapes: Any) -> tuple[float, float, float, float]:
    """The bounds of what a glyph draws."""
    pen: Any = _BoundsPen(shapes)
    shapes[name].draw(pen)
    return pen.bounds or _IDEOGRAPH
