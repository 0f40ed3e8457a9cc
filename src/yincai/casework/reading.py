"""Rows opened for the room's own use; callers have already been let in (private to the room)."""

from __future__ import annotations

from uuid import UUID

from yincai.casework.models import Case, Material, Round, SectionRevision
from yincai.casework.sealing import content_of
from yincai.casework.vocabulary import DrawnPage, SectionContent
from yincai.foundation.errors import NotFound, SomeoneWasFirst
from yincai.foundation.once import once
from yincai.foundation.statements import Rows

NEWEST = Rows(SectionRevision, "case_id = %(case)s ORDER BY section, revision DESC", distinct="section")
MATERIALS = Rows(Material, "case_id = %(case)s ORDER BY added_at, id")


def contents_of(case: Case) -> dict[str, SectionContent]:
    """The newest revision of every section that was ever saved."""
    return {row.section: content_of(case, row) for row in NEWEST.all(case=case.id)}


def revision_of(case: Case, section: str, revision: int) -> SectionContent:
    """One saved revision; revision 0 is the empty section; `SomeoneWasFirst` when there is no such
    revision."""
    if revision == 0:
        return SectionContent(section)
    row = SectionRevision.objects.filter(case=case, section=section, revision=revision).first()
    if row is None:
        raise SomeoneWasFirst
    return content_of(case, row)


def revisions_since(case: Case, section: str, revision: int) -> list[tuple[UUID | None, SectionContent]]:
    """What was saved after a revision, oldest first, each with the key of the page that saved it."""
    rows = SectionRevision.objects.filter(case=case, section=section, revision__gt=revision)
    return [(row.page, content_of(case, row)) for row in rows.order_by("revision")]


def was_overtaken(case: Case, section: str, page: DrawnPage) -> bool:
    """Whether a later save of the same page arrived before this one."""
    rows = SectionRevision.objects.filter(case=case, section=section, page=page.key)
    return rows.filter(page_save__gt=page.save).exists()


def frozen_round(case: Case, number: int) -> Round:
    """One submission of a case; `NotFound` when there was none of that number."""
    found = once(("round", case.id, number), lambda: case.rounds.filter(number=number).first())
    if found is None:
        raise NotFound("没有这一次提交的记录。请返回申请页面重新选择。")
    return found


def live_materials(case_id: UUID) -> list[Material]:
    """The documents that the next submission would hold, oldest first."""
    return [row for row in materials_ever(case_id) if row.removed_at is None and row.superseded_in is None]


def materials_of(frozen: Round) -> list[Material]:
    """The documents that a round holds, oldest first, those superseded since among them."""
    return [row for row in materials_ever(frozen.case_id) if str(row.document_id) in frozen.materials]


def materials_ever(case_id: UUID) -> list[Material]:
    """The documents that were ever in the case, those taken away among them, oldest first."""
    return once(("materials", case_id), lambda: MATERIALS.all(case=case_id))
