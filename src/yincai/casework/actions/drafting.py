"""A draft: opened, saved section by section from any device, moved to a newer version, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from yincai.casework import reading
from yincai.casework.actions.material import discard_materials
from yincai.casework.assuring import require_assurance
from yincai.casework.corrections import scope_for
from yincai.casework.dossier import Dossier
from yincai.casework.entering import require_application
from yincai.casework.merging import Merge, carry, merge
from yincai.casework.models import Case, SectionRevision
from yincai.casework.permissions import access_case
from yincai.casework.pinning import Scope, check_changes, filled_up
from yincai.casework.sealing import new_case_key, seal_content
from yincai.casework.views import case_view
from yincai.casework.vocabulary import (
    DELETED,
    MOVED,
    OPENED,
    CaseView,
    DrawnPage,
    EditedElsewhere,
    Saved,
    SectionContent,
    TooManyDrafts,
    Verb,
)
from yincai.engine import forms
from yincai.engine.spec import Section
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.foundation.statements import Rows, hold, insert, value
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes

Posted = Mapping[str, list[str]]
MOST_DRAFTS = 10
"""How many drafts of one programme an account may hold; what was submitted once is none."""
DRAFTS = """
    SELECT count(*) FROM casework_case
    WHERE account_id = %(account)s AND place = %(place)s AND programme = %(programme)s
        AND submitted_at IS NULL AND deleted_at IS NULL
"""
OPENED_BY = Rows(Case, "opening_key = %(key)s")


def open_draft(*, actor: Actor, place: str, programme: str, variant: str, key: UUID) -> CaseView:
    """Start a draft under the version in force.

    `key` comes from the form that asked: the same key gives the same draft, however often it arrives.
    `TooManyDrafts` when the account holds `MOST_DRAFTS` of the programme, `ApplicationNotAdded` when it lacks
    the system that the programme belongs to, `AssuranceNeeded` when its owner is not known surely enough;
    nothing is opened then.
    """
    if actor.kind != "applicant" or actor.id is None:
        raise NotAllowed("请先登录个人账号，再开始申请。")
    return open_for(actor.id, actor=actor, place=place, programme=programme, variant=variant, key=key)


def open_for(account: UUID, *, actor: Actor, place: str, programme: str, variant: str, key: UUID) -> CaseView:
    """Start a draft of this account, as `open_draft`; that the actor may, the caller has decided."""
    published = programmes.current(place, programme)
    require_application(account, place=place, programme=programme)
    require_assurance(account, published.programme, step="open")
    variants = published.programme.variants
    if variant not in ([one.code for one in variants if one.offered] if variants else [""]):
        raise Invalid("没有这种类型，或它现在没有开放申请。请返回上一页重新选择。")
    with transaction.atomic():
        case = Case(
            id=uuid4(),
            publication_id=published.id,
            place=place,
            programme=programme,
            variant=variant,
            account_id=account,
            opening_key=key,
            state=published.programme.workflow.initial,
            opened_at=clock.now(),
            state_since=clock.now(),
        )
        case.data_key = new_case_key(case)
        made = Case.objects.bulk_create([case], ignore_conflicts=True)
        (opened,) = OPENED_BY.all(key=key)
        if opened.account_id != account:
            raise NotAllowed("这个页面属于另一个账号。请返回首页重新开始。")
        if opened.id == made[0].id:
            _check_drafts(opened)
            record(
                chain=case.id,
                event=OPENED,
                actor=actor,
                payload={"version": published.number, "variant": variant},
            )
    return case_view(opened)


def _check_drafts(opened: Case) -> None:
    """Counted one after the other: of two drafts that are opened at once, both are counted."""
    hold(f"drafts:{opened.account_id}")
    if value(DRAFTS, account=opened.account_id, place=opened.place, programme=opened.programme) > MOST_DRAFTS:
        raise TooManyDrafts(MOST_DRAFTS)


def save_section(
    case_id: UUID,
    *,
    actor: Actor,
    section: str,
    posted: Posted,
    seen_revision: int,
    page: DrawnPage | None = None,
) -> Saved:
    """Save what was typed in one section as its next revision; nothing is required to be complete or valid.

    `seen_revision` is the revision whose values the page shows.  What another page changed meanwhile is
    joined in where the two do not touch the same field, otherwise `EditedElsewhere` and nothing is written.
    What this page saved itself, its answer lost on the way, is no other's; nor is what the page before it in
    the same window saved as it was left.  A save that a later one of its page overtook writes nothing, and
    neither does saving what is stored already.  What an identity number tells and nobody gave is
    filled in.  In a correction only what it opens may change (`NotPinned`), and nothing is filled in.
    """
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.EDIT, lock=True)
        stored = reading.contents_of(case)
        current = stored.get(section) or SectionContent(section)
        draft = Dossier.draft(case)
        scope = scope_for(draft)
        cleaned, filled = _cleaned(case, scope, current, posted, stored)
        if page and page.save and reading.was_overtaken(case, section, page):
            return Saved(case_view(case), current, stored, tuple(cleaned.problems))
        joined = _join(case, current, seen_revision, page, _by_field(cleaned.values, cleaned.typed))
        if not scope.everything:
            before = _by_field(current.values, current.typed)
            check_changes(draft, scope.pinned, before=before, after=joined.fields)
        values, typed = _apart(joined.fields)
        problems = tuple(one for one in cleaned.problems if one.path.partition(".")[0] not in joined.taken)
        unchanged = (values, typed) == (dict(current.values), dict(current.typed))
        if unchanged and not (page and page.overtakes):
            return Saved(case_view(case), current, stored, problems, joined.taken, filled)
        content = SectionContent(section, current.revision + 1, values, typed, clock.now())
        _write(case, content, actor, page)
    contents = {**stored, section: content}
    return Saved(case_view(case), content, contents, problems, joined.taken, filled)


def _cleaned(
    case: Case, scope: Scope, current: SectionContent, posted: Posted, stored: Mapping[str, SectionContent]
) -> tuple[forms.Cleaned, tuple[str, ...]]:
    """What was typed, cleaned, and which fields an identity number filled in; `NotFound` for no such section.

    In a correction what it does not open stands as it was.
    """
    section, spec = current.section, programmes.version(case.publication_id).programme
    if section not in {one.name for one in spec.sections}:
        raise NotFound
    known = {name: value for content in stored.values() for name, value in content.values.items()}
    if not scope.everything:
        drawn = forms.as_posted(spec, section, current.values, current.typed)
        posted = filled_up(scope, spec, section, posted, drawn)
    cleaned = forms.clean_section(spec, section, posted, known=known, today=clock.today())
    return cleaned, _fill_in(case, spec.section(section), cleaned, known) if scope.everything else ()


def delete_draft(case_id: UUID, *, actor: Actor) -> None:
    """Delete a draft that was never submitted: its documents and answers go, and with the key every copy."""
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.DELETE, lock=True)
        discard_materials(case, actor=actor)
        SectionRevision.objects.filter(case=case).delete()
        Case.objects.filter(id=case.id).update(deleted_at=clock.now(), data_key=b"")
        record(chain=case.id, event=DELETED, actor=actor, payload={})


def move_draft(case_id: UUID, *, actor: Actor) -> CaseView:
    """Move a draft to the version in force, as its applicant accepted; answers stay as they are."""
    with transaction.atomic():
        case = access_case(actor, case_id, Verb.DELETE, lock=True)
        newest = programmes.current(case.place, case.programme)
        if newest.id != case.publication_id:
            before = programmes.version(case.publication_id).number
            Case.objects.filter(id=case.id).update(
                publication_id=newest.id, state=newest.programme.workflow.initial
            )
            record(chain=case.id, event=MOVED, actor=actor, payload={"from": before, "to": newest.number})
            case.refresh_from_db()
    return case_view(case)


def _fill_in(
    case: Case, section: Section, cleaned: forms.Cleaned, known: Mapping[str, Any]
) -> tuple[str, ...]:
    """Answer what the section declares that an identity number tells; the paths that were filled."""
    facts = forms.with_context(known, today=clock.today(), variant=case.variant)
    return tuple(forms.fill_in(section, cleaned.values, typed=cleaned.typed, facts=facts))


def _join(
    case: Case, current: SectionContent, seen_revision: int, page: DrawnPage | None, mine: dict[str, Any]
) -> Merge:
    if seen_revision == current.revision:
        return Merge(mine, (), ())
    theirs = _by_field(current.values, current.typed)
    base = _last_known(case, current.section, seen_revision, {page.key} if page else set())
    joined = merge(base=base, theirs=theirs, mine=mine)
    conflicts = joined.conflicts
    if conflicts and page and page.before:  # what this page never saw but its window wrote gives way to it
        base = _last_known(case, current.section, seen_revision, page.own)
        conflicts = tuple(
            name for name in conflicts if name in merge(base=base, theirs=theirs, mine=mine).conflicts
        )
    if conflicts:
        raise EditedElsewhere(current, conflicts, joined.taken)
    return joined


def _last_known(case: Case, section: str, seen_revision: int, pages: Set[UUID]) -> dict[str, Any]:
    """What was last known to be stored: the revision that the page shows, and what `pages` changed since."""
    seen = reading.revision_of(case, section, seen_revision)
    known = before = _by_field(seen.values, seen.typed)
    for saved_by, content in reading.revisions_since(case, section, seen_revision):
        after = _by_field(content.values, content.typed)
        if saved_by in pages:
            known = carry(known, before=before, after=after)
        before = after
    return known


def _write(case: Case, content: SectionContent, actor: Actor, page: DrawnPage | None) -> None:
    revision = SectionRevision(
        case=case,
        section=content.section,
        revision=content.revision,
        sealed=seal_content(case, content),
        page=page.key if page else None,
        page_save=page.save if page else 0,
        saved_at=content.saved_at or clock.now(),
        saved_by=actor.id or case.account_id,
    )
    insert(revision)


def _by_field(values: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Under the name of each field its valid value, and the raw texts of its inputs that are not valid."""
    names = {*values, *(path.partition(".")[0] for path in typed)}
    return {
        name: (
            values.get(name),
            {path: raw for path, raw in typed.items() if path.partition(".")[0] == name},
        )
        for name in names
    }


def _apart(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The valid values and the raw texts out of `_by_field`."""
    values = {name: value for name, (value, _) in fields.items() if value is not None}
    typed = {path: text for _, raw in fields.values() for path, text in raw.items()}
    return values, typed
