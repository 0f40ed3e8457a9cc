"""A long answer as blocks of runs, which a layout can set: paragraphs, list items, lines of a table."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any, Final

BLOCKS: Final = frozenset({"p", "li", "tr", "div", "blockquote", "ul", "ol", "table"})
STYLES: Final = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline"}


def blocks_of(markup: str) -> list[dict[str, Any]]:
    """The blocks of a cleaned long answer: `{mark, runs: [{text, bold?, italic?, underline?}]}`."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return [block for block in reader.blocks if any(run["text"].strip() for run in block["runs"])]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[dict[str, Any]] = []
        self.styles: list[str] = []
        self.lists: list[int] = []  # -1: bullets; else the last number
        self._begin()

    def _begin(self, mark: str = "") -> None:
        self.blocks.append({"mark": mark, "runs": []})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a list or a style."""
        if tag in STYLES:
            self.styles.append(STYLES[tag])
        elif tag in ("ul", "ol"):
            self.lists.append(-1 if tag == "ul" else 0)
        elif tag == "li":
            self._begin(self._mark())
        elif tag == "br" or (tag in BLOCKS and not (tag == "p" and not self.blocks[-1]["runs"])):
            self._begin()
        elif tag in ("td", "th") and self.blocks[-1]["runs"]:
            self.blocks[-1]["runs"].append({"text": "　"})

    def _mark(self) -> str:
        if not self.lists or self.lists[-1] < 0:
            return "• "
        self.lists[-1] += 1
        return f"{self.lists[-1]}. "

    def handle_endtag(self, tag: str) -> None:
        """End a block, a list or a style."""
        if tag in STYLES and STYLES[tag] in self.styles:
            self.styles.remove(STYLES[tag])
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if tag in BLOCKS:
            self._begin()

    def handle_data(self, data: str) -> None:
        """A run of text in the styles that are open."""
        self.blocks[-1]["runs"].append({"text": data, **dict.fromkeys(self.styles, True)})
