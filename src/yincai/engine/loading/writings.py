"""Reads library.yaml: what a place publishes to be read, and the channels by which people come."""

from __future__ import annotations

from datetime import date

from yincai.engine.loading.marked import Node, read_yaml
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader, is_map
from yincai.engine.writings import (
    LONGEST_ADDRESS,
    LONGEST_NUMBER,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Channel,
    Library,
    Shelf,
    Writing,
)

FILE = "library.yaml"
DEVICES = ("电脑端", "移动端")


def read_library(text: str, problems: Problems) -> Library:
    """Return the library that a text describes; what is wrong is noted."""
    node = read_yaml(FILE, text, problems)
    if node is None or not is_map(node, "the file", problems):
        return Library()
    reader = Reader(node, "library", problems)
    found = Library(
        writings=tuple(_writing(item, problems) for item in reader.maps("writings", required=False)),
        channels=tuple(_channel(item, problems) for item in reader.maps("channels", required=False)),
    )
    _once(reader, "writings", [one.name for one in found.writings])
    _once(reader, "channels", [one.name for one in found.channels])
    reader.done()
    return found


def _writing(node: Node, problems: Problems) -> Writing:
    reader = Reader(node, "writing", problems)
    reader.require("since")
    found = Writing(
        name=reader.name(),
        shelf=reader.member("shelf", Shelf),
        title=reader.text("title", longest=LONGEST_TITLE),
        text=reader.text("text", longest=LONGEST_TEXT),
        since=reader.day("since") or date.min,
        number=reader.text("number", default="", longest=LONGEST_NUMBER),
        until=reader.day("until"),
        new_until=reader.day("new_until"),
        address=_address(reader),
    )
    if found.until and found.until < found.since:
        reader.wrong("until", f"until {found.until} lies before since {found.since}", "correct one of them")
    reader.done()
    return found


def _channel(node: Node, problems: Problems) -> Channel:
    reader = Reader(node, "channel", problems)
    found = Channel(
        name=reader.name(),
        title=reader.text("title", longest=60),
        device=reader.one_of("device", DEVICES),
        steps=tuple(item.text for item in reader.texts("steps")),
        address=_address(reader),
        carries=reader.flag("carries", default=False),
    )
    if not found.steps:
        reader.wrong("steps", "channel has no steps", "add `steps:` with one line for each")
    reader.done()
    return found


def _address(reader: Reader) -> str:
    address = reader.text("address", default="", longest=LONGEST_ADDRESS)
    if address and not address.startswith("https://"):
        reader.wrong("address", f"{address} is no safe address", "write https://…")
        return ""
    return address


def _once(reader: Reader, key: str, names: list[str]) -> None:
    for twin in sorted({name for name in names if name and names.count(name) > 1}):
        reader.wrong(key, f"{twin} is written twice", "give each its own name")
