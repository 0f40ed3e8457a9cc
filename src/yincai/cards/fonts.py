"""The fonts of the cards, which come with the requirements: what they can print, and what they cannot."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont
from noto_cjk_sans_jp_regular import FONT_PATH
from pylopdf_fonts_zh_cn import sans_path, serif_path

from yincai.cards.vocabulary import CannotTypeset, Problem

RARE = Path(str(FONT_PATH))
"""Steps in, character by character, for what the other two lack: 2,300 ideographs of plane 2."""
FILES = (sans_path(), serif_path(), RARE)
FAMILIES = {"Noto Sans SC", "Noto Serif SC", "Noto Sans CJK JP"}


@lru_cache(maxsize=1)
def loaded() -> typst.Fonts:
    """Every face, loaded once a process; without them the compiler would leave out the text silently."""
    folders = sorted({str(file.parent) for file in FILES})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    missing = FAMILIES - set(fonts.families())
    if missing:
        raise RuntimeError(
            f"the card fonts {sorted(missing)} were not found in {folders}: install requirements again"
        )
    return fonts


def without_glyph(text: str) -> str:
    """The characters of a text that no font has, each once, in their order."""
    return "".join(dict.fromkeys(one for one in text if ord(one) not in _characters()))


def drawable(text: str) -> str:
    """The text with □ for every character that no font has: a paper is never held up by one."""
    lacking = without_glyph(text)
    return text.translate(dict.fromkeys(map(ord, lacking), "□")) if lacking else text


def check_glyphs(printed: Mapping[str, str]) -> None:
    """Raise `CannotTypeset`, naming field and place, for characters that no font has."""
    problems = [
        Problem(
            f"printed.{name}",
            f"第 {position} 个字（U+{ord(character):04X}）字库里没有，印不出来。请先登记代用字，再办这一步。",
        )
        for name, text in printed.items()
        for position, character in enumerate(text, start=1)
        if ord(character) not in _characters()
    ]
    if problems:
        raise CannotTypeset(
            "电子卡上有字库没有的字，电子卡没有生成。请按提示处理后再签发。", problems=problems
        )


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """What the fonts can print together, and the white space that breaks lines."""
    known = {0x0A}
    for file in FILES:
        with TTFont(file, lazy=True) as font:
            known |= set(font.getBestCmap() or ())
    return frozenset(known)
