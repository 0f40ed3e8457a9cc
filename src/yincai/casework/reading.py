"""Rows opened for the room's own use; callers have already been let in (private to the room)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yincai.casework.models import Case, Material, SectionRevision
from yincai.casework.sealing import answers_of, content_of
from yincai.casework.vocabulary import SectionContent
from yincai.documents import queries as documents
from yincai.engine import forms
from yincai.engine.forms import Missing
from yincai.engine.spec import Programme
from yincai.foundation import clock
from yincai.foundation.errors import SomeoneWasFirst
from yincai.programmes import queries as programmes


def contents_of(case: Case) -> dict[str, SectionContent]:
    """The newest revision of every section that was ever saved."""
    rows = SectionRevision.objects.filter(case=case).order_by("section", "-revision").distinct("section")
    return {row.section: content_of(case, row) for row in rows}


def revision_of(case: Case, section: str, revision: int) -> SectionContent:
    """One saved revision; revision 0 is the empty section; `SomeoneWasFirst` when there is no such
    revision."""
    if revision == 0:
        return SectionContent(section)
    row = SectionRevision.objects.filter(case=case, section=section, revision=revision).first()
    if row is None:
        raise SomeoneWasFirst
    return content_of(case, row)


def draft_values(case: Case) -> dict[str, Any]:
    """Every valid value of the draft, whichever section holds it."""
    return {name: value for content in contents_of(case).values() for name, value in content.values.items()}


def in_context(case: Case, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with the day and the variant, as conditions ask for them."""
    return dict(forms.with_context(values, today=clock.today(), variant=case.variant))


def submitted_values(case: Case) -> dict[str, Any]:
    """The effective answers of the newest frozen round; of a draft, what would be frozen now."""
    newest = case.rounds.order_by("-number").first()
    if newest is not None:
        return answers_of(case, newest)
    spec = programmes.version(case.publication_id).programme
    return dict(forms.effective_values(spec, draft_values(case), today=clock.today(), variant=case.variant))


def facts_of(case: Case) -> dict[str, Any]:
    """What the workflow's guards and the card may ask about a case."""
    return in_context(case, submitted_values(case))


def live_materials(case_id: UUID) -> list[Material]:
    """The documents in the case that were not taken away, oldest first."""
    return list(Material.objects.filter(case_id=case_id, removed_at__isnull=True).order_by("added_at", "id"))


def guard_facts(case: Case) -> dict[str, Any]:
    """What guards may ask beside: whether nothing is missing, and which submission round would be the
    next."""
    return {**facts_of(case), "complete": not what_is_missing(case), "round": case.round_number + 1}


def what_is_missing(case: Case) -> list[Missing]:
    """`missing` for a case already fetched: required answers, answers that are wrong, documents, unread
    documents."""
    spec = programmes.version(case.publication_id).programme
    stored = contents_of(case)
    values = {name: value for content in stored.values() for name, value in content.values.items()}
    facts = in_context(case, values)
    wrong = [
        Missing(section, path, f"“{_label(spec, path)}”填写有误，请改正。")
        for section, content in stored.items()
        for path in content.typed
        if forms.shows_path(spec, facts, path)
    ]
    places = {(one.section, one.path) for one in wrong}
    lacking = forms.missing(
        spec, values, documents=documents_by_slot(case.id), today=clock.today(), variant=case.variant
    )
    return wrong + [one for one in lacking if (one.section, one.path) not in places]


def _label(spec: Programme, path: str) -> str:
    """What the form calls the field of this path; 这一项 for one that a newer version no longer has."""
    name = path.partition(".")[0]
    fields = (field for section in spec.sections for field in section.fields)
    return next((field.label for field in fields if field.name == name), "这一项")


def documents_by_slot(case_id: UUID) -> Counter[str]:
    """How many documents each slot holds that were found safe."""
    files = live_materials(case_id)
    safe = {one.id for one in documents.documents([file.document_id for file in files]) if one.is_safe}
    return Counter(file.slot for file in files if file.document_id in safe)
