"""Reads how surely a programme must know its applicants, at which step."""

from __future__ import annotations

from yincai.engine.loading.reader import Reader
from yincai.engine.spec import ASSURANCES, AssuranceNeeds


def read_assurance(main: Reader) -> AssuranceNeeds:
    """Return what ``assurance:`` of ``programme.yaml`` asks for; nothing where it is left out."""
    inner = main.map("assurance", required=False)
    if inner is None:
        return AssuranceNeeds()
    open_, submit, card = (
        inner.one_of(step, ASSURANCES, default="registered") for step in ("open", "submit", "card")
    )
    inner.done()
    return AssuranceNeeds(open_ or "registered", submit or "registered", card or "registered")
