"""Reads `office:` of programme.yaml: which office of the place handles a case."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from yincai.engine.kinds import Kind
from yincai.engine.loading.reader import Reader
from yincai.engine.parts import Scope, nearest
from yincai.engine.place import Office
from yincai.engine.spec import OfficeRule


def read_office(main: Reader, scope: Scope, offices: Sequence[Office] | None) -> OfficeRule:
    """The rule under ``office``: one name, or ``{by, offices, otherwise}``; no rule when it is absent."""
    if not main.has("office"):
        return OfficeRule()
    known = None if offices is None else [office.name for office in offices]
    if main.at("office").kind == "text":
        return OfficeRule(_known(main, "office", known))
    inner = main.map("office")
    if inner is None:
        return OfficeRule()
    choices = [name for name, kind in scope.names.items() if kind in (Kind.CODE, Kind.RADIO)]
    rule = OfficeRule(
        otherwise=_known(inner, "otherwise", known),
        by=inner.one_of("by", choices),
        by_answer=MappingProxyType(_by_answer(inner, known)),
    )
    inner.done()
    return rule


def _by_answer(inner: Reader, known: list[str] | None) -> dict[str, str]:
    answers = inner.map("offices")
    if answers is None:
        return {}
    found = {answer: _known(answers, answer, known) for answer in answers.node.entries}
    answers.done()
    return found


def _known(reader: Reader, key: str, known: list[str] | None) -> str:
    name = reader.text(key)
    if name and known is not None and name not in known:
        reader.wrong(key, f"the place has no office {name}", nearest(name, known))
    return name
