"""内容管理: the editors' pages of what a place publishes to be read."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yincai.desk.comparing import compare, words_of
from yincai.desk.pages import EXPIRED, page, staff_of, submission_key
from yincai.directory import actions
from yincai.directory import queries as directory
from yincai.directory.vocabulary import EDITOR, Edition, VersionView, WritingEvent
from yincai.engine.writings import Shelf
from yincai.foundation import clock
from yincai.foundation.days import day_in_words
from yincai.foundation.errors import Invalid, NotFound, SomeoneWasFirst
from yincai.foundation.once import asked_once
from yincai.foundation.paging import key_from, key_text
from yincai.look.posted import whole_number
from yincai.look.visited import enter
from yincai.people import queries as people
from yincai.people.permissions import require_signed_in, staff_page
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place

E = TypeVar("E", bound=StrEnum)
LISTED = (Edition.DRAFT, Edition.SUBMITTED, Edition.PUBLISHED, Edition.WITHDRAWN)
LONGEST_QUERY = 60
MOST_LEAVES = 1000
TOLD = {
    WritingEvent.DRAFTED: "新建草稿",
    WritingEvent.CHANGED: "修改草稿",
    WritingEvent.SUBMITTED: "提交发布",
    WritingEvent.RETURNED: "退回修改",
    WritingEvent.PUBLISHED: "发布",
    WritingEvent.WITHDRAWN: "撤下",
    WritingEvent.DISCARDED: "不采用",
}
DONE = {
    Edition.DRAFT: "已退回，成为草稿。",
    Edition.SUBMITTED: "已提交，等另一位内容编辑发布。",
    Edition.PUBLISHED: "已发布。",
    Edition.WITHDRAWN: "已撤下，居民看不到了。",
}


@staff_page()
@require_safe
@asked_once()
def listing(request: HttpRequest) -> HttpResponse:
    """What a place publishes, by standing and shelf, found by words; the last changed first."""
    place = place_of(request)
    edition = _member(Edition, request.GET.get("edition")) or Edition.PUBLISHED
    if edition not in LISTED:
        raise NotFound
    shelf = _member(Shelf, request.GET.get("shelf"))
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    rows, after = directory.editions(
        staff_of(request),
        place.name,
        edition,
        shelf=shelf,
        query=query,
        after=key_from(request.GET.get("after", "")),
    )
    return page(
        request,
        "content.html",
        place=place,
        edited=edited(request),
        editions=LISTED,
        edition=edition,
        counts=directory.open_counts(place.name),
        shelves=list(Shelf),
        shelf=shelf,
        query=query,
        rows=rows,
        names=people.display_names([one.author for one in rows]),
        after=key_text(after),
    )


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def write(request: HttpRequest) -> HttpResponse:
    """A new notice, policy, guide or answer."""
    place = place_of(request)
    if request.method != "POST":
        shelf = _member(Shelf, request.GET.get("shelf"))
        return _form(request, place, None, typed={**words_of(None), "shelf": shelf.value if shelf else ""})
    try:
        made = actions.write_writing(
            place.name, actor=staff_of(request), typed=request.POST.dict(), key=submission_key(request)
        )
    except Invalid as error:
        return _form(request, place, None, typed=request.POST.dict(), problems=_problems(error), status=422)
    messages.success(request, "草稿已保存。核对后提交，由另一位内容编辑发布。")
    return redirect("desk:content-version", made.id)


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def change(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Other words for a draft, or a next version of what is published; what is shown stays."""
    actor = staff_of(request)
    found = directory.edition(actor, version_id)
    place = programmes.place(found.place)
    begun = None if found.is_open else directory.open_version_of_writing(found.place, found.name)
    if request.method != "POST":
        is_fixed = found.is_replaced or found.edition in (Edition.SUBMITTED, Edition.DISCARDED)
        if begun is not None or is_fixed:
            return redirect("desk:content-version", (begun or found).id)
        return _form(request, place, found, typed=words_of(found))
    typed = request.POST.dict()
    keep = actions.save_draft if found.is_open else actions.change_writing
    try:
        made = keep(version_id, actor=actor, typed=typed, sheet=_sheet(request))
    except Invalid as error:
        return _form(request, place, found, typed=typed, problems=_problems(error), status=422)
    except SomeoneWasFirst as error:
        return _overtaken(request, place, version_id, error)
    messages.success(request, f"第 {made.version} 版草稿已保存。核对后提交，由另一位内容编辑发布。")
    return redirect("desk:content-version", made.id)


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version beside what it changes; a POST submits, sends back, publishes, withdraws or gives up."""
    problems: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            return _act(request, version_id)
        except Invalid as error:
            problems, status = _problems(error), 422
        except SomeoneWasFirst as error:
            problems, status = {"": error.sentence}, 409
    actor = staff_of(request)
    found = directory.edition(actor, version_id)
    force = directory.version_in_force(found.place, found.name)
    before = whole_number(request.GET.get("before", "")) or 0
    versions, older = directory.versions_of(actor, found.place, found.name, before=before)
    leaf = min(whole_number(request.GET.get("deeds", "")) or 1, MOST_LEAVES)
    deeds, older_deeds = directory.deeds_of(found.place, found.name, page=max(leaf, 1))
    standing = directory.standing_versions(found.place, found.name)
    earlier = [one for one in standing if one.begins <= found.begins and one.id != found.id]
    others = [one.author for one in versions] + [one.actor.id for one in deeds]
    return page(
        request,
        "content_version.html",
        status=status,
        place=programmes.place(found.place),
        found=found,
        writing=found.as_read(),
        force=force,
        changes=compare(words_of(force), words_of(found)) if force and force.id != found.id else None,
        begun=directory.open_version_of_writing(found.place, found.name),
        versions=versions,
        older=older,
        deeds=deeds,
        older_deeds=older_deeds,
        before=earlier[-1] if earlier else None,
        following=[one for one in standing if one.begins > found.begins],
        told=TOLD,
        names=people.display_names([*others, found.published_by]),
        is_own=actor.id in found.written_by,
        problems=problems,
        overtaken=status == 409,
        reason=request.POST.get("reason", ""),
        act=request.POST.get("act", ""),
        key=uuid4(),
    )


@staff_page()
@require_safe
@asked_once()
def preview(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version as residents would read it."""
    found = directory.edition(staff_of(request), version_id)
    place = programmes.place(found.place)
    enter(request, place.name)
    return page(request, "content_preview.html", place=place, found=found, writing=found.as_read())


def place_of(request: HttpRequest) -> Place:
    """The place asked for, by default the first, where the officer is an editor; `NotFound`."""
    asked = request.POST.get("place") or request.GET.get("place")
    found = next((one for one in edited(request) if asked in (None, "", one.name)), None)
    if found is None:
        raise NotFound
    return found


def edited(request: HttpRequest) -> list[Place]:
    """The places whose writings the officer edits."""
    held = people.appointments(require_signed_in(request))
    return [programmes.place(name) for name in sorted({one.place for one in held if one.role == EDITOR})]


def _done(act: str, made: VersionView) -> str:
    """What became of a version, as the result says it."""
    if made.edition is Edition.DISCARDED:
        return "草稿已放弃，记录里仍可查看。" if act == "discard" else "没有采用，记录里仍可查看。"
    if made.is_coming:
        return f"已发布，从 {day_in_words(made.begins)}起显示。"
    if made.edition is Edition.WITHDRAWN and made.since and made.since > clock.today():
        return "已撤下，到时不显示。"
    return DONE[made.edition]


def _act(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Do what the button says, then on to the page that shows what became of it."""
    actor, sheet, act = staff_of(request), _sheet(request), request.POST.get("act", "")
    reason = request.POST.get("reason", "")
    if act == "submit":
        made = actions.submit_draft(version_id, actor=actor, sheet=sheet)
    elif act == "back":
        made = actions.send_back(version_id, actor=actor, sheet=sheet, reason=reason)
    elif act == "discard":
        made = actions.discard_draft(version_id, actor=actor, sheet=sheet)
    elif act == "publish":
        made = actions.publish_version(version_id, actor=actor, sheet=sheet, against=_against(request))
    elif act == "withdraw":
        made = actions.withdraw_version(
            version_id, actor=actor, sheet=sheet, against=_against(request), reason=reason
        )
    else:
        raise NotFound
    messages.success(request, f"「{made.title}」第 {made.version} 版：{_done(act, made)}")
    if act in ("back", "withdraw"):
        return redirect("desk:content-version", made.id)
    shown = Edition.DRAFT if made.edition is Edition.DISCARDED else made.edition
    return redirect(f"{reverse('desk:content')}?place={made.place}&edition={shown}")


def _overtaken(request: HttpRequest, place: Place, version_id: UUID, error: SomeoneWasFirst) -> HttpResponse:
    """Somebody saved first: what was typed stays, beside what it would change of theirs.

    The form leads to their version from here on, so that saving again is done knowingly.
    """
    found = directory.edition(staff_of(request), version_id)
    theirs = (
        directory.open_version_of_writing(found.place, found.name)
        or directory.version_in_force(found.place, found.name)
        or found
    )
    typed = request.POST.dict()
    problems = {"": error.sentence}
    return _form(request, place, theirs, typed=typed, problems=problems, status=409, overtaken=True)


def _form(
    request: HttpRequest,
    place: Place,
    found: VersionView | None,
    *,
    typed: dict[str, str],
    problems: dict[str, str] | None = None,
    status: int = 200,
    overtaken: bool = False,
) -> HttpResponse:
    seen = found.changes if found else 0
    if request.method == "POST" and not overtaken:
        seen = whole_number(request.POST.get("_seen", "")) or 0
    return page(
        request,
        "content_form.html",
        status=status,
        place=place,
        edited=edited(request),
        found=found,
        typed={**words_of(None), **typed},
        seen=seen,
        shelves=list(Shelf),
        problems=problems or {},
        theirs=compare(words_of(found), typed) if overtaken else None,
        author=people.display_name(found.author) if overtaken and found and found.author else "",
        key=uuid4() if overtaken else request.POST.get("_key") or uuid4(),
    )


def _sheet(request: HttpRequest) -> actions.Sheet:
    seen = whole_number(request.POST.get("_seen", ""))
    if seen is None:
        raise Invalid(EXPIRED)
    return actions.Sheet(seen, submission_key(request))


def _against(request: HttpRequest) -> int:
    against = whole_number(request.POST.get("against", ""))
    if against is None:
        raise Invalid(EXPIRED)
    return against


def _problems(error: Invalid) -> dict[str, str]:
    return {one.path: one.message for one in error.problems} or {"": error.sentence}


def _member(kind: type[E], value: str | None) -> E | None:
    """The member that an address names; None for what is none."""
    return next((one for one in kind if one.value == value), None)
