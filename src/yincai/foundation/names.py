"""Names of people, as their documents print them: any Han character, any script, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

from yincai.foundation.identifiers import IdentifierError

LONGEST = 50
"""Characters, each with its accents counted once."""

_DOTS = {ord(c): "·" for c in "•・‧∙⋅･᛫●．"}
_APOSTROPHES = {ord(c): "'" for c in "’‘ʼ＇`´"}
_HYPHENS = {ord(c): "-" for c in "‐‑‒–—－"}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF21, 0xFF5B) if chr(code).isalpha()}
_WRITTEN_FORM: dict[int, str | int | None] = {**_DOTS, **_APOSTROPHES, **_HYPHENS, **_FULL_WIDTH}
_CONNECTORS = frozenset("·'-. ")
# NFC would replace a compatibility ideograph by another character than the document shows
_COMPATIBILITY = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")


def check_person_name(text: str) -> str:
    """The name in its one written form: composed (NFC), single spaces, the dot of ethnic names as `·`.

    `IdentifierError` for an empty or too long name, for digits and symbols, and for anything invisible
    (control, direction, zero-width and private-use characters).
    """
    if any(_is_hidden(c) for c in text.strip()):
        raise IdentifierError("姓名中有看不见的字符，多为复制时带来。请清空后手工输入。")
    name = " ".join(_composed(text).translate(_WRITTEN_FORM).split())
    if not name:
        raise IdentifierError("还没有填写姓名。请按证件上的姓名填写。")
    if _length(name) > LONGEST:
        raise IdentifierError(f"姓名最多 {LONGEST} 个字，现在超出了。请按证件上的姓名填写。")
    _refuse_foreign_characters(name)
    return name


def is_han(character: str) -> bool:
    """Whether one character is a Han character of any plane, newer than Python's tables or not."""
    code = ord(character)
    return (
        0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or code == 0x3007  # 〇
        or 0x20000 <= code <= 0x3FFFD
    )


def _refuse_foreign_characters(name: str) -> None:
    for character in name:
        if unicodedata.category(character) == "Co":
            raise IdentifierError(
                "姓名中有一个字用了非标准编码，别的电脑无法显示。"
                "请换用标准输入法输入；仍打不出来时，请先用同音字并联系窗口人员更正。"
            )
        if not (is_han(character) or character in _CONNECTORS or unicodedata.category(character)[0] in "LM"):
            raise IdentifierError("姓名中有数字或符号。请只填证件上的姓名，间隔点用“·”。")
    if not any(is_han(c) or c.isalpha() for c in name) or name[0] in "·'-." or name[-1] in "·'-":
        raise IdentifierError("姓名的开头、结尾不应是符号。请按证件上的姓名填写。")


def _is_hidden(character: str) -> bool:
    """Control, direction, zero-width, line-separating and surrogate characters; variation selectors."""
    code = ord(character)
    return (
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        or code in {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
        or 0x180B <= code <= 0x180F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
    )


def _composed(text: str) -> str:
    parts = _COMPATIBILITY.split(text)
    return "".join(part if i % 2 else unicodedata.normalize("NFC", part) for i, part in enumerate(parts))


def _length(name: str) -> int:
    return sum(not unicodedata.category(c).startswith("M") for c in name)
