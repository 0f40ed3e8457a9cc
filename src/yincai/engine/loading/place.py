"""Reads place.yaml: a city and what belongs to it beside its programmes."""

from __future__ import annotations

from yincai.engine.loading.marked import Node, read_yaml
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader, is_map
from yincai.engine.parts import nearest
from yincai.engine.place import MENU_ENTRIES, Branding, DemoPerson, Office, Place, Reading, Role, Sees

FILE = "place.yaml"


def read_place(text: str, problems: Problems, *, folder: str = "") -> Place | None:
    """Return the place that a text describes, or None; what is wrong is noted."""
    node = read_yaml(FILE, text, problems)
    if node is None or not is_map(node, "the file", problems):
        return None
    reader = Reader(node, "place", problems)
    name = reader.name()
    if folder and name and name != folder:
        reader.wrong("name", f"name is {name} but the folder is {folder}", "make them equal")
    role_nodes = reader.maps("roles")
    known = [found.text for item in role_nodes if (found := item.entries.get("name"))]
    roles = tuple(_role(item, problems, known=known) for item in role_nodes)
    offices = tuple(_office(item, problems) for item in reader.maps("offices"))
    people = tuple(
        _person(item, problems, roles=roles, offices=offices)
        for item in reader.maps("people", required=False)
    )
    for key, names in (
        ("roles", [role.name for role in roles]),
        ("offices", [office.name for office in offices]),
        ("people", [person.username for person in people]),
    ):
        for twin in sorted({twin for twin in names if twin and names.count(twin) > 1}):
            reader.wrong(key, f"{twin} is written twice", "give each its own name")
    place = Place(
        name=name,
        title=reader.text("title", longest=60),
        owner=reader.text("owner", longest=100),
        branding=_branding(reader),
        roles=roles,
        offices=offices,
        people=people,
        reading=_reading(reader),
        menu=_menu(reader),
    )
    reader.done()
    return place


def _branding(reader: Reader) -> Branding:
    inner = reader.map("branding")
    if inner is None:
        return Branding("")
    branding = Branding(
        site_title=inner.text("site_title", longest=60),
        header_title=inner.text("header_title", default="", longest=60),
        footer=tuple(node.text for node in inner.texts("footer")),
        advice=inner.text("advice", default=""),
    )
    inner.done()
    return branding


def _menu(reader: Reader) -> dict[str, str]:
    inner = reader.map("menu", required=False)
    if inner is None:
        return {}
    words = {name: inner.text(name, longest=12) for name in MENU_ENTRIES if inner.has(name)}
    inner.done()
    return words


def _reading(reader: Reader) -> Reading:
    inner = reader.map("reading", required=False)
    if inner is None:
        return Reading()
    reading = Reading(inner.whole("daily", least=1), inner.whole("further", least=1))
    inner.done()
    return reading


def _role(node: Node, problems: Problems, *, known: list[str]) -> Role:
    reader = Reader(node, "role", problems)
    assigned = reader.texts("assigns")
    for item in assigned:
        if item.text not in known:
            problems.add(item, f"role: the place has no role {item.text}", nearest(item.text, known))
    role = Role(
        name=reader.name(),
        title=reader.text("title", longest=40),
        duties=reader.text("duties", default=""),
        sees=reader.member("sees", Sees, default=Sees.PLACE),
        assigns=tuple(item.text for item in assigned),
    )
    reader.done()
    return role


def _office(node: Node, problems: Problems) -> Office:
    reader = Reader(node, "office", problems)
    office = Office(
        name=reader.name(),
        title=reader.text("title", longest=60),
        address=reader.text("address", default=""),
        phone=reader.text("phone", default="", longest=40),
        hours=reader.text("hours", default=""),
    )
    reader.done()
    return office


def _person(
    node: Node, problems: Problems, *, roles: tuple[Role, ...], offices: tuple[Office, ...]
) -> DemoPerson:
    reader = Reader(node, "person", problems)
    known = [role.name for role in roles]
    held = reader.texts("roles")
    for item in held:
        if item.text not in known:
            problems.add(item, f"person: the place has no role {item.text}", nearest(item.text, known))
    office = reader.one_of("office", [office.name for office in offices], default="")
    if held and not office:
        reader.wrong("roles", "somebody with a role has no office", "add office")
    person = DemoPerson(
        username=reader.text("username", longest=30),
        name=reader.text("name", longest=50),
        office=office,
        roles=tuple(item.text for item in held),
    )
    reader.done()
    return person
