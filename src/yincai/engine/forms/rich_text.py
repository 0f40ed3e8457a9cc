"""Rich text as it may be kept: bold, italic, underline, lists, links and tables, and nothing that acts."""

from __future__ import annotations

import re
from typing import Final

import nh3

from yincai.engine.calculus import count_characters

__all__ = ["clean_rich_text", "count_characters"]

TAGS: Final = frozenset(
    [
        "p",
        "br",
        "strong",
        "em",
        "u",
        "b",
        "i",
        "ul",
        "ol",
        "li",
        "a",
        "blockquote",
        "h3",
        "h4",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
ATTRIBUTES: Final = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
SCHEMES: Final = frozenset({"http", "https", "mailto"})
LINK: Final = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
SPAN: Final = re.compile(r"[1-9]\d?", re.ASCII)


def clean_rich_text(html: str) -> str:
    """Return safe HTML: allowed tags only, no styles, no classes, links that carry no opener.

    Text without any tag is taken as typed on paper: each line becomes a paragraph.
    """
    if "<" not in html:
        lines = [line.strip() for line in html.splitlines() if line.strip()]
        html = "".join(f"<p>{line}</p>" for line in lines)
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    """Keep links that lead out of the platform, and spans of a sensible size."""
    if attribute == "href":
        return value if LINK.fullmatch(value) else None
    if attribute in ("colspan", "rowspan"):
        return value if SPAN.fullmatch(value) else None
    return value
