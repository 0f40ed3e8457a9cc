"""What editors do to a place's writings: write, change, submit, send back, publish, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from yincai.directory.editions import (
    may_edit,
    newest_standing,
    next_version,
    open_version_of_writing,
    row_for,
    standing_rows,
    version_view,
)
from yincai.directory.publishing import hold_library, put_out, tell, withdraw_rows, withdraw_writing
from yincai.directory.spelling import grams_of
from yincai.directory.wording import WORDS, clean_words, reason_in
from yincai.directory.writing_models import PlacedWriting
from yincai.directory.writing_words import (
    EDITOR,
    BeingChanged,
    ChangedMeanwhile,
    Edition,
    OwnWords,
    VersionView,
    WritingEvent,
)
from yincai.engine.writings import Shelf
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, Problem
from yincai.ledger.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a form of one version carries beside its inputs: the count of changes that it was drawn from, and
    its submission key.  Every button of a page has the same key."""

    seen: int
    key: UUID

    def to(self, act: str) -> Sheet:
        """The sheet for one act: what was sent twice is known by it, another act is not taken for it."""
        return Sheet(self.seen, uuid5(self.key, act))


def write_writing(place: str, *, actor: Actor, typed: Mapping[str, str], key: UUID) -> VersionView:
    """Begin a new writing as a draft; its name is made here.

    The same key again gives what it gave before.  Raises `NotFound` for others than editors, `Invalid`.
    """
    words = clean_words(typed)
    with transaction.atomic():
        hold_library(place)
        before = PlacedWriting.objects.filter(submission_key=key, place=place).first()
        if not may_edit(actor, place):
            raise NotFound
        if before is not None:
            return version_view(before)
        name = _next_name(place, Shelf(words["shelf"]))
        return _begin(place, name, actor=actor, words=words, key=key)


def change_writing(version_id: UUID, *, actor: Actor, typed: Mapping[str, str], sheet: Sheet) -> VersionView:
    """Keep other words for a writing as its next version, a draft; what is shown stays.

    The version is one that was published or withdrawn.  Raises `NotFound`, `Invalid`, `BeingChanged` when
    somebody began to change it already, `ChangedMeanwhile` when another version was published meanwhile.
    """
    words = clean_words(typed)
    with transaction.atomic():
        hold_library(row_for(actor, version_id).place)
        row = row_for(actor, version_id)
        before = PlacedWriting.objects.filter(submission_key=sheet.key, place=row.place).first()
        if before is not None:
            return version_view(before)
        if open_version_of_writing(row.place, row.name):
            raise BeingChanged
        newest = newest_standing(row.place, row.name)
        if row.changes != sheet.seen or (newest is not None and newest.pk != row.pk):
            raise ChangedMeanwhile
        if row.edition not in (Edition.PUBLISHED, Edition.WITHDRAWN):
            raise ChangedMeanwhile
        return _begin(row.place, row.name, actor=actor, words=words, key=sheet.key)


def save_draft(version_id: UUID, *, actor: Actor, typed: Mapping[str, str], sheet: Sheet) -> VersionView:
    """Keep what a draft says now.  Raises `NotFound`, `Invalid`, `ChangedMeanwhile`."""
    words, sheet = clean_words(typed), sheet.to("save")
    with transaction.atomic():
        row = _taken(version_id, actor, sheet, Edition.DRAFT)
        if row.last_key == sheet.key:
            return version_view(row)
        _put_words(row, words)
        row.written_by = [one for one in row.written_by if one != actor.id] + _ids(actor)
        return _done(row, WritingEvent.CHANGED, actor, sheet)


def submit_draft(version_id: UUID, *, actor: Actor, sheet: Sheet) -> VersionView:
    """Hand a draft to another editor.  `Invalid` for what it lacks, `ChangedMeanwhile`."""
    sheet = sheet.to("submit")
    with transaction.atomic():
        row = _taken(version_id, actor, sheet, Edition.DRAFT)
        if row.last_key == sheet.key:
            return version_view(row)
        _refuse_incomplete(row)
        row.edition = Edition.SUBMITTED.value
        return _done(row, WritingEvent.SUBMITTED, actor, sheet)


def send_back(version_id: UUID, *, actor: Actor, sheet: Sheet, reason: str = "") -> VersionView:
    """Make a draft again of what was submitted; another one than who wrote it says why.

    What the folder brought is no draft of anybody: it is not taken (未采用).  Raises `NotFound`, `Invalid`,
    `ChangedMeanwhile`.
    """
    sheet = sheet.to("send back")
    with transaction.atomic():
        row = _taken(version_id, actor, sheet, Edition.SUBMITTED)
        if row.last_key == sheet.key:
            return version_view(row)
        words = reason_in(
            reason, needed=actor.id not in row.written_by, sentence="请写明退回的原因，撰写人会看到。"
        )
        row.edition = (Edition.DISCARDED if row.digest else Edition.DRAFT).value
        event = WritingEvent.DISCARDED if row.digest else WritingEvent.RETURNED
        return _done(row, event, actor, sheet, reason=words)


def discard_draft(version_id: UUID, *, actor: Actor, sheet: Sheet) -> VersionView:
    """Give a draft up; it stays on record.  Raises `NotFound`, `ChangedMeanwhile`."""
    sheet = sheet.to("discard")
    with transaction.atomic():
        row = _taken(version_id, actor, sheet, Edition.DRAFT)
        if row.last_key == sheet.key:
            return version_view(row)
        row.edition = Edition.DISCARDED.value
        return _done(row, WritingEvent.DISCARDED, actor, sheet)


def publish_version(version_id: UUID, *, actor: Actor, sheet: Sheet, against: int) -> VersionView:
    """Have residents read a version that was submitted, from its first day on, today without one.

    `against`: the version in force that it was compared with, 0 for none.  Raises `NotFound`, `OwnWords` for
    who wrote in it, `Invalid`, `ChangedMeanwhile`.
    """
    sheet = sheet.to("publish")
    with transaction.atomic():
        row = _taken(version_id, actor, sheet, Edition.SUBMITTED, Edition.PUBLISHED)
        if row.last_key == sheet.key:
            return version_view(row)
        if row.edition == Edition.PUBLISHED:
            raise ChangedMeanwhile
        if actor.id in row.written_by:
            raise OwnWords
        _refuse_other_force(row, against)
        _refuse_incomplete(row)
        row.changes, row.last_key = row.changes + 1, sheet.key
        put_out(row, actor=_editor(actor))
        return version_view(row)


def withdraw_version(
    version_id: UUID, *, actor: Actor, sheet: Sheet, against: int, reason: str
) -> VersionView:
    """Take a writing away from residents, at once, with a reason: what is shown and what was to follow.

    Of a version whose day has not come only that one is taken: the others stay.  `against`: the version in
    force when the form was drawn, 0 for none.  Raises `NotFound`, `Invalid`, `ChangedMeanwhile`.
    """
    sheet = sheet.to("withdraw")
    with transaction.atomic():
        row = _taken(version_id, actor, sheet, Edition.PUBLISHED, Edition.WITHDRAWN)
        if row.last_key == sheet.key:
            return version_view(row)
        words = reason_in(reason, needed=True, sentence="请写明撤下的原因，会记入记录。")
        if not standing_rows(row.place, row.name).filter(pk=row.pk).exists():
            raise ChangedMeanwhile
        _refuse_other_force(row, against)
        if version_view(row).is_coming:
            withdraw_rows([row], actor=_editor(actor), reason=words)
        else:
            withdraw_writing(row.place, row.name, actor=_editor(actor), reason=words)
        PlacedWriting.objects.filter(pk=row.pk).update(last_key=sheet.key)
        row.refresh_from_db()
        return version_view(row)


def _refuse_other_force(row: PlacedWriting, against: int) -> None:
    """Another version is in force than the one that the form was drawn from."""
    newest = newest_standing(row.place, row.name)
    if (newest.version if newest else 0) != against:
        raise ChangedMeanwhile


def _refuse_incomplete(row: PlacedWriting) -> None:
    """What must be there before residents read it; dates count from today."""
    problems = [] if row.text else [Problem("text", "还没有正文，不能提交。请修改后再提交。")]
    if row.until and row.until < max(row.since or clock.today(), clock.today()):
        problems.append(Problem("until", "有效期已经结束，不能提交和发布。请核对日期。"))
    if problems:
        raise Invalid(problems=problems)


def _taken(version_id: UUID, actor: Actor, sheet: Sheet, *editions: Edition) -> PlacedWriting:
    """The version to act on, its library held; one that this very form acted on already, as it is now."""
    hold_library(row_for(actor, version_id).place)
    row = row_for(actor, version_id, locked=True)
    if row.last_key != sheet.key and (row.edition not in editions or row.changes != sheet.seen):
        raise ChangedMeanwhile
    return row


def _begin(place: str, name: str, *, actor: Actor, words: dict[str, Any], key: UUID) -> VersionView:
    row = PlacedWriting(
        place=place,
        name=name,
        version=next_version(place, name),
        edition=Edition.DRAFT.value,
        written_by=_ids(actor),
        submission_key=key,
    )
    _put_words(row, words)
    row.save(force_insert=True)
    tell(row, WritingEvent.DRAFTED, _editor(actor))
    return version_view(row)


def _put_words(row: PlacedWriting, words: Mapping[str, Any]) -> None:
    for name in WORDS:
        setattr(row, name, words[name])
    row.grams = grams_of(f"{row.title} {row.number} {row.text}")


def _done(
    row: PlacedWriting, event: WritingEvent, actor: Actor, sheet: Sheet, *, reason: str = ""
) -> VersionView:
    row.changes, row.last_key, row.changed_at = row.changes + 1, sheet.key, clock.now()
    row.save()
    tell(row, event, _editor(actor), reason=reason)
    return version_view(row)


def _next_name(place: str, shelf: Shelf) -> str:
    """A name of the system's, by which the page is found; the folder's have no stroke in them."""
    start = f"{shelf}-{clock.today():%Y%m%d}-"
    used = PlacedWriting.objects.filter(place=place, name__startswith=start).values("name").distinct().count()
    return f"{start}{used + 1}"


def _ids(actor: Actor) -> list[UUID]:
    return [actor.id] if actor.id else []


def _editor(actor: Actor) -> Actor:
    return Actor("staff", actor.id, EDITOR)
