"""Where an application stands while it is filled in: the three steps of the guide and the sections of the
first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yincai.casework.vocabulary import CaseView, SectionContent
from yincai.engine import forms
from yincai.engine.spec import Section
from yincai.foundation import clock

DONE, BEGUN, WAITING = "已完成", "填写中", "待填写"


@dataclass(frozen=True)
class SectionState:
    """One section and how far it is."""

    section: Section
    state: str


def section_states(
    case: CaseView, stored: Mapping[str, SectionContent], facts: Mapping[str, Any]
) -> list[SectionState]:
    """Every section that the answers so far let show, with 已完成 / 填写中 / 待填写."""
    uploads = {field.name: 1 for section in case.spec.sections for field in section.fields}
    open_sections = {
        one.section
        for one in forms.missing(
            case.spec, facts, documents=uploads, today=clock.today(), variant=case.variant
        )
    }

    def state(section: Section) -> str:
        content = stored.get(section.name)
        if content is None or content.revision == 0:
            return WAITING
        return BEGUN if content.typed or section.name in open_sections else DONE

    return [SectionState(one, state(one)) for one in forms.visible_sections(case.spec, facts)]
