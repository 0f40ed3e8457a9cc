"""谁看过我的资料: the looks of staff at a case, grouped by visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from yincai.engine.place import Place
from yincai.ledger.vocabulary import EntryView

SAME_VISIT = timedelta(minutes=30)
PARTS = {
    "status": "办理状态",
    "case": "申请内容",
    "ticket": "求助内容",
    "complaint": "投诉内容",
    "form": "申请表",
    "receipt": "受理回执",
    "card": "电子卡",
}
EXPORTED = {
    "": "导出的表格（姓名和号码已隐去中间部分）",
    "whole": "导出的表格（含完整的姓名、证件号码和手机号）",
}


@dataclass
class Visit:
    """One member of staff, or one system of others, at the case without a pause of half an hour."""

    who: str
    office: str
    begun: datetime
    ended: datetime
    reasons: dict[str, None] = field(default_factory=dict)
    parts: dict[str, None] = field(default_factory=dict)


def visits_of(
    history: Iterable[EntryView],
    *,
    place: Place,
    documents: Mapping[UUID, str],
    answers: Mapping[str, str],
) -> list[Visit]:
    """The visits in a history, newest first.

    `documents` are the titles of the slots by document, `answers` the labels of answers by name: what was
    looked at is named in these words.
    """
    roles = {one.name: one.title for one in place.roles}
    offices = {one.name: one.title for one in place.offices}
    found: list[Visit] = []
    open_visits: dict[UUID | str, Visit] = {}
    for entry in history:
        if not entry.is_read:
            continue
        reader = entry.actor.id or entry.actor.role  # a system of others has a name alone
        visit = open_visits.get(reader)
        if visit is None or entry.at - visit.ended > SAME_VISIT:
            visit = Visit(
                who=_words(entry.actor.role, roles),
                office=_words(entry.office, offices),
                begun=entry.at,
                ended=entry.at,
            )
            open_visits[reader] = visit
            found.append(visit)
        visit.ended = entry.at
        visit.reasons[entry.said("purpose")] = None
        visit.parts[_part(str(entry.payload["what"]), documents, answers)] = None
    return found[::-1]


def _words(names: str, titles: Mapping[str, str]) -> str:
    return "、".join(titles.get(name, name) for name in names.split("、") if name)


def _part(what: str, documents: Mapping[UUID, str], answers: Mapping[str, str]) -> str:
    kind, _, name = what.partition(":")
    if kind == "document":
        return f"材料「{documents.get(UUID(name), '已撤下的材料')}」"
    if kind == "answer":
        return f"「{answers.get(name, name)}」的完整内容"
    if kind == "export":
        return EXPORTED["whole" if name == "whole" else ""]
    return PARTS.get(kind, "申请内容")
