"""A paper of any room, typeset with the fonts of the cards.  Door: `queries.typeset`."""

from __future__ import annotations

from datetime import datetime

import typst

from yincai.cards import fonts
from yincai.cards.rendering import LAYOUTS
from yincai.cards.vocabulary import LayoutBroken


def typeset(layout: bytes, *, name: str, data: str, at: datetime) -> bytes:
    """The PDF of a layout that reads its data (JSON) from `sys.inputs.<name>`; the same input, the same page.

    Characters that no font has are □.  Raises `LayoutBroken`; the compiler's own words may quote the data.
    """
    try:
        pdf = typst.Compiler(
            layout,
            root=str(LAYOUTS),
            font_paths=fonts.loaded(),
            ignore_system_fonts=True,
            sys_inputs={name: fonts.drawable(data)},
        ).compile(layout, format="pdf", timestamp=int(at.timestamp()))
    except RuntimeError:
        raise LayoutBroken("版式无法排印。请系统管理员检查版式文件。") from None
    if not isinstance(pdf, bytes):
        raise TypeError("the compiler gave pages instead of one PDF")
    return pdf
