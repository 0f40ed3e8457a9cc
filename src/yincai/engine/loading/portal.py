"""Reads portal.yaml: how one registers in a place, and what its portal leads to."""

from __future__ import annotations

import re
from typing import Final

from yincai.engine.loading.marked import Node, read_yaml
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import NAME, Reader, is_map
from yincai.engine.portal import GROUNDS, TONES, Application, Passage, Portal, Registration, unreadable

FILE = "portal.yaml"
COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
LONGEST_AGREEMENT = 20_000


def read_portal(text: str, problems: Problems) -> Portal:
    """Return the portal that a text describes; what is wrong is noted."""
    node = read_yaml(FILE, text, problems)
    if node is None or not is_map(node, "the file", problems):
        return Portal()
    reader = Reader(node, "portal", problems)
    applications = tuple(_application(item, problems) for item in reader.maps("applications", required=False))
    _once(reader, applications)
    portal = Portal(
        title=reader.text("title", longest=60),
        identity_title=reader.text("identity_title", default="", longest=60),
        registration=_registration(reader),
        applications=applications,
        borrowed=_borrowed(reader),
        about=tuple(_passage(item, problems) for item in reader.maps("about", required=False)),
        support=tuple(_passage(item, problems) for item in reader.maps("support", required=False)),
        services_address=_address(reader),
        look=_look(reader),
    )
    reader.done()
    return portal


def _application(node: Node, problems: Problems) -> Application:
    reader = Reader(node, "application", problems)
    found = Application(
        name=reader.name(),
        title=reader.text("title", longest=60),
        summary=reader.text("summary", default="", longest=200),
        programmes=tuple(item.text for item in reader.texts("programmes")),
    )
    reader.done()
    return found


def _once(reader: Reader, applications: tuple[Application, ...]) -> None:
    names = [one.name for one in applications]
    for twin in sorted({name for name in names if name and names.count(name) > 1}):
        reader.wrong("applications", f"{twin} is written twice", "give each its own name")
    held = [programme for one in applications for programme in one.programmes]
    for twin in sorted({name for name in held if held.count(name) > 1}):
        reader.wrong("applications", f"programme {twin} belongs to two systems", "leave it in one")


def _borrowed(reader: Reader) -> tuple[tuple[str, str], ...]:
    found = []
    for item in reader.texts("borrowed"):
        place, slash, name = item.text.partition("/")
        if not slash or not NAME.fullmatch(place) or not NAME.fullmatch(name):
            reader.wrong("borrowed", f"{item.text} names no system", "write <place>/<application>")
            continue
        found.append((place, name))
    return tuple(found)


def _registration(reader: Reader) -> Registration | None:
    inner = reader.map("registration", required=False)
    if inner is None:
        return None
    found = Registration(
        welcome=inner.text("welcome", longest=200),
        agreement=inner.text("agreement", longest=LONGEST_AGREEMENT),
        commitment=inner.text("commitment", longest=400),
    )
    inner.done()
    return found


def _passage(node: Node, problems: Problems) -> Passage:
    reader = Reader(node, "about", problems)
    found = Passage(
        title=reader.text("title", longest=40),
        text=reader.text("text", default=""),
        items=tuple(item.text for item in reader.texts("items")),
    )
    reader.done()
    return found


def _address(reader: Reader) -> str:
    address = reader.text("services_address", default="", longest=200)
    if address and not address.startswith("https://"):
        reader.wrong("services_address", f"{address} is no safe address", "write https://…")
        return ""
    return address


def _look(reader: Reader) -> dict[str, dict[str, str]]:
    inner = reader.map("look", required=False)
    if inner is None:
        return {}
    found = {scheme: _tones(inner, scheme) for scheme in GROUNDS}
    inner.done()
    return found if all(len(tones) == len(TONES) for tones in found.values()) else {}


def _tones(look: Reader, scheme: str) -> dict[str, str]:
    inner = look.map(scheme)
    if inner is None:
        return {}
    tones = {}
    for name in TONES:
        colour = inner.text(name)
        if COLOUR.fullmatch(colour):
            tones[name] = colour
        elif colour:
            inner.wrong(name, f"{colour} is no colour", "write it as '#0b55c4'")
    inner.done()
    if len(tones) == len(TONES):
        for name, ground in unreadable(tones, GROUNDS[scheme]):
            inner.wrong(
                name,
                f"{tones[name]} can hardly be read on {ground} (contrast under 4.5)",
                "make it darker or lighter",
            )
    return tones
