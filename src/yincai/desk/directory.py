"""The reviewers' pages: requests about organisations, schools and majors, and rights to administer one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yincai.desk.ages import Age, age_of
from yincai.desk.pages import page, staff_of
from yincai.directory import actions
from yincai.directory import queries as directory
from yincai.directory.vocabulary import REVIEWER, WORKING_DAYS, Deed, NoSuchRecord, RecordView, RequestView
from yincai.documents import queries as documents
from yincai.foundation.errors import Invalid, NotFound
from yincai.foundation.identifiers import show_phone
from yincai.foundation.once import asked_once
from yincai.foundation.paging import key_from, key_text
from yincai.look.records import answers_of, deed_title, facts_of
from yincai.people import queries as people
from yincai.people.permissions import require_signed_in, staff_page
from yincai.programmes import queries as programmes
from yincai.programmes.vocabulary import Place


@staff_page()
@require_safe
@asked_once()
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits in a place, longest waiting first."""
    place = place_of(request)
    found, after = directory.waiting(
        staff_of(request), place.name, after=key_from(request.GET.get("after", ""))
    )
    return page(
        request,
        "directory_waiting.html",
        place=place,
        reviewed=reviewed(request),
        rows=[(one, deed_title(one), _age_of(one)) for one in found],
        after=key_text(after),
    )


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request beside its file; a POST approves or refuses it."""
    actor, problem, problem_at, revealed = staff_of(request), "", "", ""
    if request.POST.get("verdict") == "reveal":
        reason = " ".join(request.POST.get("reason", "").split())[:200]
        if reason:
            seen = directory.open_request(actor, request_id, what="answer:phone", stated=reason)
            revealed = show_phone(seen.values.get("phone", ""))
        else:
            problem, problem_at = "请写明查看完整电话的理由。", "reason"
    elif request.method == "POST":
        approve = request.POST.get("verdict") == "approve"
        try:
            made = actions.decide_request(
                request_id, actor=actor, approve=approve, opinion=request.POST.get("opinion", "")
            )
        except Invalid as error:
            problem = error.problems[0].message if error.problems else error.sentence
            problem_at = "opinion"
        else:
            messages.success(request, f"{made.number} 已办结：{'通过' if approve else '不通过'}。")
            return redirect(f"{reverse('desk:directory')}?place={made.place}")
    asked = directory.open_request(actor, request_id)
    spec = directory.declared(asked.place)
    files = documents.documents(asked.documents)
    return page(
        request,
        "directory_request.html",
        status=422 if problem else 200,
        asked=asked,
        title=deed_title(asked),
        age=_age_of(asked) if asked.is_pending else None,
        answers=answers_of(asked, spec),
        before=_before(asked),
        files=files,
        file_title=directory.file_label(asked.sort, asked.deed)[0],
        similar=directory.similar_to(asked.place, asked.sort, asked.name, asked.code)
        if asked.deed is Deed.ADD and asked.is_pending
        else None,
        is_own=asked.account == actor.id,
        requester=people.display_name(asked.account),
        problem=problem,
        problem_at=problem_at,
        revealed=revealed,
        opinion=request.POST.get("opinion", ""),
        place=programmes.place(asked.place),
    )


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
@asked_once()
def rights(request: HttpRequest) -> HttpResponse:
    """Who administers which organisation; a POST ends a right, with a reason."""
    place, problem, wrong = place_of(request), "", ""
    if request.method == "POST":
        wrong = request.POST.get("right", "")
        try:
            right = UUID(wrong)
            ended = actions.end_right(right, actor=staff_of(request), reason=request.POST.get("reason", ""))
        except ValueError as error:
            raise NotFound from error
        except Invalid as error:
            problem = error.problems[0].message
        else:
            messages.success(request, f"{ended.name}的一项管理员权限已取消。")
            return redirect(f"{reverse('desk:directory-rights')}?place={place.name}")
    found, after = directory.rights_of(
        staff_of(request), place.name, after=key_from(request.GET.get("after", ""))
    )
    return page(
        request,
        "directory_rights.html",
        status=422 if problem else 200,
        place=place,
        reviewed=reviewed(request),
        rows=found,
        names=people.display_names([one.account for one in found]),
        after=key_text(after),
        problem=problem,
        wrong=wrong,
    )


def place_of(request: HttpRequest) -> Place:
    """The place asked for, by default the first, where the officer reviews requests; `NotFound`."""
    asked = request.GET.get("place") or request.POST.get("place")
    found = next((one for one in reviewed(request) if asked in (None, "", one.name)), None)
    if found is None:
        raise NotFound
    return found


def reviewed(request: HttpRequest) -> list[Place]:
    """The places whose requests the officer reviews."""
    held = people.appointments(require_signed_in(request))
    return [programmes.place(name) for name in sorted({one.place for one in held if one.role == REVIEWER})]


def _age_of(asked: RequestView) -> Age:
    """Where a request stands in its working day now."""
    return age_of(asked.submitted_at, asked.due_at, WORKING_DAYS)


def _before(asked: RequestView) -> dict[str, str]:
    """What counts now of the record that a request would change, by label."""
    record = _record(asked)
    if record is None:
        return {}
    known = dict(facts_of(record, directory.declared(asked.place)))
    return {"单位名称": record.name, **known}


def _record(asked: RequestView) -> RecordView | None:
    if asked.record is None or asked.deed is not Deed.CHANGE or not asked.is_pending:
        return None
    try:
        return directory.record(asked.record)
    except NoSuchRecord:
        return None


def look_at_file(request: HttpRequest, request_id: UUID, document_id: UUID) -> None:
    """One look at a file, on record; `NotFound` for a file of something else."""
    found = directory.open_request(staff_of(request), request_id, what=f"document:{document_id}")
    if document_id not in found.documents:
        raise NotFound
