"""A case that somebody was let in to, with what lies in it: fetched and opened once, when first asked for.

What was handed in is read from its frozen round; the draft is for whoever fills it in (`Dossier.draft`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from yincai.casework import reading
from yincai.casework.models import Case, Round
from yincai.casework.sealing import answers_of, is_forgotten
from yincai.casework.slots import Slot, slots_of
from yincai.casework.views import case_view, material_view
from yincai.casework.vocabulary import CaseView, MaterialView, SectionContent
from yincai.documents import queries as documents
from yincai.documents.vocabulary import DocumentView, State
from yincai.engine import forms
from yincai.engine.forms import MATERIALS, Missing
from yincai.engine.spec import Programme
from yincai.foundation import clock
from yincai.programmes import queries as programmes


class Dossier:
    """One case for the length of a request or a transaction; whoever has written takes a new one.

    It shows one frozen round, the newest unless another is named; round 0 is the draft, which only its
    applicant sees.
    """

    def __init__(self, row: Case, *, round_number: int | None = None) -> None:
        self.row = row  # for this room alone
        self.round_number = row.round_number if round_number is None else round_number
        self.spec: Programme = programmes.version(row.publication_id).programme

    @classmethod
    def draft(cls, row: Case) -> Dossier:
        """What the applicant is filling in, before the first submission or in a correction."""
        return cls(row, round_number=0)

    @cached_property
    def case(self) -> CaseView:
        """The case as other rooms see it."""
        return case_view(self.row)

    @cached_property
    def is_forgotten(self) -> bool:
        """Whether the applicant had their key destroyed: nothing that they wrote can be shown any more."""
        return is_forgotten(self.row)

    @cached_property
    def contents(self) -> dict[str, SectionContent]:
        """Every section as its applicant last saved it; of a round, as it was submitted."""
        if self.frozen is None:
            return reading.contents_of(self.row)
        return {
            section.name: SectionContent(
                section.name,
                values={
                    one.name: self.answers[one.name] for one in section.fields if one.name in self.answers
                },
                saved_at=self.frozen.submitted_at,
            )
            for section in self.spec.sections
        }

    @cached_property
    def frozen(self) -> Round | None:
        """The round that is shown (for this room alone); none of a draft."""
        return reading.frozen_round(self.row, self.round_number) if self.round_number else None

    @cached_property
    def checked(self) -> dict[str, SectionContent]:
        """The sections judged again, by the version that the case is pinned to and by today.

        What was valid when it was saved may not be so any more: the draft was moved to a newer version, or
        a day has passed.  Such a value counts as typed, not as answered.
        """
        known = self.values
        return {
            name: self._judged(content, known)
            for name, content in self.contents.items()
            if name in {section.name for section in self.spec.sections}
        }

    def _judged(self, content: SectionContent, known: Mapping[str, Any]) -> SectionContent:
        posted = forms.as_posted(self.spec, content.section, content.values, content.typed)
        again = forms.clean_section(
            self.spec,
            content.section,
            posted,
            known={**known, "variant": self.row.variant},
            today=clock.today(),
        )
        return replace(content, values=again.values, typed=again.typed)

    @cached_property
    def checked_values(self) -> dict[str, Any]:
        """Every value that holds, whichever section has it."""
        return {name: value for one in self.checked.values() for name, value in one.values.items()}

    @cached_property
    def values(self) -> dict[str, Any]:
        """Every valid value of the draft, whichever section holds it."""
        return {name: value for one in self.contents.values() for name, value in one.values.items()}

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The values of the draft with the day and the variant, as conditions ask for them."""
        return self._in_context(self.values)

    @cached_property
    def effective(self) -> dict[str, Any]:
        """What would be frozen if the draft were submitted now."""
        return dict(
            forms.effective_values(
                self.spec, self.checked_values, today=clock.today(), variant=self.row.variant
            )
        )

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        """The effective answers of the round; of a draft, what would be frozen now."""
        return self.effective if self.frozen is None else answers_of(self.row, self.frozen)

    @cached_property
    def materials(self) -> list[MaterialView]:
        """The documents of the round, of a draft those that it would hold, oldest first."""
        if self.frozen is None:
            return [material_view(one) for one in reading.live_materials(self.row.id)]
        return [material_view(one) for one in reading.materials_of(self.frozen)]

    @cached_property
    def documents(self) -> dict[UUID, DocumentView]:
        """The files behind the materials, by id."""
        found = documents.documents([one.document_id for one in self.materials])
        return {one.id: one for one in found}

    @cached_property
    def slots(self) -> list[Slot]:
        """Every place for documents that the case has now, and whether something must be there."""
        return slots_of(self.spec, self.facts)

    @cached_property
    def missing(self) -> list[Missing]:
        """What stands between the draft and its submission: answers that are wrong or wanting, documents."""
        if self.frozen is not None:
            return []
        facts = self._in_context(self.checked_values)
        wrong = [
            Missing(section, path, f"“{label_of_field(self.spec, path)}”填写有误，请改正。")
            for section, content in self.checked.items()
            for path in content.typed
            if forms.shows_path(self.spec, facts, path)
        ]
        places = {(one.section, one.path) for one in wrong}
        lacking = forms.missing(
            self.spec,
            self.checked_values,
            documents=self.usable_documents,
            today=clock.today(),
            variant=self.row.variant,
        )
        wanting = [one for one in lacking if (one.section, one.path) not in places]
        return wrong + wanting + self._unread() + self._crowded()

    def _unread(self) -> list[Missing]:
        """Documents that nobody may see yet: a round never holds one."""
        titles = {slot.name: slot.title for slot in self.slots}
        return [
            Missing(MATERIALS, one.slot, f"“{titles.get(one.slot, '材料')}”还在检查，请稍等片刻再提交。")
            for one in self.materials
            if self.documents[one.document_id].state is State.HELD
        ]

    def _crowded(self) -> list[Missing]:
        """Slots that hold more than they take: a replacement came and what it replaces was not deleted."""
        held = Counter(one.slot for one in self.materials)
        return [
            Missing(
                MATERIALS,
                slot.name,
                f"“{slot.title}”最多 {slot.material.max_files} 份，现在有 {held[slot.name]} 份。"
                "请删除多余的再提交。",
            )
            for slot in self.slots
            if held[slot.name] > slot.material.max_files
        ]

    @property
    def open_form(self) -> bool:
        """Whether a question of the form, documents aside, still waits for a good answer."""
        uploads = {slot.name for slot in self.slots}
        return any(one.section != MATERIALS and one.path not in uploads for one in self.missing)

    @cached_property
    def submitted_facts(self) -> dict[str, Any]:
        """What the card may ask: the answers with the day and the variant."""
        return self._in_context(self.answers)

    @cached_property
    def guard_facts(self) -> dict[str, Any]:
        """What guards may ask beside: whether nothing is missing, and which round would be the next."""
        return {
            **self.submitted_facts,
            "complete": not self.missing,
            "round": self.row.round_number + 1,
        }

    def _in_context(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return dict(forms.with_context(values, today=clock.today(), variant=self.row.variant))

    @cached_property
    def usable_documents(self) -> Counter[str]:
        """How many documents each slot holds that were not refused; `_unread` names those being read."""
        usable = (one for one in self.materials if self.documents[one.document_id].state is not State.REFUSED)
        return Counter(one.slot for one in usable)


def label_of_field(spec: Programme, path: str) -> str:
    """What the form calls the field of this path; 这一项 for one that a newer version no longer has."""
    name = path.partition(".")[0]
    fields = (field for section in spec.sections for field in section.fields)
    return next((field.label for field in fields if field.name == name), "这一项")
