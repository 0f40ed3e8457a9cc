"""A case that somebody was let in to, with what lies in it: fetched and opened once, when first asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from yincai.casework import reading
from yincai.casework.models import Case
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
    """One case for the length of a request or a transaction; whoever has written takes a new one."""

    def __init__(self, row: Case) -> None:
        self.row = row  # for this room alone
        self.spec: Programme = programmes.version(row.publication_id).programme

    @cached_property
    def case(self) -> CaseView:
        """The case as other rooms see it."""
        return case_view(self.row)

    @cached_property
    def contents(self) -> dict[str, SectionContent]:
        """Every section as its applicant last saved it."""
        return reading.contents_of(self.row)

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
        """The effective answers of the newest frozen round; of a draft, what would be frozen now."""
        return reading.frozen_values(self.row) if self.row.round_number else self.effective

    @cached_property
    def materials(self) -> list[MaterialView]:
        """The documents that were not taken away, oldest first."""
        return [material_view(one) for one in reading.live_materials(self.row.id)]

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
        facts = self._in_context(self.checked_values)
        wrong = [
            Missing(section, path, f"“{_label(self.spec, path)}”填写有误，请改正。")
            for section, content in self.checked.items()
            for path in content.typed
            if forms.shows_path(self.spec, facts, path)
        ]
        places = {(one.section, one.path) for one in wrong}
        lacking = forms.missing(
            self.spec,
            self.checked_values,
            documents=self._documents_by_slot(),
            today=clock.today(),
            variant=self.row.variant,
        )
        return wrong + [one for one in lacking if (one.section, one.path) not in places] + self._unread()

    def _unread(self) -> list[Missing]:
        """Documents that nobody may see yet: a round never holds one."""
        titles = {slot.name: slot.title for slot in self.slots}
        return [
            Missing(MATERIALS, one.slot, f"“{titles.get(one.slot, '材料')}”还在检查，请稍等片刻再提交。")
            for one in self.materials
            if self.documents[one.document_id].state is State.HELD
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

    def _documents_by_slot(self) -> Counter[str]:
        """How many documents each slot holds that were not refused; `_unread` names those being read."""
        usable = (one for one in self.materials if self.documents[one.document_id].state is not State.REFUSED)
        return Counter(one.slot for one in usable)


def _label(spec: Programme, path: str) -> str:
    """What the form calls the field of this path; 这一项 for one that a newer version no longer has."""
    name = path.partition(".")[0]
    fields = (field for section in spec.sections for field in section.fields)
    return next((field.label for field in fields if field.name == name), "这一项")
