"""Rich text as it may be kept: weight, indent, lists, links and tables, and nothing that acts."""

from __future__ import annotations

import re
from html import escape, unescape
from html.parser import HTMLParser
from typing import Final

import nh3

from yincai.engine.calculus import count_characters

__all__ = ["TooIntricate", "as_lines", "clean_rich_text", "count_characters", "is_markup", "one_block_a_line"]

INLINE: Final = frozenset({"strong", "em", "u", "b", "i", "a"})
ITEMS: Final = frozenset({"li", "thead", "tbody", "tr", "th", "td"})
BLOCKS: Final = frozenset({"p", "h3", "h4", "ul", "ol", "blockquote", "table"})
HOLDERS: Final = frozenset({"", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"})
"""Where white space between two blocks means nothing; "" is the whole text."""
ATTRIBUTES: Final = {
    "p": {"class"},
    "ol": {"start"},
    "a": {"href"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
SCHEMES: Final = frozenset({"http", "https", "mailto"})
KEPT: Final = {
    "href": re.compile(r"(?:https?://|mailto:)\S{1,2000}", re.IGNORECASE),
    "class": re.compile(r"indent-[1-4]"),
    "start": re.compile(r"[1-9]\d{0,3}", re.ASCII),
    "colspan": re.compile(r"[1-9]\d?", re.ASCII),
    "rowspan": re.compile(r"[1-9]\d?", re.ASCII),
}
MARKUP: Final = re.compile(r"^\s*<(?:p|h3|h4|ul|ol|blockquote|table)(?:\s[^<>]*)?>", re.I | re.M)
"""A line that begins with a block.  The same test is in look/static/look/form.js."""
PARAGRAPH: Final = re.compile(r"<p>([^<]*)</p>")
PARAGRAPHS: Final = re.compile(rf"(?:{PARAGRAPH.pattern})*")
MOST_ELEMENTS: Final = 4_000
DEEPEST: Final = 16


class TooIntricate(ValueError):
    """More elements, or deeper inside each other, than a page for people needs."""


def is_markup(text: str) -> bool:
    """Whether a posted text is markup: a line of it begins with a block.  Everything else is as on paper."""
    return bool(MARKUP.search(text))


def clean_rich_text(text: str) -> str:
    """Return safe HTML: allowed tags only, no styles, no class but `indent-1` to `indent-4`, links that carry
    no opener, every block in one form, so that cleaning the result again changes nothing.

    Text that is no markup is taken as typed on paper: each line is a paragraph, `<` is a sign like others.
    Raises `TooIntricate` beyond `MOST_ELEMENTS` elements or `DEEPEST` levels.
    """
    if not is_markup(text):
        return "".join(f"<p>{_text(line.strip())}</p>" for line in text.strip().splitlines())
    if text.count("<") > 4 * MOST_ELEMENTS:  # before a parser spends its time on it
        raise TooIntricate
    safe = nh3.clean(
        text,
        tags=set(INLINE | ITEMS | BLOCKS | {"br"}),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_kept,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    tidy = _Tidy()
    tidy.feed(safe)
    tidy.close()
    return tidy.finished()


def as_lines(html: str) -> str | None:
    """Return clean HTML as the lines of a plain text box; None when that would lose more than paragraphs."""
    if not PARAGRAPHS.fullmatch(html):
        return None
    lines = "\n".join(unescape(one) for one in PARAGRAPH.findall(html))
    return lines if not is_markup(lines) and clean_rich_text(lines) == html else None


def one_block_a_line(html: str) -> str:
    """Return clean HTML with each block, list item and table row on a line of its own, to be read as text.

    What cleaning adds to links is left out; it adds it again.
    """
    html = re.sub(r'(<a href="[^"]*") rel="[a-z ]*">', r"\1>", html)
    broken = re.sub(r"(</(?:p|h3|h4|ul|ol|blockquote|table|thead|tbody|tr|li)>)", r"\1\n", html)
    broken = re.sub(r"(<(?:ul|ol|blockquote|table|thead|tbody)(?: [^>]*)?>)", r"\1\n", broken)
    return re.sub(r"\n(?=</(?:li|td|th)>)", "", broken).strip()


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    """Keep links that lead out of the platform, and numbers and steps of a sensible size."""
    rule = KEPT.get(attribute)
    return value if rule is None or rule.fullmatch(value) else None


def _text(plain: str) -> str:
    return escape(plain, quote=False)


class _Tidy(HTMLParser):
    """Writes sanitised HTML anew: loose text in paragraphs, no white space between blocks, links that lead
    somewhere, within the limits."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._elements = 0
        self._loose = False  # inside a paragraph that was not written

    def finished(self) -> str:
        """The text written so far, everything closed."""
        while self._open:
            self._end(self._open[-1])
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" not in given:
            return
        if tag in BLOCKS or tag in ITEMS:
            while self._open and self._open[-1] not in HOLDERS:  # no block stands inside a line of text
                self._end(self._open[-1])
            if not self._open and tag in ITEMS:  # outside of its list or table
                return
        elif not self._open:
            self._start_loose()
        self._start(tag, given)
        if tag == "br":
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open[-1] != tag:
            self._end(self._open[-1])
        self._end(tag)

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside in HOLDERS and not data.strip() and (not inside or "\n" in data):
            self._end_loose()
            return
        if self._open and not self._loose:
            self._out.append(_text(data))
            return
        for number, line in enumerate(data.split("\n")):
            if number:
                self._end_loose()
            if self._loose or line.strip():
                self._start_loose()
                self._out.append(_text(line))

    def _start_loose(self) -> None:
        if not self._loose:
            self._start("p", {})
            self._loose = True

    def _end_loose(self) -> None:
        while self._loose:
            self._end(self._open[-1])

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._open.append(tag)
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._open) > DEEPEST:
            raise TooIntricate
        written = "".join(f' {name}="{escape(value)}"' for name, value in sorted(attributes.items()))
        self._out.append(f"<{tag}{written}>")

    def _end(self, tag: str) -> None:
        self._open.pop()
        self._out.append(f"</{tag}>")
        if not self._open:
            self._loose = False
