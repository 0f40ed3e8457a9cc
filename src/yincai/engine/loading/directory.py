"""Reads organisations.yaml, schools.yaml and majors.yaml of a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from yincai.engine.directory import (
    CITY_AUTHORITY,
    DISTRICT_AUTHORITY,
    DirectorySpec,
    Routing,
    Seed,
    Sort,
    Word,
)
from yincai.engine.loading.marked import Node, read_yaml
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reader import Reader, is_map
from yincai.engine.parts import nearest
from yincai.foundation import codes
from yincai.foundation.identifiers import IdentifierError, check_uscc

FILE: Final = "organisations.yaml"
SCHOOLS: Final = "schools.yaml"
MAJORS: Final = "majors.yaml"
LONGEST_NAME: Final = 100


def read_directory(files: Mapping[str, str], problems: Problems) -> DirectorySpec | None:
    """Return what the files (name → text) say, None without `organisations.yaml`; mistakes are noted."""
    reader = _reader(files, FILE, problems)
    if reader is None:
        return None
    kinds, affiliations = _words(reader, "kinds"), _words(reader, "affiliations")
    districts = _districts(reader)
    support = reader.text("support", default="", longest=200)
    routing = _routing(reader, kinds=kinds, affiliations=affiliations)

    def organisation(inner: Reader) -> tuple[str, dict[str, str]]:
        facts = {
            "kind": inner.one_of("kind", [one.name for one in kinds]),
            "affiliation": inner.one_of("affiliation", [one.name for one in affiliations]),
            "department": inner.text("department", default="", longest=100),
            "supervised": "on" if inner.flag("supervised", default=False) else "",
            "address": inner.text("address", default="", longest=200),
            "district": inner.one_of("district", districts),
        }
        return _uscc(inner), facts

    seeds = {Sort.ORGANISATION: _seeds(reader, "organisations", organisation)}
    reader.done()
    school_kinds: tuple[Word, ...] = ()
    levels: tuple[Word, ...] = ()
    if schools := _reader(files, SCHOOLS, problems):
        school_kinds = _words(schools, "kinds")
        countries = codes.load("countries").codes

        def school(inner: Reader) -> tuple[str, dict[str, str]]:
            country = inner.one_of("country", countries, default="CHN" if "CHN" in countries else None)
            return "", {"country": country, "kind": inner.one_of("kind", [one.name for one in school_kinds])}

        seeds[Sort.SCHOOL] = _seeds(schools, "schools", school)
        schools.done()
    if majors := _reader(files, MAJORS, problems):
        levels = _words(majors, "levels")

        def major(inner: Reader) -> tuple[str, dict[str, str]]:
            school_name = inner.text("school", default="", longest=LONGEST_NAME)
            level = inner.one_of("level", [one.name for one in levels])
            return "", {"school": school_name, "level": level}

        seeds[Sort.MAJOR] = _seeds(majors, "majors", major)
        majors.done()
    return DirectorySpec(districts, kinds, affiliations, routing, support, school_kinds, levels, seeds)


def _reader(files: Mapping[str, str], name: str, problems: Problems) -> Reader | None:
    text = files.get(name)
    node = None if text is None else read_yaml(name, text, problems)
    if node is None or not is_map(node, "the file", problems):
        return None
    return Reader(node, "the file", problems)


def _districts(reader: Reader) -> Mapping[str, str]:
    """A national code list by its name, or the place's own list."""
    if reader.at("districts").kind == "list":
        return {one.name: one.title for one in _words(reader, "districts")}
    name = reader.one_of("districts", [name for name in codes.names() if name.startswith("districts_")])
    return codes.load(name).codes if name else {}


def _words(reader: Reader, key: str) -> tuple[Word, ...]:
    found: list[Word] = []
    for node in reader.maps(key):
        inner = Reader(node, key, reader.problems)
        word = Word(inner.name(), inner.text("title", longest=40))
        if word.name in {one.name for one in found}:
            inner.wrong("name", f"{word.name} is written twice", "give each its own name")
        inner.done()
        found.append(word)
    return tuple(found)


def _routing(reader: Reader, *, kinds: tuple[Word, ...], affiliations: tuple[Word, ...]) -> Routing:
    inner = reader.map("routing")
    if inner is None:
        return Routing((), "")
    routing = Routing(
        administrator_kinds=_known(inner, "administrator_kinds", kinds),
        no_administrator=inner.text("no_administrator", longest=300),
        city_affiliations=_known(inner, "city_affiliations", affiliations),
        city_supervised=inner.flag("city_supervised", default=False),
        elsewhere_kinds=_known(inner, "elsewhere_kinds", kinds),
        elsewhere=inner.text("elsewhere", default="", longest=300),
        city_authority=inner.text("city_authority", default=CITY_AUTHORITY, longest=60),
        district_authority=inner.text("district_authority", default=DISTRICT_AUTHORITY, longest=60),
    )
    if routing.elsewhere_kinds and not routing.elsewhere:
        inner.wrong("elsewhere_kinds", "nobody is told where these go", "add `elsewhere:` with a sentence")
    inner.done()
    return routing


def _known(reader: Reader, key: str, words: tuple[Word, ...]) -> tuple[str, ...]:
    known = [one.name for one in words]
    found = reader.texts(key)
    for node in found:
        if node.text not in known:
            reader.problems.add(node, f"{reader.what}: {key} has {node.text}", nearest(node.text, known))
    return tuple(node.text for node in found if node.text in known)


def _seeds(
    reader: Reader, key: str, facts_of: Callable[[Reader], tuple[str, dict[str, str]]]
) -> tuple[Seed, ...]:
    """The rows of one list; each by its code, or its name where it has none, once."""
    found: dict[str, Seed] = {}
    for node in reader.maps(key, required=False):
        inner = Reader(node, key, reader.problems)
        name = inner.text("name", longest=LONGEST_NAME)
        code, facts = facts_of(inner)
        seed = Seed(name, code, facts, inner.day("since"), inner.flag("example", default=False))
        inner.done()
        if (code or name) in found:
            inner.wrong("name", f"{code or name} is written twice", "keep one of them")
        found[code or name] = seed
    return tuple(found.values())


def _uscc(reader: Reader) -> str:
    text = reader.text("uscc")
    try:
        return check_uscc(text) if text else ""
    except IdentifierError as error:
        node: Node = reader.at("uscc")
        reader.problems.add(node, f"{text} is no unified social credit code ({error.sentence})", "correct it")
        return ""
