"""One case at the officers' door: its documents beside its data, and the steps that may be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yincai.cards import actions as card_actions
from yincai.cards import queries as cards
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import CaseView, MaterialView, StepView, label_of
from yincai.desk import correcting
from yincai.desk.handing import handing_of, next_of, with_list
from yincai.desk.pages import more_reading, page, seen_changes, staff_of, submission_key
from yincai.desk.standing import standing_beside
from yincai.documents.vocabulary import DocumentView
from yincai.engine import workflow
from yincai.engine.spec import Programme
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.errors import Invalid, NotFound
from yincai.foundation.once import asked_once
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor
from yincai.look.answers import answer_sections, maskable
from yincai.look.difference import shown
from yincai.look.files import card_file
from yincai.look.posted import whole_number
from yincai.messages import queries as receipts
from yincai.people import queries as people
from yincai.people.permissions import staff_page
from yincai.people.vocabulary import ReadingLimitReached
from yincai.programmes import queries as programmes

LONGEST_REASON = 200
FOLLOW_UPS = {
    "cards.order_for_case": "制作电子卡",
    "cards.seal": "加盖电子印章",
    "casework.end_with_card": "办结",
    "casework.go_back_without_card": "转到重新制卡",
    "messages.tell_applicant": "通知申请人",
}
"""What a follow-up that the system does by itself is called, when it has stopped."""


@staff_page()
@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: documents beside data, history below, the possible steps as buttons."""
    return _draw(request, case_id)


@asked_once()
def _draw(
    request: HttpRequest,
    case_id: UUID,
    *,
    status: int = 200,
    problems: dict[str, list[str]] | None = None,
    typed: Mapping[str, str] | None = None,
    revealed: str = "",
    purpose: str = cases.HANDLING,
    refusal: Invalid | None = None,
) -> HttpResponse:
    """The page of a case, masked but for the answer `revealed`; the look is recorded first."""
    actor = staff_of(request)
    what = f"answer:{revealed}" if revealed else "case"
    asked_for = whole_number(request.GET.get("round", ""))
    try:
        dossier = cases.look_at_case(actor, case_id, what=what, purpose=purpose, round_number=asked_for)
    except ReadingLimitReached:
        return redirect(more_reading(request, reverse("desk:case", args=[case_id])))
    found, possible = dossier.case, cases.possible(actor, case_id)
    is_newest = dossier.round_number == found.round_number
    return page(
        request,
        "case.html",
        status=status,
        case=found,
        answers=answer_sections(found.spec, dossier.submitted_facts, masked=True, revealed=revealed),
        beside=standing_beside(found.spec, dossier.submitted_facts),
        revealed=revealed,
        forgotten=dossier.is_forgotten,
        possible=possible,
        keys={way.name: uuid4() for way in possible},
        pins=correcting.pin_form(request, dossier, possible, refusal) if is_newest else None,
        problems=problems or {},
        typed=typed or {},
        makes_card=any(workflow.Effect.ORDER_CARD in way.effects for way in possible),
        **_papers_of(dossier),
        **_rounds_of(actor, dossier),
        **_course_of(actor, found),
        **handing_of(request, actor, found),
    )


def _papers_of(dossier: cases.Dossier) -> dict[str, Any]:
    """The documents of a case, its form, receipts and card, and what its card cannot print."""
    case = dossier.case
    return {
        "files": _files_in_order(dossier),
        "titles": {one.name: one.material.title for one in dossier.slots},
        "card": cards.card_that_counts(case.id),
        "has_form": bool(case.spec.papers.form),
        "sealed": [one for one in cards.receipts_of_case(case.id) if one.downloadable],
        "gaps": cards.gaps(case.spec, dossier.submitted_facts),
        "substitutes": cards.substitutes_of(case.id),
    }


def _rounds_of(actor: Actor, dossier: cases.Dossier) -> dict[str, Any]:
    """The submissions of a case: which one is shown, what it changed, and what was asked for."""
    case_id, number = dossier.case.id, dossier.round_number
    change = cases.difference(actor, case_id, round_number=number)
    return {
        "rounds": cases.rounds(actor, case_id),
        "round_shown": number,
        "changed_in": label_of(number),
        "changes": shown(change.fields, change.slots, masked=True) if change else None,
        "corrections": cases.corrections(actor, case_id),
    }


def _course_of(actor: Actor, case: CaseView) -> dict[str, Any]:
    """What happened to a case, who holds it, what its applicant was told, and what has stopped."""
    now, steps = clock.now(), cases.steps(actor, case.id)
    return {
        "steps": steps,
        "mine": case.is_claimed_by(actor.id, at=now),
        "taken": case.claimed_until is not None and case.claimed_until > now,
        "holder": people.display_name(case.claimed_by_id) if case.claimed_by_id else "",
        "roles": {one.name: one.title for one in programmes.place(case.place).roles},
        "stopped": [FOLLOW_UPS.get(name, "后续办理") for name in ledger.given_up(case.id)],
        "told": receipts.deliveries_of_case(case.id),
        "told_titles": _event_titles(case.spec, steps),
        "due_warning": _due_warning(case.due_at),
        "now": now,
    }


@staff_page()
@require_POST
def reveal(request: HttpRequest, case_id: UUID, name: str) -> HttpResponse:
    """The page once with the whole of one masked answer, for a reason that the applicant will read."""
    if name not in maskable(cases.case_for(staff_of(request), case_id).spec):
        raise NotFound
    reason = request.POST.get("reason", "").replace("\0", "").strip()
    try:
        if not 0 < len(reason) <= LONGEST_REASON:
            raise Invalid(f"请写明查看完整内容的理由（{LONGEST_REASON} 字以内），申请人会看到。")
        return _draw(request, case_id, revealed=name, purpose=reason)
    except Invalid as error:
        problems = {f"answer-{name}": [error.sentence]}
        return _draw(request, case_id, status=422, problems=problems, typed={"reason": reason})


@staff_page()
@require_http_methods(["POST"])
def step(request: HttpRequest, case_id: UUID, name: str) -> HttpResponse:
    """Take one step, then show the next case of the officer's list, or the list at its end.

    What is lacking comes back beside its field with everything typed still there.
    """
    seen = seen_changes(request)
    words = {need.value: request.POST.get(need.value, "") for need in workflow.WORDS}
    following = next_of(request, case_id)
    try:
        taken = actions.take_transition(
            case_id,
            actor=staff_of(request),
            name=name,
            key=submission_key(request),
            seen_changes=seen,
            words=words,
            items=correcting.items_of(request),
        )
    except Invalid as error:
        sentences = [one.message for one in error.problems] or [error.sentence]
        return _draw(request, case_id, status=422, problems={name: sentences}, typed=words, refusal=error)
    titles = {way.name: way.title for way in taken.spec.workflow.transitions}
    told = f"{taken.reference} 已办理：{titles[name]}。现在的环节是「{taken.current_state.title}」。"
    messages.success(request, told, extra_tags=str(taken.id))
    if taken.spec.workflow.transition(name).stays:
        return redirect(with_list("desk:case", request, taken.id))
    return redirect(
        with_list("desk:case", request, following) if following else with_list("desk:queue", request)
    )


@staff_page()
@require_POST
def assign(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """分派 to a colleague, or back to everybody; what is lacking comes back beside its field."""
    chosen, seen = request.POST.get("to", ""), seen_changes(request)
    try:
        to = _colleague(chosen)
        reason = request.POST.get("reason", "")
        case = actions.assign_case(
            case_id,
            actor=staff_of(request),
            to=to,
            reason=reason,
            seen_changes=seen,
            key=submission_key(request),
            seen_holder=_colleague(request.POST.get("_holder", "")),
        )
    except Invalid as error:
        typed = {"reason": request.POST.get("reason", ""), "to": chosen}
        return _draw(request, case_id, status=422, problems={"assign": [error.sentence]}, typed=typed)
    whom = f"已分派给 {people.display_name(to)}" if to else "已退回待领取"
    messages.success(request, f"{case.reference} {whom}。")
    return redirect(with_list("desk:queue", request))


def _colleague(chosen: str) -> UUID | None:
    try:
        return UUID(chosen) if chosen else None
    except ValueError as error:
        raise Invalid("没有这位同事，分派没有办成。请重新选择。") from error


@staff_page()
@require_POST
def substitutes(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Settle what the card prints for characters that no font has."""
    characters, texts = request.POST.getlist("character"), request.POST.getlist("substitute")
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        card_actions.declare_substitutes(
            case_id,
            actor=staff_of(request),
            substitutes=dict(zip(characters, texts, strict=False)),
            reason=reason,
        )
    except Invalid as error:
        sentences = [one.message for one in error.problems] or [error.sentence]
        typed = dict(zip(characters, texts, strict=False)) | {"reason": reason}
        return _draw(request, case_id, status=422, problems={"substitutes": sentences}, typed=typed)
    messages.success(request, "代用字已登记，现在可以制卡。申请人会看到印法。")
    return redirect("desk:case", case_id)


@staff_page()
@require_safe
def card(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The sealed card, for printing at the window."""
    cases.case_for(staff_of(request), case_id)
    issued = cards.card_that_counts(case_id)
    if issued is None or not issued.downloadable:
        raise NotFound("这张卡还没有制作完成。")
    cases.look_at_case(staff_of(request), case_id, what="card")
    return card_file(issued)


def _files_in_order(dossier: cases.Dossier) -> list[tuple[MaterialView, DocumentView]]:
    """The documents of a case in the order of the table of materials, those of a slot as they came."""
    order = {one.name: number for number, one in enumerate(dossier.slots)}
    files = sorted(dossier.materials, key=lambda one: order.get(one.slot, len(order)))
    return [(one, dossier.documents[one.document_id]) for one in files]


def _due_warning(due_at: datetime | None) -> str | None:
    """A sentence when the last day of a limit lies in a year whose holidays are not published."""
    if due_at is None:
        return None
    last_day = clock.day_of(
        due_at - timedelta(seconds=1)
    )  # a limit ends with the midnight after its last day
    return load_calendar().warning_for(last_day)


def _event_titles(spec: Programme, steps: Sequence[StepView]) -> dict[str, str]:
    """What people were told of, by event: the title of the step that announces it (of several the one taken),
    else the heading of the message."""
    taken = {one.transition for one in steps}
    ways = sorted(spec.workflow.transitions, key=lambda way: way.name in taken)
    headings = {one.event: one.inbox_title.text for one in spec.messages if one.inbox_title}
    return headings | {way.event: way.title for way in ways if way.event}
