"""What a card cannot print of somebody's answers: found while there is time to say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yincai.cards.fonts import without_glyph
from yincai.engine.showing import printed_card
from yincai.engine.spec import Programme


@dataclass(frozen=True, slots=True)
class Gap:
    """One line of a card with characters that no font has, and the answers that it is made of."""

    label: str
    characters: str
    answers: frozenset[str]

    @property
    def code_points(self) -> dict[str, str]:
        """Each character by its number (U+20BB7), for screens that cannot draw it either."""
        return {one: f"U+{ord(one):04X}" for one in self.characters}


def gaps(programme: Programme, facts: Mapping[str, Any]) -> list[Gap]:
    """The lines of the programme's card that could not be printed whole from these facts."""
    printed = printed_card(programme, facts)
    lacking = {field.name: without_glyph(printed[field.name]) for field in programme.card.fields}
    return [
        Gap(field.label, lacking[field.name], frozenset(name.partition(".")[0] for name in field.value.names))
        for field in programme.card.fields
        if lacking[field.name]
    ]


def notes_beside(programme: Programme, facts: Mapping[str, Any]) -> dict[str, str]:
    """For the applicant, by answer: which character cannot be printed yet, and that it hinders nothing."""
    return {answer: _note(gap.characters) for gap in gaps(programme, facts) for answer in gap.answers}


def _note(characters: str) -> str:
    return (
        f"您没有填错，请照证件保留。「{'、'.join(characters)}」字较少见，现有字库还印不到电子卡上。"
        "不影响您提交申请；制卡前窗口人员会与您联系，商定印法。"
    )
