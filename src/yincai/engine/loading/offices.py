"""Reads `office:` of programme.yaml: which office of the place handles a case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from types import MappingProxyType

from yincai.engine.kinds import Kind
from yincai.engine.loading.reader import Reader
from yincai.engine.parts import Scope, nearest
from yincai.engine.place import Office
from yincai.engine.spec import ROUTES, OfficeRule

DECIDING = (Kind.CODE, Kind.RADIO, Kind.ORGANISATION)


Districts = Collection[str] | None
"""The districts of the place's directory; empty without one, None where the place is not known."""


def read_office(
    main: Reader, scope: Scope, offices: Sequence[Office] | None, districts: Districts = None
) -> OfficeRule:
    """The rule under ``office``: one name, or ``{by, offices, otherwise}``; no rule when it is absent."""
    if not main.has("office"):
        return OfficeRule()
    known = None if offices is None else [office.name for office in offices]
    if main.at("office").kind == "text":
        return OfficeRule(_known(main, "office", known))
    inner = main.map("office")
    if inner is None:
        return OfficeRule()
    choices = [name for name, kind in scope.names.items() if kind in DECIDING and "." not in name]
    otherwise, by = _known(inner, "otherwise", known), inner.one_of("by", choices)
    by_route = scope.names.get(by) is Kind.ORGANISATION
    if by_route and districts is not None and not districts:
        wrong = f"by: {by} names an organisation, but the place keeps none"
        inner.wrong("by", wrong, "add organisations.yaml beside place.yaml, or name a code or radio field")
    routes = [*ROUTES, *districts] if by_route and districts else None
    rule = OfficeRule(otherwise, by, MappingProxyType(_by_answer(inner, known, routes)), by_route)
    inner.done()
    return rule


def _by_answer(inner: Reader, known: list[str] | None, routes: list[str] | None) -> dict[str, str]:
    answers = inner.map("offices")
    if answers is None:
        return {}
    found = {answer: _known(answers, answer, known) for answer in answers.node.entries}
    for answer in found if routes else ():
        if answer not in (routes or ()):
            answers.wrong(answer, f"no organisation's people go to {answer}", nearest(answer, routes or []))
    answers.done()
    return found


def _known(reader: Reader, key: str, known: list[str] | None) -> str:
    name = reader.text(key)
    if name and known is not None and name not in known:
        reader.wrong(key, f"the place has no office {name}", nearest(name, known))
    return name
