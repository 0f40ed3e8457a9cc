"""Which office of the place a case belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ROUTES: Final = ("city", "elsewhere")
"""Where the people of an organisation go, other than to a district."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the people of a named organisation go: `to` is ``city``, ``district`` (of this code),
    ``elsewhere``, ``unknown`` or, of several records that differ, ``several``."""

    to: str
    district: str = ""

    @property
    def key(self) -> str:
        """By what a programme names its office; empty where no record decides."""
        return self.district if self.to == "district" else self.to if self.to in ROUTES else ""


@dataclass(frozen=True, slots=True)
class Decided:
    """The office of a case, and the word for what decided it."""

    office: str
    rule: str


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """Which office of the place handles a case: by the answer to the question ``by``, else ``otherwise``.

    ``by_route``: the question names an organisation, and the keys of ``by_answer`` are where its people go:
    ``city``, ``elsewhere`` or the code of a district.
    All empty: the case belongs to no office, and every holder of its roles sees it.
    """

    otherwise: str = ""
    by: str = ""
    by_answer: Mapping[str, str] = field(default_factory=dict)
    by_route: bool = False

    @property
    def is_declared(self) -> bool:
        """Whether cases belong to offices at all."""
        return bool(self.otherwise or self.by)

    def decide(self, answers: Mapping[str, Any], *, destination_of: Callable[[str], Destination]) -> Decided:
        """The office for these answers; ``destination_of`` an organisation, by its name.

        The rule is ``always``, ``answer`` or ``otherwise``, with ``:`` and `Destination.to` behind by an
        organisation.
        """
        if not self.by:
            return Decided(self.otherwise, "always")
        answer, word = str(answers.get(self.by) or ""), ""
        if self.by_route:
            found = destination_of(answer)
            answer, word = found.key, f":{found.to}"
        office = self.by_answer.get(answer, "")
        return Decided(office or self.otherwise, f"{'answer' if office else 'otherwise'}{word}")
