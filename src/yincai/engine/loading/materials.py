"""Reads materials.yaml: the documents that an applicant hands in."""

from __future__ import annotations

from yincai.engine.kinds import Type
from yincai.engine.loading.marked import Node
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader
from yincai.engine.loading.scopes import known_codes
from yincai.engine.parts import Scope, nearest
from yincai.engine.spec import Accept, Concerns, Material, MaterialForm

LIBRARY_LIST = "library_documents"


def read_materials(nodes: list[Node], scope: Scope, problems: Problems) -> tuple[Material, ...]:
    """Return every material; what is wrong is noted."""
    materials: list[Material] = []
    for node in nodes:
        material = read_material(node, scope, problems)
        if material.name and material.name in {other.name for other in materials}:
            problems.add(node, f"material {material.name} is written twice", "give each its own name")
        materials.append(material)
    return tuple(materials)


def read_material(node: Node, scope: Scope, problems: Problems) -> Material:
    """Return one material. ``scope`` holds the facts that its conditions may name."""
    name = node.entries["name"].text if "name" in node.entries else ""
    reader = Reader(node, f"material {name or 'without a name'}", problems)
    material = Material(
        name=reader.name(),
        title=reader.text("title", longest=100),
        form=reader.member("form", MaterialForm),
        required=reader.condition("required", scope),
        visible=reader.expression("visible", scope, wants=Type.BOOL),
        accept=_accept(reader),
        max_files=reader.whole("max_files", default=1, least=1, most=50),
        hint=reader.text("hint", default=""),
        types=_types(reader),
        concerns=reader.member("concerns", Concerns, default=Concerns.APPLICANT),
    )
    reader.done()
    return material


def _types(reader: Reader) -> tuple[str, ...]:
    known = known_codes(LIBRARY_LIST)
    nodes = reader.texts("types")
    for node in nodes:
        if node.text not in known:
            fix = f"write codes of data/codes/{LIBRARY_LIST}.json"
            reader.problems.add(node, f"{reader.what}: types has {node.text}", fix)
    return tuple(node.text for node in nodes if node.text in known)


def _accept(reader: Reader) -> tuple[Accept, ...]:
    known = [member.value for member in Accept]
    nodes = reader.texts("accept")
    for node in nodes:
        if node.text not in known:
            reader.problems.add(node, f"{reader.what}: accept has {node.text}", nearest(node.text, known))
    picked = {node.text for node in nodes} & set(known)
    return tuple(member for member in Accept if member in picked) or (Accept.IMAGE, Accept.PDF)
